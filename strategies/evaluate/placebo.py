"""Placebo significance.

The same strategy on news that never came, to see how good luck alone looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Order
from backtest.trading.bars import Bars
from backtest.trading.unlimited import named_excess
from events.arguments import listed, whole
from events.errors import ReactionsError
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.evaluate.moved import AROUND, Bools, Fair, Floats, Ints, Names, Positions, n_priced
from strategies.given import check_market, check_strategy

Kind = Literal["joint_shift", "matched_shift", "random_dates"]
FIRST_SHIFT = 25  # sessions; nearer ones would still hold part of the real reaction
SHIFTS = 250


@dataclass(frozen=True, eq=False, repr=False)
class Placebo:
    """The real mean excess return a bet, and its place among those of placebos.

    `draws` has columns draw (sessions earlier, or a number), n_trades and mean_excess. `kind` is
    joint_shift: the whole catalog moved together, bursts and overlaps kept; matched_shift: the same
    without what would fall beside a real event, and with the tickers in their real shares; or
    random_dates: each announcement moved on its own to a session away from real events of its
    tickers. Of the last two no bet meets a real event of its ticker: they keep as many sessions
    away as a real bet lasts after its event, `reach`.
    """

    kind: Kind
    actual: float
    n_trades: int
    draws: pd.DataFrame
    reach: int = 0

    @property
    def why_not(self) -> str:
        """Why there is no draw; empty where there are some."""
        if len(self.draws):
            return ""
        if not self.n_trades:
            return "no bet was completed"
        if self.kind == "joint_shift":
            return "no shift leaves half of the events on prices of their tickers"
        return (
            "nowhere are enough events on prices of their tickers without a real event "
            f"of theirs in the {self.reach} sessions that a bet lasts"
        )

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
    def _means(self) -> Floats:
        return self.draws["mean_excess"].to_numpy(dtype=np.float64)

    def _share(self, as_far: Bools) -> float:
        if not len(self.draws) or not np.isfinite(self.actual):
            return float("nan")
        return float((1 + as_far.sum()) / (len(self.draws) + 1))

    def __repr__(self) -> str:
        return (
            f"<Placebo {self.kind}: {self.actual:+.2%} over {self.n_trades} trades, "
            f"placebo mean {self.draws['mean_excess'].mean():+.2%} over {len(self.draws)} draws; "
            f"p = {self.p_two:.3f}>"
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
    clock = Positions.of(events, prices.sessions)
    return _placebo("joint_shift", strategy, clock, _back(clock, shifts), prices, costs, benchmark)


def matched_shifts(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    shifts: Iterable[int] = range(FIRST_SHIFT, FIRST_SHIFT + SHIFTS),
) -> Placebo:
    """Move the whole catalog back as `joint_shifts` does, and compare like with like.

    An event whose bet would meet a real event of its ticker, or that would fall within 5 sessions
    of one, is left out of that draw: its bet would earn part of a real reaction. The mean of a draw
    weighs each ticker as the real bets do, since a far shift loses the youngest share, which may be
    the wildest. A shift counts where tickers that keep half of their events make up 80% of the real
    bets; the weights of those that do not go to the others.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled().filter(tickers=["META"]), prices)
    >>> found = matched_shifts(rx.STRATEGIES["drift"](), placed, prices, shifts=range(60, 80))
    >>> found.kind, 0 <= found.p_two <= 1
    ('matched_shift', False)
    """
    check_strategy(strategy)
    check_market(events, prices, costs, benchmark)
    shifts = tuple(whole("shifts", one, 1) for one in listed("shifts", shifts, "range(25, 275)"))
    clock = Positions.of(events, prices.sessions)
    return _placebo(
        "matched_shift", strategy, clock, _back(clock, shifts), prices, costs, benchmark
    )


def random_dates(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    n_draws: int = 200,
    seed: int = 0,
) -> Placebo:
    """Move each announcement to a random session on which its tickers have prices.

    Away from real events. None lies within 5 sessions after or before a session, nor while the bets
    would last.
    """
    clock = Positions.of(events, prices.sessions)

    def moves(reach: int) -> Iterator[tuple[int, Ints]]:
        free = _free_sessions(clock, prices, reach)
        for i in range(n_draws):
            yield i, _random_moves(clock, free, np.random.default_rng([seed, i]))

    return _placebo("random_dates", strategy, clock, moves, prices, costs, benchmark)


Moves = Callable[[int], Iterator[tuple[int, Ints]]]
"""Each draw's number, and how far it moves every event.

