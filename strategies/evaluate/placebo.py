"""Placebo significance.

The same strategy on news that never came, to see how good luck alone looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs
from backtest.trading.bars import Bars
from backtest.work import Way
from backtest.work.chunks import unheard
from events.arguments import listed, whole
from events.words import count
from strategies.asking.given import check_strategy
from strategies.base import Strategy
from strategies.evaluate.draws import Bets, Draws
from strategies.evaluate.moved import Anywhere, Back, Bools, Fair, Floats, Ints, Positions
from strategies.evaluate.terms import Terms

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
            f"<Placebo {self.kind}: {self.actual:+.2%} over {count(self.n_trades, 'trade')}, "
            f"placebo mean {self.draws['mean_excess'].mean():+.2%} "
            f"over {count(len(self.draws), 'draw')}; p = {self.p_two:.3f}>"
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
    terms = Terms(events, prices, costs, benchmark)
    return _placebo("joint_shift", strategy, terms, tuple(shifts), Way(executor, None, progress))


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
    terms = Terms(events, prices, costs, benchmark)
    return _placebo("matched_shift", strategy, terms, shifts, Way(executor, None, progress))


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
    terms = Terms(events, prices, costs, benchmark)
    return _placebo(
        "random_dates", strategy, terms, range(n_draws), Way(executor, None, progress), seed
    )


def _placebo(
    kind: Kind, strategy: Strategy, terms: Terms, numbers: Sequence[int], way: Way, seed: int = 0
) -> Placebo:
    check_strategy(strategy)
    prices = terms.prices
    clock, bars = Positions.of(terms.events, prices.sessions), Bars.of(prices)
    bets = Bets(strategy, prices, bars, terms.costs or Costs(), terms.benchmark)
    orders = bets.orders(clock.frame)
    tickers, actual = bets.earn(orders)
    reach, fair = 0, None
    if kind != "joint_shift":
        reach = clock.reach(orders)
    if kind == "matched_shift":
        fair = Fair.of(clock, bars, tickers, reach)
    moves: Callable[[int], Ints] = Back(len(clock.frame))
    if kind == "random_dates":
        moves = Anywhere.of(clock, prices, reach, seed)
    rows = Draws(bets, clock, moves, fair).rows(numbers, way)
    table = pd.DataFrame(rows, columns=["draw", "n_trades", "mean_excess"])
    mean = float("nan")
    if len(actual):
        mean = float(actual.mean())
    return Placebo(kind, mean, len(actual), table, reach)
