"""Simulated markets in which nothing happened, to see how often tests say it did."""

from collections.abc import Callable, Mapping

import numpy as np

from backtest.study.check.designs.adverse import (
    after_run_up,
    few_tickers,
    leak,
    season,
    shared_date,
    three_dates,
    times_unknown,
    two_tickers,
    volatile_times,
)
from backtest.study.check.designs.made import BENCHMARK, SimulatedMarket
from backtest.study.check.designs.usual import (
    catalog,
    catalog_regime,
    dense_ticker,
    event_variance,
    independent,
    one_by_one,
    opposed,
    overlap,
    same_day,
    same_day_industry,
    shared,
    shared_strongly,
    short_history,
    skewed,
    stale,
    stale_heavily,
)
from backtest.study.inference.about import (
    AFTER_RUN_UP,
    CATALOG,
    CATALOG_REGIME,
    DENSE_TICKER,
    EVENT_VARIANCE,
    FEW_TICKERS,
    INDEPENDENT,
    LEAK,
    OPPOSED,
    OVERLAP,
    SAME_DAY,
    SAME_DAY_INDUSTRY,
    SEASON,
    SHARED,
    SHARED_DATE,
    SHARED_STRONGLY,
    SHORT_HISTORY,
    SKEWED,
    STALE,
    STALE_HEAVILY,
    THREE_DATES,
    TIMES_UNKNOWN,
    TWO_TICKERS,
    VOLATILE_TIMES,
)

# New ones at the end: benchmarks seed by the number of a design.
SIMULATED: Mapping[str, Callable[[np.random.Generator, int], SimulatedMarket]] = {
    INDEPENDENT: independent,
    SAME_DAY: same_day,
    SAME_DAY_INDUSTRY: same_day_industry,
    EVENT_VARIANCE: event_variance,
    OVERLAP: overlap,
    CATALOG: catalog,
    CATALOG_REGIME: catalog_regime,
    SHORT_HISTORY: short_history,
    SHARED: shared,
    SHARED_STRONGLY: shared_strongly,
    DENSE_TICKER: dense_ticker,
    SKEWED: skewed,
    STALE: stale,
    STALE_HEAVILY: stale_heavily,
    OPPOSED: opposed,
    SHARED_DATE: shared_date,
    THREE_DATES: three_dates,
    TWO_TICKERS: two_tickers,
    FEW_TICKERS: few_tickers,
    LEAK: leak,
    AFTER_RUN_UP: after_run_up,
    VOLATILE_TIMES: volatile_times,
    SEASON: season,
    TIMES_UNKNOWN: times_unknown,
}

__all__ = [
    "BENCHMARK",
    "SIMULATED",
    "SimulatedMarket",
    "dense_ticker",
    "independent",
    "one_by_one",
    "shared",
]
