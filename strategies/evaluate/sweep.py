"""Sweeps: every combination of holding period, entry, stop, hedge and filter at once.

And what the best is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices import Prices
from backtest.prices.panels.clock import Clock
from backtest.trading import Costs, Limits
from backtest.trading.bars import Bars
from backtest.trading.orders import At
from backtest.trading.variants import Entries, ExitBars, entries, excess_grid
from backtest.trading.worth.reality_check import DRAWS, reality_check
from backtest.work import Way, run_chunks
from backtest.work.chunks import unheard
from events import Kind, Role
from events.arguments import listed, one_of, text
from events.flag import words_in
from strategies.base import (
    check_entry,
    check_hold,
    check_least,
    check_stop,
    check_words,
    entry_session,
    rows,
)
from strategies.errors import StrategyError
from strategies.evaluate.markets import Market
from strategies.evaluate.terms import Terms
from strategies.signals import Signals

BLOCK = 21  # sessions; events of one block share a fate in the resampling
COLUMNS = [
    "hold", "entry", "stop", "hedge", "filter", "n_trades", "mean_excess", "t", "pvalue_adjusted",
]  # fmt: skip
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Filter:
    """Which events a variant trades; empty lists and 0 mean any.

    >>> Filter("large contracts", roles=("supplier",), min_amount_usd=5e9).name
    'large contracts'
    """

    name: str
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_amount_usd: float = 0.0

    def __post_init__(self) -> None:
        """Refuse words the catalog does not know, and an amount that is none."""
        text("filter name", self.name, "'large contracts'")
        check_least(f"sweep, filter {self.name}", "min_amount_usd", self.min_amount_usd)
        check_words(f"sweep, filter {self.name}", "roles", self.roles, Role)
        check_words(f"sweep, filter {self.name}", "kinds", self.kinds, Kind)

    def keeps(self, events: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether each event passes, (n_events,)."""
        kept = np.ones(len(events), dtype=bool)
        if self.roles:
            kept &= np.array(
                [not set(self.roles).isdisjoint(words_in(roles)) for roles in events["roles"]],
                dtype=bool,
            )
        if self.kinds:
            kept &= events["kind"].isin(self.kinds).to_numpy(dtype=bool)
        if self.min_amount_usd > 0:
            kept &= (events["amount_usd"] >= self.min_amount_usd).to_numpy(dtype=bool)
        return kept


_AXES = {
    "holds": "[1, 5]",
    "entries": "['open']",
    "stops": "[0, 0.1]",
    "hedges": "['', 'SPY']",
    "filters": "[Filter('suppliers', ['supplier'])]",
}


@dataclass(frozen=True)
class Grid:
    """What to try.

    A hedge is a ticker to be short of by beta; "" compares with the benchmark instead.
    """

    holds: tuple[int, ...] = (1, 2, 3, 5, 10, 20)
    entries: tuple[At, ...] = ("open", "close")
    stops: tuple[float, ...] = (0.0, 0.05, 0.1)
    hedges: tuple[str, ...] = ("", "SPY")
    filters: tuple[Filter, ...] = (Filter("suppliers", ("supplier",)), Filter("everyone"))

    def __post_init__(self) -> None:
        """Refuse empty axes and values that mean nothing."""
        for name, write in _AXES.items():
            if not listed(name, getattr(self, name), write):
                raise StrategyError(f"sweep: {name} is empty; give at least one value")
        for one in self.hedges:
            if one != "":  # which is no hedge
                text("hedges", one, _AXES["hedges"])
        for kept in self.filters:
            one_of("filters", kept, (Filter,), _AXES["filters"])
        for hold, entry, stop in product(self.holds, self.entries, self.stops):
            check_hold("sweep", hold)
            check_entry("sweep", entry)
            check_stop("sweep", stop)

    def __len__(self) -> int:
        return (
            len(self.holds)
            * len(self.entries)
            * len(self.stops)
            * len(self.hedges)
            * len(self.filters)
        )


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """One row a variant in `table`.

    `best_p` is White's reality check: that the best is no more than luck. `pvalue_adjusted` is
    Romano and Wolf's, two-sided, over the whole grid. `returns` is (n_variants, n_events).
    """

    table: pd.DataFrame
    best_p: float
    n_blocks: int
    returns: Floats

    @property
    def best(self) -> pd.DataFrame:
        """The variant with the highest t: one row, none if no variant has a t."""
        return self.table.dropna(subset=["t"]).nlargest(1, "t")

    def heat(self, rows: str, columns: str) -> pd.DataFrame:
        """Mean excess return over all variants with each pair of values, for a heat map."""
        return self.table.pivot_table(
            index=rows, columns=columns, values="mean_excess", aggfunc="mean", sort=True
        )

    def __repr__(self) -> str:
        if self.best.empty:
            return f"<Sweep of {len(self.table)} variants: none with enough trades>"
        best = self.best.iloc[0]
        return (
            f"<Sweep of {len(self.table)} variants: best mean excess {best['mean_excess']:+.2%} "
            f"(t = {best['t']:.2f}); as good by luck alone with p = {self.best_p:.3f}>"
        )


