"""From abnormal return to profit.

How much was gone before one could trade, and what took the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.study import EventStudy, MarketModel, Window
from events.arguments import one_of
from strategies.asking.given import check_market
from strategies.evaluate.evaluate import Evaluation

RUN_UP = Window(-5, -1)
LONGEST = 260  # sessions from the event to an exit that are still followed
STEPS = (
    "run_up",
    "announced",
    "gap",
    "left",
    "market",
    "commission",
    "slippage",
    "borrow",
    "excess_return",
)


@dataclass(frozen=True, eq=False, repr=False)
class Bridge:
    """One row a completed bet in `table`, fractions of the money in it.

    A short counts its abnormal return reversed. `run_up` is the abnormal return of the five
    sessions before the news, `announced` that from the close before day 0 to the exit; `gap` is the
    part of it before the entry price, `left` the rest: announced = gap + left. `market` is what the
    position earned beyond `left` less the benchmark or plus the hedge: the model's normal return
    was not the benchmark's, and returns compound. Then excess_return = left + market + commission +
    slippage + borrow, the last three negative.
    """

    table: pd.DataFrame

    @property
    def average(self) -> pd.DataFrame:
        """The mean of every step over the bets: what a waterfall shows.

        Columns step, mean, n_bets.
        """
        known = self.table.dropna(subset=list(STEPS[1:]))
        rows = [
            (step, float(known[step].mean()) if len(known) else float("nan"), len(known))
            for step in STEPS
        ]
        return pd.DataFrame(rows, columns=["step", "mean", "n_bets"])

    def __repr__(self) -> str:
        mean = self.average.set_index("step")["mean"]
        return (
            f"<Bridge over {len(self.table)} bets: announced {mean['announced']:+.2%}, "
            f"of which {mean['gap']:+.2%} before the entry, "
            f"{mean['left']:+.2%} left, {mean['excess_return']:+.2%} kept>"
        )


def bridge(
    evaluation: Evaluation, events: pd.DataFrame, prices: Prices, model: MarketModel | None = None
) -> Bridge:
    """Split the abnormal return of every completed bet.

    The overnight part of an entry's session is beta-adjusted. NaN where an abnormal return, or an
    open of the benchmark, is missing.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled().filter(tickers=["META"]), prices)
    >>> found = bridge(rx.evaluate(rx.STRATEGIES["drift"](), placed, prices), placed, prices)
    >>> found.average["step"].tolist()[:3]
    ['run_up', 'announced', 'gap']
    """
    one_of("evaluation", evaluation, (Evaluation,), "rx.evaluate(...)")
    check_market(events, prices)
    one_of("model", model, (MarketModel, type(None)), "rx.MarketModel('SPY')")
    model = model or MarketModel(evaluation.benchmark)
    trades = evaluation.trades
    closed = trades.groupby(["event_id", "bet"])["status"].transform(lambda s: (s != "open").all())
    if len(trades):
        trades = trades[closed.astype(bool)]
    study = _Study.of(trades, events, prices, model)
    rows = [_row(legs, study) for _, legs in trades.groupby(["event_id", "bet"], sort=False)]
    table = pd.DataFrame(rows, columns=["event_id", "bet", *STEPS])
    return Bridge(table.astype(dict.fromkeys(STEPS, np.float64)))


@dataclass(frozen=True)
class _Study:
    """Abnormal returns by event and day, betas, and overnight returns to open by session."""

    abnormal: Mapping[tuple[str, str], Mapping[int, float]]
    beta: Mapping[tuple[str, str], float]
    day0: Mapping[str, int]
    overnight: pd.DataFrame
    benchmark: str

    @classmethod
    def of(
        cls, trades: pd.DataFrame, events: pd.DataFrame, prices: Prices, model: MarketModel
    ) -> _Study:
        numbers = pd.Series(
            prices.sessions.get_indexer(pd.DatetimeIndex(events["event_session"])),
            index=events.index,
        )
        placed = events[(numbers >= 0) & events["ticker"].isin(prices.tickers)]
        day0 = {
            str(event_id): int(number)
            for event_id, number in zip(placed["event_id"], numbers[placed.index], strict=True)
        }
        overnight = prices.adjusted_open() / prices.adjusted.shift(1) - 1
        if placed.empty:
            return cls({}, {}, day0, overnight, model.benchmark)
        exits = prices.sessions.get_indexer(pd.DatetimeIndex(trades["exit_session"]))
        held = [
            leave - day0[event_id]
            for leave, event_id in zip(exits, trades["event_id"], strict=True)
        ]
        horizon = Window(-5, min(max([0, *map(int, held)]), LONGEST))
        result = EventStudy(model, windows={"run-up": RUN_UP}, horizon=horizon).fit(placed, prices)
        rows = result.abnormal[["event_id", "ticker", "day", "abnormal"]].itertuples(index=False)
        abnormal: dict[tuple[str, str], dict[int, float]] = {}
        for event_id, ticker, day, value in rows:
            abnormal.setdefault((event_id, ticker), {})[int(day)] = float(value)
        betas = result.estimates[["event_id", "ticker", "beta"]].itertuples(index=False)
        return cls(
            abnormal, {(e, t): float(b) for e, t, b in betas}, day0, overnight, model.benchmark
        )

    def split(self, trade: Any) -> tuple[float, float, float]:
        """Run-up, announced and gap of one position, in the direction of the bet."""
        key, sign = (trade.event_id, trade.ticker), float(np.sign(trade.shares))
        if key not in self.abnormal:
            return (float("nan"),) * 3
        entry, leave = (
            self._day(trade.event_id, session)
            for session in (trade.entry_session, trade.exit_session)
        )
        leave -= (
            trade.exit_at == "open"
        )  # sold at an open: the session before is the last one held to its close
        announced = self._sum(key, 0, leave)
        gap = self._sum(key, 0, entry - (trade.entry_at == "open"))
        if trade.exit_at == "open":
            announced += self._before_open(key, trade.exit_session)
        if trade.entry_at == "open":
            gap += self._before_open(key, trade.entry_session)
        return sign * self._sum(key, -5, -1), sign * announced, sign * gap

    def _day(self, event_id: str, session: pd.Timestamp) -> int:
        return int(self.overnight.index.searchsorted(session)) - self.day0[event_id]

    def _sum(self, key: tuple[str, str], first: int, last: int) -> float:
        own = self.abnormal[key]
        return sum(own.get(day, float("nan")) for day in range(first, last + 1))

    def _before_open(self, key: tuple[str, str], session: pd.Timestamp) -> float:
        night = self.overnight.loc[session, [key[1], self.benchmark]].to_numpy(dtype=np.float64)
        return float(night[0] - self.beta[key] * night[1])


def _row(legs: pd.DataFrame, study: _Study) -> tuple[object, ...]:
    hedge = legs["hedge"].to_numpy(dtype=bool)
    main = legs
    if not hedge.all():
        main = legs[~hedge]
    value = float(main["entry_value"].sum())
    weight = main["entry_value"].to_numpy(dtype=np.float64) / value
    run_up, announced, gap = weight @ np.array([study.split(trade) for trade in main.itertuples()])
    sign = np.sign(main["shares"].to_numpy(dtype=np.float64))
    against = -float(weight @ (sign * main["benchmark_return"].to_numpy(dtype=np.float64)))
    if hedge.any():
        against = float(legs.loc[hedge, "gross_pnl"].sum()) / value
    left = announced - gap
    gross = float(main["gross_pnl"].sum()) / value
    paid = [-float(legs[name].sum()) / value for name in ("commission", "slippage", "borrow")]
    head = (str(legs["event_id"].iloc[0]), str(legs["bet"].iloc[0]))
    return (
        *head,
        run_up,
        announced,
        gap,
        left,
        gross - left + against,
        *paid,
        gross + against + sum(paid),
    )
