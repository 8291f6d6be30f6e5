"""The catalogs event studies meet.

After Brown and Warner (1980, 1985), with skewed, fat-tailed innovations (skewness 0.6, excess
kurtosis 2.5), five industries, and the clustered, volatile catalog this project is about.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.prices import Returns
from backtest.study.check.designs.made import (
    LAST,
    SimulatedMarket,
    assemble,
    innovations,
    market_model,
    slow,
)
from backtest.study.running_sums import Ints
from backtest.study.windows import Window


def independent(
    rng: np.random.Generator, n_events: int, estimation: Window = Window(-260, -11)
) -> SimulatedMarket:
    """Every event of a security of its own on a day of its own, five industries mixed."""
    reach = 25 * n_events
    row = -estimation.start + rng.permutation(reach)[:n_events]
    y, market = market_model(rng, np.arange(n_events) % 5, reach - estimation.start + LAST)
    return assemble(y, market, row, np.arange(n_events), estimation)


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
    y, market = market_model(rng, industry, 260 + LAST)
    return assemble(y, market, np.full(n, 260), np.arange(n), estimation)


def event_variance(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days of their own; the variance of every event session doubles."""
    estimation, reach = Window(-260, -11), 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    y, market = market_model(rng, np.arange(n_events) % 5, reach + 260 + LAST)
    for event, start in enumerate(row):
        spread = y[start - 250 : start - 10, event].std()
        y[start : start + 21, event] += spread * innovations(rng, (21,))
    return assemble(y, market, row, np.arange(n_events), estimation)


def overlap(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """One industry, days within 30 sessions."""
    row = 260 + rng.integers(0, 30, n_events)
    y, market = market_model(rng, np.zeros(n_events, dtype=np.int64), 290 + LAST)
    return assemble(y, market, row, np.arange(n_events), Window(-260, -11))


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
    length = reach + 260 + LAST
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    first, own = innovations(rng, (2, length, n_events))
    second = np.arange(n_events) % 2 == 1
    own[:, second] = rho * first[:, second] + np.sqrt(1 - rho**2) * own[:, second]
    own[:, ~second] = first[:, np.flatnonzero(~second) + 1]
    y = rng.uniform(0.5, 1.5, n_events) * market[:, None] + 0.021 * own
    placed = assemble(y, market, row, np.arange(n_events), estimation)
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
    shock = innovations(rng, (n_events,))[announcement]
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
    y, market = market_model(rng, np.zeros(1, dtype=np.int64), 300 + LAST)
    return assemble(y, market, row, np.zeros(n_events, dtype=np.int64), Window(-260, -11))


def skewed(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days and securities of their own, innovations of skewness 2.8 (chi-squared with 1)."""
    estimation, reach = Window(-260, -11), 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    length = reach + 260 + LAST
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    own = 0.021 * (rng.chisquare(1, (length, n_events)) - 1) / np.sqrt(2)
    y = rng.uniform(0.5, 1.5, n_events) * market[:, None] + own
    return assemble(y, market, row, np.arange(n_events), estimation)


def catalog(rng: np.random.Generator, n_events: int, regime: float = 1.0) -> SimulatedMarket:
    """Eight tickers, one listed late, events in five bursts.

    Volatility moves, and all load on one factor. `regime` multiplies the volatility from the first
    burst on.
    """
    n_tickers, length, estimation = 8, 420, Window(-130, -11)
    volatility = np.exp(slow(rng, (length, n_tickers), 0.06) + slow(rng, (length, 1), 0.06))
    factor = 0.010 * np.exp(slow(rng, (length, 1), 0.06)) * innovations(rng, (length, 1))
    spread = rng.lognormal(np.log(0.026), 0.3, n_tickers)
    own = spread * volatility * innovations(rng, (length, n_tickers)) + factor * rng.uniform(
        0.6, 1.6, n_tickers
    )
    centres = np.sort(rng.choice(np.arange(150, length - LAST - 8, 18), 5, replace=False))
    own[centres[0] :] *= regime
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    y = rng.uniform(0.8, 1.8, n_tickers) * market[:, None] + own
    burst, ticker = centres[np.arange(n_events) % 5], rng.integers(0, n_tickers, n_events)
    row = burst + rng.integers(0, 6, n_events)
    cell = np.unique(row * n_tickers + ticker)
    row, ticker = cell // n_tickers, cell % n_tickers
    y[: max(int(row[ticker == 0].min(initial=length)) - 75, 0), 0] = np.nan
    return assemble(y, market, row, ticker, estimation)


def catalog_regime(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The catalog with volatility 1.5 times as high from the first burst on."""
    return catalog(rng, n_events, 1.5)


def one_by_one(
    rng: np.random.Generator, n_events: int, estimation: Window, *, volatile: bool
) -> SimulatedMarket:
    """Unrelated securities (spread 3%) with one event each, on one day.

    For tests that look at one event alone. With `volatile` the log volatility of each moves slowly.
    """
    length = -estimation.start + LAST
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    own = 0.03 * innovations(rng, (length, n_events))
    if volatile:
        own *= np.exp(slow(rng, (length, n_events), 0.10))
    row = np.full(n_events, -estimation.start)
    return assemble(market[:, None] + own, market, row, np.arange(n_events), estimation)
