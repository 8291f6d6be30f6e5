"""The draws of a placebo: a strategy on moved events, one draw after the other or spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Order
from backtest.trading.bars import Bars
from backtest.trading.unlimited import named_excess
from backtest.work import Way, run_chunks
from events.errors import ReactionsError
from strategies.asking.loader import OWN
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.evaluate.moved import AROUND, Bools, Fair, Floats, Ints, Names, Positions, n_priced

CHUNK = 10  # draws that go to a worker together

Row = tuple[int, int, float]
"""A draw's number, its bets, and their mean."""


@dataclass(frozen=True, eq=False)
class Bets:
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


@dataclass(frozen=True)
class Back:
    """All of n events moved back by as many sessions as the draw's number."""

    n_events: int

    def __call__(self, number: int) -> Ints:
        """How far each event moves, (n,)."""
        return np.full(self.n_events, -number)


@dataclass(frozen=True, eq=False)
class Anywhere:
    """Each announcement moved to one of its free sessions, by a seed of the draw's own."""

    clock: Positions
    free: dict[str, Ints]
    seed: int

    @classmethod
    def of(cls, clock: Positions, prices: Prices, reach: int, seed: int) -> Anywhere:
        """The sessions that the tickers of each share whose bets meet no real event.

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
        sessions = {
            str(event_id): np.flatnonzero(free[:, [column[one] for one in tickers]].all(axis=1))
            for event_id, tickers in known.groupby("event_id")["ticker"]
        }
        return cls(clock, sessions, seed)

    def __call__(self, number: int) -> Ints:
        """How far each event moves, the same for all parties of an announcement, (n,).

        Out of the panel if none is free.
        """
        random, frame = np.random.default_rng([self.seed, number]), self.clock.frame
        target = {
            event_id: int(random.choice(sessions))
            for event_id, sessions in self.free.items()
            if len(sessions)
        }
        nowhere = -2 * len(self.clock.sessions)
        first = dict(zip(frame["event_id"], self.clock.numbers[:, 0], strict=True))
        return np.array(
            [target.get(one, nowhere) - first[one] for one in frame["event_id"]], dtype=np.int64
        )


@dataclass(frozen=True, eq=False)
class Draws:
    """What all draws start from.

    A draw counts where half of the events still fall on prices of their tickers; `fair` is there
    where it is to be like the real bets.
    """

    bets: Bets
    clock: Positions
    moves: Callable[[int], Ints]
    fair: Fair | None

    def rows(self, numbers: Sequence[int], way: Way) -> list[Row]:
        """Those of the draws that count, in their order."""
        chunks = [tuple(numbers[at : at + CHUNK]) for at in range(0, len(numbers), CHUNK)]
        executor = executor_for(type(self.bets.strategy), way.executor)
        found = run_chunks(_drawn, self, chunks, Way(executor, None, way.tell))
        return [row for rows in found for row in rows]

    def row(self, number: int, enough: float) -> Row | None:
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


def _drawn(draws: Draws, numbers: tuple[int, ...]) -> list[Row]:
    enough = draws.n_priced(0) / 2
    rows = (draws.row(number, enough) for number in numbers)
    return [row for row in rows if row is not None]


def executor_for(kind: type[Strategy], executor: Executor | None) -> Executor | None:
    """The executor, if another process knows the class.

    A class of a user's file, or typed in, trades in this process.
    """
    known = kind.__module__ != "__main__" and not kind.__module__.startswith(OWN)
    return executor if known else None
