"""Placebo significance.

The same strategy on news that never came, to see how good luck alone looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Order
from backtest.trading.bars import Bars
from backtest.trading.unlimited import named_excess
from backtest.work import Way, run_chunks
from backtest.work.chunks import unheard
from events.arguments import listed, whole
from events.errors import ReactionsError
from strategies.asking.given import check_market, check_strategy
from strategies.asking.loader import executor_for, file_of, where
from strategies.asking.stranger import orders_of
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.evaluate.moved import (
    Anywhere,
    Back,
    Bools,
    Fair,
    Floats,
    Ints,
    Names,
    Positions,
    n_priced,
)

Kind = Literal["joint_shift", "matched_shift", "random_dates"]
FIRST_SHIFT = 25  # sessions; nearer ones would still hold part of the real reaction
SHIFTS = 250
_CHUNK = 10  # draws that go to a worker together
_Row = tuple[int, int, float]  # a draw's number, its bets, and their mean


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
        centre = 0.0
        if len(self.draws):
            centre = self._means.mean()
        return self._share(np.abs(self._means - centre) >= abs(self.actual - centre))

    @property
    def p_upper(self) -> float:
        """Share of draws, the real one counted, at least as high."""
        return self._share(self._means >= self.actual)

    @property
    def place(self) -> float:
        """Share of draws below the real one: 0.5 is the middle, 1 above them all."""
        if len(self.draws):
            return float((self._means < self.actual).mean())
        return float("nan")

    @property
    def _means(self) -> Floats:
        return self.draws["mean_excess"].to_numpy(dtype=np.float64)

    def _share(self, as_far: Bools) -> float:
        if not len(self.draws) or not np.isfinite(self.actual):
            return float("nan")
        return float((1 + as_far.sum()) / (len(self.draws) + 1))

    def __repr__(self) -> str:
        if self.why_not:
            return f"<Placebo {self.kind}: {self.why_not}>"
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
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = unheard,
) -> Placebo:
    """Move the whole catalog back by each number of sessions and trade it.

    A shift counts when half of the events still fall on sessions with prices of their tickers and
    at least one bet is made. Strategies must go by the sessions of the events, not by
    `announced_at`, which stays. `executor` (any `concurrent.futures.Executor`) makes draws beside
    each other and changes no number; a strategy of a user's own file trades in this process.
    `progress` hears how many chunks of draws are done, and of how many.
    """
    asked = _Asked(strategy, prices, costs, benchmark, tuple(shifts))
    return _placebo("joint_shift", asked, events, Way(executor, None, progress))


def matched_shifts(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    shifts: Iterable[int] = range(FIRST_SHIFT, FIRST_SHIFT + SHIFTS),
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = unheard,
) -> Placebo:
    """Move the whole catalog back as `joint_shifts` does, and compare like with like.

    An event whose bet would meet a real event of its ticker, or that would fall within 5 sessions
    of one, is left out of that draw: its bet would earn part of a real reaction. The mean of a draw
    weighs each ticker as the real bets do, since a far shift loses the youngest share, which may be
    the wildest. A shift counts where tickers that keep half of their events make up 80% of the real
    bets; the weights of those that do not go to the others. `executor` and `progress` are those of
    `joint_shifts`.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled().filter(tickers=["META"]), prices)
    >>> found = matched_shifts(rx.STRATEGIES["drift"](), placed, prices, shifts=range(25, 75))
    >>> found.kind, 0 < found.p_two <= 1
    ('matched_shift', True)
    """
    shifts = tuple(whole("shifts", one, 1) for one in listed("shifts", shifts, "range(25, 275)"))
    asked = _Asked(strategy, prices, costs, benchmark, shifts)
    return _placebo("matched_shift", asked, events, Way(executor, None, progress))


def random_dates(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    n_draws: int = 200,
    seed: int = 0,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = unheard,
) -> Placebo:
    """Move each announcement to a random session on which its tickers have prices.

    Away from real events. None lies within 5 sessions after or before a session, nor while the bets
    would last. `executor` and `progress` are those of `joint_shifts`.
    """
    asked = _Asked(strategy, prices, costs, benchmark, tuple(range(n_draws)), seed)
    return _placebo("random_dates", asked, events, Way(executor, None, progress))


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
            return orders_of(self.strategy, frame, self.prices)
        except ReactionsError:
            raise
        except (Exception, SystemExit) as error:  # a stranger's code on dates it did not expect
            said = where(error, file_of(self.strategy))
            raise StrategyError(
                f"strategy {self.strategy.name} failed on placebo dates: {said}"
            ) from error

    def earn(self, orders: Sequence[Order]) -> tuple[Names, Floats]:
        """The ticker and the excess return of each completed bet."""
        return named_excess(orders, self.bars, self.costs, self.benchmark)


@dataclass(frozen=True, eq=False)
class _Draws:
    """What all draws start from.

    A draw counts where half of the events still fall on prices of their tickers; `fair` is there
    where it is to be like the real bets.
    """

    bets: _Bets
    clock: Positions
    moves: Callable[[int], Ints]
    fair: Fair | None

    def rows(self, numbers: Sequence[int], way: Way) -> list[_Row]:
        """Those of the draws that count, in their order."""
        chunks = [tuple(numbers[at : at + _CHUNK]) for at in range(0, len(numbers), _CHUNK)]
        executor = executor_for(type(self.bets.strategy), way.executor)
        found = run_chunks(_drawn, self, chunks, Way(executor, None, way.tell))
        return [row for rows in found for row in rows]

    def row(self, number: int, enough: float) -> _Row | None:
        """One draw, or nothing where it does not count."""
        by = self.moves(number)
        if self.n_priced(by) < enough:
            return None
        fair, bets = self.fair, self.bets
        own, excess = bets.earn(bets.orders(self.clock.moved(fair.away(by) if fair else by)))
        drawn = fair.mean(own, excess, by) if fair else excess.mean() if len(excess) else np.nan
        return (number, len(excess), float(drawn)) if np.isfinite(drawn) else None

    def n_priced(self, by: Ints | int) -> int:
        """How many of the moved events fall on prices of their tickers."""
        return n_priced(self.clock.numbers[:, 0] + by, *self._prices)

    @cached_property
    def _prices(self) -> tuple[Ints, Bools]:
        """Each event's column, and where there are closes, (n_sessions, n_tickers)."""
        bars = self.bets.bars
        column = pd.Index(bars.tickers).get_indexer(pd.Index(self.clock.frame["ticker"]))
        return column.astype(np.int64), np.isfinite(bars.price[1::2])


