"""Simulated markets in which nothing happened, for measuring how often a test says something did.

The designs are those event studies meet (DESIGNS): after Brown and Warner (1980, 1985), with
skewed, fat-tailed innovations (skewness 0.6, excess kurtosis 2.5), five industries, and the
clustered, volatile catalog this project is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study.inference.about import (
    CATALOG,
    CATALOG_REGIME,
    DENSE_TICKER,
    EVENT_VARIANCE,
    INDEPENDENT,
    OPPOSED,
    OVERLAP,
    SAME_DAY,
    SAME_DAY_INDUSTRY,
    SHARED,
    SHARED_STRONGLY,
    SHORT_HISTORY,
    SKEWED,
    STALE,
    STALE_HEAVILY,
)
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window

BENCHMARK = "MKT"
_LAST = 25  # sessions after the last event


@dataclass(frozen=True, eq=False)
class SimulatedMarket:
    """Returns, events placed on them, and the estimation window meant for them."""

    returns: Returns
    events: pd.DataFrame
    estimation: Window


def independent(
    rng: np.random.Generator, n_events: int, estimation: Window = Window(-260, -11)
) -> SimulatedMarket:
    """Every event of a security of its own on a day of its own, five industries mixed."""
    reach = 25 * n_events
    row = -estimation.start + rng.permutation(reach)[:n_events]
    y, market = _market(rng, np.arange(n_events) % 5, reach - estimation.start + _LAST)
    return _assemble(y, market, row, np.arange(n_events), estimation)


def short_history(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same with 60 sessions of history."""
    return independent(rng, n_events, Window(-70, -11))


