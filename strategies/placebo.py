"""Placebo significance: the same strategy on news that never came, to see how good luck alone looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices import Prices
from backtest.trading import Costs
from backtest.trading.bars import Bars
from backtest.trading.unlimited import excess_returns
from events.errors import ReactionsError
from strategies.base import Strategy
from strategies.errors import StrategyError

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kind = Literal["joint_shift", "random_dates"]
FIRST_SHIFT = 25  # sessions; nearer ones would still hold part of the real reaction
SHIFTS = 250
AROUND = 5  # sessions around real events that random dates keep away from
_CLOCKS = ("event_session", "tradable_open")


@dataclass(frozen=True, eq=False, repr=False)
class Placebo:
    """The real mean excess return a bet, and its place among those of placebos.

    `draws` has columns draw (sessions earlier, or a number), n_trades and mean_excess. `kind` is
    joint_shift: the whole catalog moved together, bursts and overlaps kept; or random_dates: each
    announcement moved on its own to a session away from real events of its tickers.
    """

    kind: Kind
    actual: float
    n_trades: int
    draws: pd.DataFrame

    @property
    def p_two(self) -> float:
        """Share of draws, the real one counted, at least as far from the mean of the draws."""
        centre = self._means.mean() if len(self.draws) else 0.0
        return self._share(np.abs(self._means - centre) >= abs(self.actual - centre))

    @property
    def p_upper(self) -> float:
        """Share of draws, the real one counted, at least as high."""
        return self._share(self._means >= self.actual)

    @property
    def place(self) -> float:
        """Share of draws below the real one: 0.5 is the middle, 1 above them all."""
        return float((self._means < self.actual).mean()) if len(self.draws) else float("nan")

    @property
    def _means(self) -> NDArray[np.float64]:
        return self.draws["mean_excess"].to_numpy(dtype=np.float64)

    def _share(self, as_far: Bools) -> float:
        if not len(self.draws) or not np.isfinite(self.actual):
            return float("nan")
        return float((1 + as_far.sum()) / (len(self.draws) + 1))

    def __repr__(self) -> str:
        return (
            f"<Placebo {self.kind}: {self.actual:+.2%} over {self.n_trades} trades, placebo mean "
            f"{self.draws['mean_excess'].mean():+.2%} over {len(self.draws)} draws; p = {self.p_two:.3f}>"
        )


def joint_shifts(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    shifts: Iterable[int] = range(FIRST_SHIFT, FIRST_SHIFT + SHIFTS),
) -> Placebo:
    """Move the whole catalog back by each number of sessions and trade it.

    A shift counts when half of the events still fall on sessions with prices of their tickers and
    at least one bet is made. Strategies must go by the sessions of the events, not by
    `announced_at`, which stays.
    """
    clock = _Positions.of(events, prices.sessions)
    draws = ((shift, np.full(len(clock.frame), -shift)) for shift in shifts)
    return _placebo("joint_shift", strategy, clock, draws, prices, costs, benchmark)


def random_dates(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    n_draws: int = 200,
    seed: int = 0,
) -> Placebo:
    """Move each announcement to a random session on which its tickers have prices, 5 sessions away from real events."""
    clock = _Positions.of(events, prices.sessions)
    free = _free_sessions(clock, prices)
    draws = (
        (i, _random_moves(clock, free, np.random.default_rng([seed, i]))) for i in range(n_draws)
    )
    return _placebo("random_dates", strategy, clock, draws, prices, costs, benchmark)


@dataclass(frozen=True)
class _Positions:
    """Events that have a place in the panel, and the session numbers of their two clocks, (n_events, 2)."""

    frame: pd.DataFrame
    sessions: pd.DatetimeIndex
    numbers: Ints

    @classmethod
    def of(cls, events: pd.DataFrame, sessions: pd.DatetimeIndex) -> _Positions:
        numbers: Ints = np.column_stack(
            [sessions.get_indexer(pd.DatetimeIndex(events[clock])) for clock in _CLOCKS]
        )
        there = np.asarray((numbers >= 0).all(axis=1))
        plain = events.astype(
            dict.fromkeys(events.select_dtypes("str"), object)
        )  # read row by row, many times
        return cls(_kept(plain, there), sessions, numbers[there].astype(np.int64))

    def moved(self, by: Ints) -> pd.DataFrame:
        """The events moved by so many sessions; those moved out of the panel are left out."""
        numbers = self.numbers + by[:, None]
        there = np.asarray(((numbers >= 0) & (numbers < len(self.sessions))).all(axis=1))
        dates = {clock: self.sessions[numbers[there, i]] for i, clock in enumerate(_CLOCKS)}
        return _kept(self.frame, there).assign(**dates)


def _kept(frame: pd.DataFrame, there: Bools) -> pd.DataFrame:
    return frame.iloc[np.flatnonzero(there)].reset_index(drop=True)


def _placebo(
    kind: Kind,
    strategy: Strategy,
    clock: _Positions,
    draws: Iterator[tuple[int, Ints]],
    prices: Prices,
    costs: Costs | None,
    benchmark: str,
) -> Placebo:
    bars = Bars.of(prices)
    priced = np.isfinite(bars.price[1::2])
    column = pd.Index(bars.tickers).get_indexer(pd.Index(clock.frame["ticker"])).astype(np.int64)
    enough = _n_priced(clock.numbers[:, 0], column, priced) / 2
    trade = _trader(strategy, prices, bars, costs or Costs(), benchmark)
    actual = trade(clock.frame)
    rows = []
    for number, by in draws:
        some = _n_priced(clock.numbers[:, 0] + by, column, priced) >= enough
        excess = trade(clock.moved(by)) if some else np.array([])
        if len(excess):
            rows.append((number, len(excess), float(excess.mean())))
    table = pd.DataFrame(rows, columns=["draw", "n_trades", "mean_excess"])
    return Placebo(kind, float(actual.mean()) if len(actual) else float("nan"), len(actual), table)


def _n_priced(session: Ints, column: Ints, priced: Bools) -> int:
    """How many events, by the numbers of their sessions and tickers, fall on a price."""
    inside = (session >= 0) & (session < len(priced)) & (column >= 0)
    return int(priced[session[inside], column[inside]].sum())


def _trader(
    strategy: Strategy, prices: Prices, bars: Bars, costs: Costs, benchmark: str
) -> Callable[[pd.DataFrame], NDArray[np.float64]]:
    def trade(frame: pd.DataFrame) -> NDArray[np.float64]:
        try:
            # a copy: a strategy that changes its events must not change the next placebo's
            orders = strategy.orders(frame.copy(), prices)
        except ReactionsError:
            raise
        except Exception as error:  # a stranger's code on dates it did not expect
            raise StrategyError(
                f"strategy {strategy.name} failed on placebo dates: {error}"
            ) from error
        return excess_returns(orders, bars, costs, benchmark)

    return trade


def _free_sessions(clock: _Positions, prices: Prices) -> dict[str, Ints]:
    """By announcement: the sessions its tickers share that are away from their real events."""
    there = np.isfinite(prices.adjusted.to_numpy(dtype=np.float64))
    column = {ticker: i for i, ticker in enumerate(prices.tickers)}
    busy = np.zeros_like(there)
    for ticker, number in zip(clock.frame["ticker"], clock.numbers[:, 0], strict=True):
        if ticker in column:
            busy[max(number - AROUND, 0) : number + AROUND + 1, column[ticker]] = True
    free = there & ~busy
    known = clock.frame[clock.frame["ticker"].isin(prices.tickers)]
    return {
        str(event_id): np.flatnonzero(free[:, [column[ticker] for ticker in tickers]].all(axis=1))
        for event_id, tickers in known.groupby("event_id")["ticker"]
    }


def _random_moves(clock: _Positions, free: dict[str, Ints], random: np.random.Generator) -> Ints:
    """Sessions to move each event by, the same for all parties of an announcement; out of the panel if none is free."""
    target = {
        event_id: int(random.choice(sessions))
        for event_id, sessions in free.items()
        if len(sessions)
    }
    nowhere = -2 * len(clock.sessions)
    first = dict(zip(clock.frame["event_id"], clock.numbers[:, 0], strict=True))
    return np.array(
        [target.get(e, nowhere) - first[e] for e in clock.frame["event_id"]], dtype=np.int64
    )