def _drawn(draws: _Draws, numbers: tuple[int, ...]) -> list[_Row]:
    enough = draws.n_priced(0) / 2
    rows = (draws.row(number, enough) for number in numbers)
    return [row for row in rows if row is not None]


@dataclass(frozen=True, eq=False)
class _Asked:
    """A strategy on a market, and which draws of it."""

    strategy: Strategy
    prices: Prices
    costs: Costs | None
    benchmark: str
    numbers: tuple[int, ...]
    seed: int = 0


def _placebo(kind: Kind, asked: _Asked, events: pd.DataFrame, way: Way) -> Placebo:
    check_strategy(asked.strategy)
    check_market(events, asked.prices, asked.costs, asked.benchmark)
    prices, clock = asked.prices, Positions.of(events, asked.prices.sessions)
    bars = Bars.of(prices)
    bets = _Bets(asked.strategy, prices, bars, asked.costs or Costs(), asked.benchmark)
    orders = bets.orders(clock.frame)
    tickers, actual = bets.earn(orders)
    reach = clock.reach(orders) if kind != "joint_shift" else 0
    fair = Fair.of(clock, bars, tickers, reach) if kind == "matched_shift" else None
    anywhere = kind == "random_dates"
    moves = Anywhere.of(clock, prices, reach, asked.seed) if anywhere else Back(len(clock.frame))
    rows = _Draws(bets, clock, moves, fair).rows(asked.numbers, way)
    table = pd.DataFrame(rows, columns=["draw", "n_trades", "mean_excess"])
    mean = float(actual.mean()) if len(actual) else float("nan")
    return Placebo(kind, mean, len(actual), table, reach)