def sweep(
    grid: Grid,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    n_draws: int = DRAWS,
    seed: int = 0,
    benchmark_of: Mapping[str, str] | None = None,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = unheard,
) -> Sweep:
    """Trade every variant of `grid` on placed events, as `evaluate` would with unlimited money.

    Events of several exchanges count together, each traded on its own, where a hedge that does not
    trade there is the exchange's benchmark. Raises `TradingError` for a hedge or benchmark without
    prices. `executor` (any `concurrent.futures.Executor`) trades entries and hedges beside each
    other and changes no number; `progress` hears how many of them are done, and of how many.
    """
    one_of("grid", grid, (Grid,), "Grid(holds=[1, 5])")
    terms = Terms(events, prices, costs, benchmark, benchmark_of=benchmark_of)
    return swept(grid, terms, n_draws, seed, Way(executor, None, progress))


def swept(
    grid: Grid, terms: Terms, n_draws: int = DRAWS, seed: int = 0, way: Way | None = None
) -> Sweep:
    """`sweep`, with what is traded on as one. Its limits are not used: money is unlimited."""
    markets = terms.markets
    tried = _Tried(grid, markets, terms.costs or Costs())
    parts = run_chunks(_variants, tried, tried.chunks, way)
    size = len(parts) // len(markets)
    of_markets = [np.concatenate(parts[at * size : (at + 1) * size]) for at in range(len(markets))]
    returns = np.concatenate(of_markets, axis=1)
    opens = [one.known["tradable_open"].to_numpy(dtype="datetime64[us]") for one in tried.grounds]
    entered = pd.DatetimeIndex(np.concatenate(opens))
    block = markets[0].prices.sessions.searchsorted(entered).astype(np.int64) // BLOCK
    rows = [
        (hold, entry, stop, hedge, one.name)
        for entry, hedge in product(grid.entries, grid.hedges)
        for hold, stop in product(grid.holds, grid.stops)
        for one in grid.filters
    ]
    found = reality_check(returns, block, n_draws, seed)
    there = np.isfinite(returns)
    count = there.sum(axis=1)
    mean = np.where(there, returns, 0.0).sum(axis=1) / np.where(count, count, np.nan)
    table = pd.DataFrame(rows, columns=COLUMNS[:5]).assign(
        n_trades=count, mean_excess=mean, t=found.t, pvalue_adjusted=found.pvalue
    )
    return Sweep(table, found.best_p, len(np.unique(block[there.any(axis=0)])), returns)


@dataclass(frozen=True, eq=False)
class _Tried:
    """A grid on the markets of some exchanges."""

    grid: Grid
    markets: tuple[Market, ...]
    costs: Costs

    @property
    def chunks(self) -> list[tuple[int, At, str]]:
        """A market, an entry and a hedge each."""
        return list(product(range(len(self.markets)), self.grid.entries, self.grid.hedges))

    @cached_property
    def grounds(self) -> list[_Ground]:
        """What is traded on each market."""
        return [_Ground(one, self.costs) for one in self.markets]


class _Ground:
    """The events of one exchange whose tickers have prices, and those as variants need them."""

    def __init__(self, market: Market, costs: Costs) -> None:
        self.market, self.bars = market, Bars.of(market.prices)
        self.costs, events = costs, market.events
        there = events["ticker"].isin(market.prices.tickers)
        self.known = events[there].reset_index(drop=True)
        column = [self.bars.column[ticker] for ticker in self.known["ticker"]]
        self.column = np.array(column, dtype=np.int64)
        self._begun: dict[At, Entries] = {}

    @cached_property
    def exits(self) -> ExitBars:
        """The bars as bets end on them."""
        return ExitBars(self.bars, self.costs, Limits())

    def begun(self, entry: At) -> Entries:
        """Where each event's bet begins."""
        if entry not in self._begun:
            clock = self.market.prices.clock
            self._begun[entry] = _entries(self.known, self.bars, clock, self.column, entry)
        return self._begun[entry]


def _variants(tried: _Tried, chunk: tuple[int, At, str]) -> Floats:
    """Excess returns of one entry and hedge on one exchange, (n_variants, n_events)."""
    at, entry, named = chunk
    grid, ground = tried.grid, tried.grounds[at]
    one, bars, known = ground.market, ground.bars, ground.known
    hedge = one.hedge(named)
    against = None
    if hedge:
        against = (bars.ticker_column(hedge), _betas(known, one.prices, hedge))
    passive = bars.ticker_column(one.benchmark)
    excess = excess_grid(
        ground.exits, ground.begun(entry), grid.holds, grid.stops, against, passive
    )
    kept = [filtered.keeps(known) for filtered in grid.filters]
    return np.array([
        np.where(keep, excess[i, j], np.nan)
        for i, j in product(range(len(grid.holds)), range(len(grid.stops)))
        for keep in kept
    ])  # fmt: skip


def _entries(
    events: pd.DataFrame, bars: Bars, clock: Clock, column: NDArray[np.int64], entry: At
) -> Entries:
    numbers = [clock.number(entry_session(event, entry)) for event in rows(events)]
    row = np.array(
        [-1 if number is None else 2 * number + (entry == "close") for number in numbers],
        dtype=np.int64,
    )
    return entries(bars, row, column)


def _betas(events: pd.DataFrame, prices: Prices, hedge: str) -> Floats:
    betas = Signals(hedge).betas(events, prices)
    keys = zip(events["event_id"], events["ticker"], strict=True)
    return np.array([betas.get(key, np.nan) for key in keys], dtype=np.float64)