Of the sessions that bets last after their events.
"""


def _back(clock: Positions, shifts: Iterable[int]) -> Moves:
    """Each number of sessions, and how far it moves every event."""
    return lambda _: ((shift, np.full(len(clock.frame), -shift)) for shift in shifts)


def _placebo(
    kind: Kind,
    strategy: Strategy,
    clock: Positions,
    moves: Moves,
    prices: Prices,
    costs: Costs | None,
    benchmark: str,
) -> Placebo:
    bars = Bars.of(prices)
    bets = _Bets(strategy, prices, bars, costs or Costs(), benchmark)
    orders = bets.orders(clock.frame)
    tickers, actual = bets.earn(orders)
    reach = clock.reach(orders) if kind != "joint_shift" else 0
    fair = Fair.of(clock, bars, tickers, reach) if kind == "matched_shift" else None
    priced = np.isfinite(bars.price[1::2])
    column = pd.Index(bars.tickers).get_indexer(pd.Index(clock.frame["ticker"])).astype(np.int64)
    enough = n_priced(clock.numbers[:, 0], column, priced) / 2
    rows = []
    for number, by in moves(reach):
        if n_priced(clock.numbers[:, 0] + by, column, priced) < enough:
            continue
        own, excess = bets.earn(bets.orders(clock.moved(fair.away(by) if fair else by)))
        drawn = fair.mean(own, excess, by) if fair else excess.mean() if len(excess) else np.nan
        if np.isfinite(drawn):
            rows.append((number, len(excess), float(drawn)))
    table = pd.DataFrame(rows, columns=["draw", "n_trades", "mean_excess"])
    mean = float(actual.mean()) if len(actual) else float("nan")
    return Placebo(kind, mean, len(actual), table, reach)


@dataclass(frozen=True, eq=False)
class _Bets:
    """What a strategy bets on events, real or moved, and what that earns."""

    strategy: Strategy
    prices: Prices
    bars: Bars
    costs: Costs
    benchmark: str

    def orders(self, frame: pd.DataFrame) -> Sequence[Order]:
        """The strategy's orders."""
        try:
            # a copy: a strategy that changes its events must not change the next placebo's
            return self.strategy.orders(frame.copy(), self.prices)
        except ReactionsError:
            raise
        except Exception as error:  # a stranger's code on dates it did not expect
            raise StrategyError(
                f"strategy {self.strategy.name} failed on placebo dates: {error}"
            ) from error

    def earn(self, orders: Sequence[Order]) -> tuple[Names, Floats]:
        """The ticker and the excess return of each completed bet."""
        return named_excess(orders, self.bars, self.costs, self.benchmark)


def _free_sessions(clock: Positions, prices: Prices, reach: int) -> dict[str, Ints]:
    """By announcement: the sessions its tickers share whose bets meet no real event.

    Bets of up to `reach` sessions.
    """
    there = np.isfinite(prices.adjusted.to_numpy(dtype=np.float64))
    column = {ticker: i for i, ticker in enumerate(prices.tickers)}
    busy = np.zeros_like(there)
    for ticker, number in zip(clock.frame["ticker"], clock.numbers[:, 0], strict=True):
        if ticker in column:
            busy[max(number - reach, 0) : number + AROUND + 1, column[ticker]] = True
    free = there & ~busy
    known = clock.frame[clock.frame["ticker"].isin(prices.tickers)]
    return {
        str(event_id): np.flatnonzero(free[:, [column[ticker] for ticker in tickers]].all(axis=1))
        for event_id, tickers in known.groupby("event_id")["ticker"]
    }


def _random_moves(clock: Positions, free: dict[str, Ints], random: np.random.Generator) -> Ints:
    """Sessions to move each event by, the same for all parties of an announcement.

    Out of the panel if none is free.
    """
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
