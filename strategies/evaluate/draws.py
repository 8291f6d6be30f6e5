"""Draws of a placebo: the events moved, traded by the same strategy, and what that earns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from strategies.asking.loader import executor_for, file_of, where
from strategies.asking.stranger import orders_of
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.evaluate.moved import Bools, Fair, Floats, Ints, Names, Positions, n_priced

_CHUNK = 10  # draws that go to a worker together
_Row = tuple[int, int, float]  # a draw's number, its bets, and their mean


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
class Draws:
    """What all draws start from.

    A draw counts where half of the events still fall on prices of their tickers; `fair` is there
    where it is to be like the real bets.
    """

    bets: Bets
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
        kept = by
        if fair:
            kept = fair.away(by)
        own, excess = bets.earn(bets.orders(self.clock.moved(kept)))
        if fair:
            drawn = fair.mean(own, excess, by)
        elif len(excess):
            drawn = excess.mean()
        else:
            drawn = np.nan
        if np.isfinite(drawn):
            return (number, len(excess), float(drawn))
        return None

    def n_priced(self, by: Ints | int) -> int:
        """How many of the moved events fall on prices of their tickers."""
        return n_priced(self.clock.numbers[:, 0] + by, *self._prices)

    @cached_property
    def _prices(self) -> tuple[Ints, Bools]:
        """Each event's column, and where there are closes, (n_sessions, n_tickers)."""
        bars = self.bets.bars
        column = pd.Index(bars.tickers).get_indexer(pd.Index(self.clock.frame["ticker"]))
        return column.astype(np.int64), np.isfinite(bars.price[1::2])


def _drawn(draws: Draws, numbers: tuple[int, ...]) -> list[_Row]:
    enough = draws.n_priced(0) / 2
    rows = (draws.row(number, enough) for number in numbers)
    return [row for row in rows if row is not None]