def same_day(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """All events on one day, five industries mixed."""
    return _one_day(rng, np.arange(n_events) % 5)


def same_day_industry(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """All events on one day in one industry."""
    return _one_day(rng, np.zeros(n_events, dtype=np.int64))


def _one_day(rng: np.random.Generator, industry: Ints) -> SimulatedMarket:
    n, estimation = len(industry), Window(-260, -11)
    y, market = _market(rng, industry, 260 + _LAST)
    return _assemble(y, market, np.full(n, 260), np.arange(n), estimation)


def event_variance(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days of their own; the variance of every event session doubles."""
    estimation, reach = Window(-260, -11), 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    y, market = _market(rng, np.arange(n_events) % 5, reach + 260 + _LAST)
    for event, start in enumerate(row):
        spread = y[start - 250 : start - 10, event].std()
        y[start : start + 21, event] += spread * _innovations(rng, (21,))
    return _assemble(y, market, row, np.arange(n_events), estimation)


def overlap(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """One industry, days within 30 sessions."""
    row = 260 + rng.integers(0, 30, n_events)
    y, market = _market(rng, np.zeros(n_events, dtype=np.int64), 290 + _LAST)
    return _assemble(y, market, row, np.arange(n_events), Window(-260, -11))


def stale(rng: np.random.Generator, n_events: int, share: float = 0.3) -> SimulatedMarket:
    """`overlap` with prices that on a `share` of the sessions are those of the session before.

    The return missed is made up for on the next session with a price of its own.
    """
    market = overlap(rng, n_events)
    values = market.returns.values
    level = np.log1p(values[:, :-1]).cumsum(axis=0)
    fresh = rng.random(level.shape) >= share
    fresh[0] = True
    last = np.maximum.accumulate(np.where(fresh, np.arange(len(level))[:, None], 0), axis=0)
    seen = np.expm1(np.diff(np.take_along_axis(level, last, axis=0), axis=0, prepend=0.0))
    returns = Returns(
        np.column_stack([seen, values[:, -1]]), market.returns.sessions, market.returns.tickers
    )
    return SimulatedMarket(returns, market.events, market.estimation)


def stale_heavily(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same with 60% of the sessions stale."""
    return stale(rng, n_events, 0.6)


def opposed(rng: np.random.Generator, n_events: int, rho: float = -0.9) -> SimulatedMarket:
    """Announcements of two parties whose own returns correlate at `rho`, dates of their own."""
    reach, estimation = 25 * n_events, Window(-260, -11)
    announcement = np.arange(n_events) // 2
    row = (260 + rng.permutation(reach)[:n_events])[2 * announcement]
    length = reach + 260 + _LAST
    market = 0.0004 + 0.009 * _innovations(rng, (length,))
    first, own = _innovations(rng, (2, length, n_events))
    second = np.arange(n_events) % 2 == 1
    own[:, second] = rho * first[:, second] + np.sqrt(1 - rho**2) * own[:, second]
    own[:, ~second] = first[:, np.flatnonzero(~second) + 1]
    y = rng.uniform(0.5, 1.5, n_events) * market[:, None] + 0.021 * own
    placed = _assemble(y, market, row, np.arange(n_events), estimation)
    events = placed.events.assign(event_id=announcement.astype(str))
    return SimulatedMarket(placed.returns, events, estimation)


def shared(rng: np.random.Generator, n_events: int, variance: float = 2.0) -> SimulatedMarket:
    """Announcements of three parties each, five industries mixed; a shock all three share.

    The shock multiplies the variance of day 0 by `variance`.
    """
    market = independent(rng, n_events)
    announcement = np.arange(n_events) // 3
    sessions = market.returns.sessions
    row = sessions.get_indexer(pd.DatetimeIndex(market.events["event_session"]))
    row = row[3 * announcement]  # the day of the first party
    values = market.returns.values.copy()
    shock = _innovations(rng, (n_events,))[announcement]
    for event, start in enumerate(row):
        own = values[start - 250 : start - 10, event] - values[start - 250 : start - 10, -1]
        values[start, event] += np.sqrt(variance - 1.0) * own.std() * shock[event]
    events = market.events.assign(
        event_id=announcement.astype(str), event_session=sessions[row].to_numpy()
    )
    returns = Returns(np.clip(values, -0.95, None), sessions, market.returns.tickers)
    return SimulatedMarket(returns, events, market.estimation)


def shared_strongly(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same with a variance three times as large."""
    return shared(rng, n_events, 3.0)


def dense_ticker(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """One ticker, all its events on different days within 40 sessions."""
    row = 260 + rng.permutation(40)[:n_events]
    y, market = _market(rng, np.zeros(1, dtype=np.int64), 300 + _LAST)
    return _assemble(y, market, row, np.zeros(n_events, dtype=np.int64), Window(-260, -11))


def skewed(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days and securities of their own, innovations of skewness 2.8 (chi-squared with 1)."""
    estimation, reach = Window(-260, -11), 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    length = reach + 260 + _LAST
    market = 0.0004 + 0.009 * _innovations(rng, (length,))
    own = 0.021 * (rng.chisquare(1, (length, n_events)) - 1) / np.sqrt(2)
    y = rng.uniform(0.5, 1.5, n_events) * market[:, None] + own
    return _assemble(y, market, row, np.arange(n_events), estimation)


def catalog(rng: np.random.Generator, n_events: int, regime: float = 1.0) -> SimulatedMarket:
    """Eight tickers, one listed late, events in five bursts.

    Volatility moves, and all load on one factor. `regime` multiplies the volatility from the first
    burst on.
    """
    n_tickers, length, estimation = 8, 420, Window(-130, -11)
    volatility = np.exp(_slow(rng, (length, n_tickers), 0.06) + _slow(rng, (length, 1), 0.06))
    factor = 0.010 * np.exp(_slow(rng, (length, 1), 0.06)) * _innovations(rng, (length, 1))
    spread = rng.lognormal(np.log(0.026), 0.3, n_tickers)
    own = spread * volatility * _innovations(rng, (length, n_tickers)) + factor * rng.uniform(
        0.6, 1.6, n_tickers
    )
    centres = np.sort(rng.choice(np.arange(150, length - _LAST - 8, 18), 5, replace=False))
    own[centres[0] :] *= regime
    market = 0.0004 + 0.009 * _innovations(rng, (length,))
    y = rng.uniform(0.8, 1.8, n_tickers) * market[:, None] + own
    burst, ticker = centres[np.arange(n_events) % 5], rng.integers(0, n_tickers, n_events)
    row = burst + rng.integers(0, 6, n_events)
    cell = np.unique(row * n_tickers + ticker)
    row, ticker = cell // n_tickers, cell % n_tickers
    y[: max(int(row[ticker == 0].min(initial=length)) - 75, 0), 0] = np.nan
    return _assemble(y, market, row, ticker, estimation)


def catalog_regime(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The catalog with volatility 1.5 times as high from the first burst on."""
    return catalog(rng, n_events, 1.5)


def one_by_one(
    rng: np.random.Generator, n_events: int, estimation: Window, *, volatile: bool
) -> SimulatedMarket:
    """Unrelated securities (spread 3%) with one event each, on one day.

    For tests that look at one event alone. With `volatile` the log volatility of each moves slowly.
    """
    length = -estimation.start + _LAST
    market = 0.0004 + 0.009 * _innovations(rng, (length,))
    own = 0.03 * _innovations(rng, (length, n_events))
    if volatile:
        own *= np.exp(_slow(rng, (length, n_events), 0.10))
    row = np.full(n_events, -estimation.start)
    return _assemble(market[:, None] + own, market, row, np.arange(n_events), estimation)


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
}


def _market(rng: np.random.Generator, industry: Ints, length: int) -> tuple[Floats, Floats]:
    """Returns (T, N) and the market's (T,).

    Beta, an industry factor of 0.7%, own spread about 2.1%.
    """
    n = len(industry)
    market = 0.0004 + 0.009 * _innovations(rng, (length,))
    factor = 0.007 * _innovations(rng, (length, 5))
    own = rng.lognormal(np.log(0.021), 0.4, n) * _innovations(rng, (length, n))
    return rng.uniform(0.5, 1.5, n) * market[:, None] + factor[:, industry] + own, market


def _innovations(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Mean 0, variance 1, skewness 0.58, excess kurtosis 2.5.

    Half Student t with 5 degrees of freedom, half chi-squared with 3.
    """
    tails = rng.standard_t(5, shape) / np.sqrt(5 / 3)
    skewed = (rng.chisquare(3, shape) - 3) / np.sqrt(6)
    return np.asarray(np.sqrt(0.498) * tails + np.sqrt(0.502) * skewed)


def _slow(rng: np.random.Generator, shape: tuple[int, int], step: float) -> Floats:
    """Log volatility: a first-order autoregression of 0.97 started in its own distribution."""
    from scipy.signal import lfilter

    shocks = step * rng.standard_normal(shape)
    shocks[0] /= np.sqrt(1 - 0.97**2)
    return np.asarray(lfilter([1.0], [1.0, -0.97], shocks, axis=0))


def _assemble(
    y: Floats, market: Floats, row: Ints, ticker: Ints, estimation: Window
) -> SimulatedMarket:
    sessions = pd.bdate_range("2010-01-04", periods=len(y))
    names = tuple(f"S{i:03d}" for i in range(y.shape[1]))
    returns = Returns(
        np.column_stack([np.clip(y, -0.95, None), market]), sessions, (*names, BENCHMARK)
    )
    events = pd.DataFrame(
        {
            "event_id": np.arange(len(row)).astype(str),
            "ticker": np.array(names, dtype=object)[ticker],
        }
    )
    return SimulatedMarket(returns, events.assign(event_session=sessions[row]), estimation)
