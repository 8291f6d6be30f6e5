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
    YEAR,
    SimulatedMarket,
    assemble,
    industries_mixed,
    innovations,
    market_model,
    one_industry,
    slow,
)
from backtest.study.running_sums import Ints
from backtest.study.windows import Window


def independent(
    rng: np.random.Generator, n_events: int, estimation: Window = YEAR
) -> SimulatedMarket:
    """Every event of a security of its own on a day of its own, five industries mixed."""
    reach, history = 25 * n_events, -estimation.start
    row = history + rng.permutation(reach)[:n_events]
    y, market = market_model(rng, industries_mixed(n_events), reach + history + LAST)
    return assemble(y, market, row, np.arange(n_events), estimation)


def short_history(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same with 60 sessions of history."""
    return independent(rng, n_events, Window(-70, -11))


def same_day(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """All events on one day, five industries mixed."""
    return _one_day(rng, industries_mixed(n_events))


def same_day_industry(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """All events on one day in one industry."""
    return _one_day(rng, one_industry(n_events))


def _one_day(rng: np.random.Generator, industry: Ints) -> SimulatedMarket:
    n = len(industry)
    y, market = market_model(rng, industry, 260 + LAST)
    return assemble(y, market, np.full(n, 260), np.arange(n), YEAR)


def event_variance(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days of their own; the variance of every event session doubles."""
    reach = 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    y, market = market_model(rng, industries_mixed(n_events), reach + 260 + LAST)
    for event, start in enumerate(row):
        spread = y[start - 250 : start - 10, event].std()
        y[start : start + 21, event] += spread * innovations(rng, (21,))
    return assemble(y, market, row, np.arange(n_events), YEAR)


def overlap(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """One industry, days within 30 sessions."""
    row = 260 + rng.integers(0, 30, n_events)
    y, market = market_model(rng, one_industry(n_events), 290 + LAST)
    return assemble(y, market, row, np.arange(n_events), YEAR)


def stale(rng: np.random.Generator, n_events: int, share: float = 0.3) -> SimulatedMarket:
    """`overlap` with prices that on a `share` of the sessions are those of the session before.

    The return missed is made up for on the next session with a price of its own.
    """
    market = overlap(rng, n_events)
    values = market.returns.values
    level = np.log1p(values[:, :-1]).cumsum(axis=0)
    fresh = rng.random(level.shape) >= share
    fresh[0] = True
    session = np.arange(len(level))[:, None]
    last = np.maximum.accumulate(np.where(fresh, session, 0), axis=0)  # with a price of its own
    quoted = np.take_along_axis(level, last, axis=0)
    seen = np.expm1(np.diff(quoted, axis=0, prepend=0.0))
    with_market = np.column_stack([seen, values[:, -1]])
    returns = Returns(with_market, market.returns.sessions, market.returns.tickers)
    return SimulatedMarket(returns, market.events, market.estimation)


def stale_heavily(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same with 60% of the sessions stale."""
    return stale(rng, n_events, 0.6)


def opposed(rng: np.random.Generator, n_events: int, rho: float = -0.9) -> SimulatedMarket:
    """Announcements of two parties whose own returns correlate at `rho`, dates of their own."""
    reach = 25 * n_events
    announcement = np.arange(n_events) // 2
    dates = 260 + rng.permutation(reach)[:n_events]
    row = dates[2 * announcement]  # that of its first party
    length = reach + 260 + LAST
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    first, own = innovations(rng, (2, length, n_events))
    second = np.arange(n_events) % 2 == 1
    own[:, second] = rho * first[:, second] + np.sqrt(1 - rho**2) * own[:, second]
    own[:, ~second] = first[:, np.flatnonzero(~second) + 1]
    beta = rng.uniform(0.5, 1.5, n_events)
    y = beta * market[:, None] + 0.021 * own
    placed = assemble(y, market, row, np.arange(n_events), YEAR)
    events = placed.events.assign(event_id=announcement.astype(str))
    return SimulatedMarket(placed.returns, events, YEAR)


def shared(rng: np.random.Generator, n_events: int, variance: float = 2.0) -> SimulatedMarket:
    """Announcements of three parties each, five industries mixed; a shock all three share.

    The shock multiplies the variance of day 0 by `variance`.
    """
    market = independent(rng, n_events)
    announcement = np.arange(n_events) // 3
    sessions = market.returns.sessions
    dates = sessions.get_indexer(pd.DatetimeIndex(market.events["event_session"]))
    row = dates[3 * announcement]  # the day of the first party
    values = market.returns.values.copy()
    shock = innovations(rng, (n_events,))[announcement]
    for event, start in enumerate(row):
        before = values[start - 250 : start - 10]
        spread = (before[:, event] - before[:, -1]).std()  # about the market, the last column
        values[start, event] += np.sqrt(variance - 1.0) * spread * shock[event]
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
    y, market = market_model(rng, one_industry(1), 300 + LAST)
    the_only_one = np.zeros(n_events, dtype=np.int64)
    return assemble(y, market, row, the_only_one, YEAR)


def skewed(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Days and securities of their own, innovations of skewness 2.8 (chi-squared with 1)."""
    reach = 25 * n_events
    row = 260 + rng.permutation(reach)[:n_events]
    length = reach + 260 + LAST
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    squares = rng.chisquare(1, (length, n_events))
    own = 0.021 * (squares - 1) / np.sqrt(2)
    beta = rng.uniform(0.5, 1.5, n_events)
    y = beta * market[:, None] + own
    return assemble(y, market, row, np.arange(n_events), YEAR)


def catalog(rng: np.random.Generator, n_events: int, regime: float = 1.0) -> SimulatedMarket:
    """Eight tickers, one listed late, events in five bursts.

    Volatility moves, and all load on one factor. `regime` multiplies the volatility from the first
    burst on.
    """
    n_tickers, length, estimation = 8, 420, Window(-130, -11)
    volatility = np.exp(slow(rng, (length, n_tickers), 0.06) + slow(rng, (length, 1), 0.06))
    of_factor = np.exp(slow(rng, (length, 1), 0.06))
    factor = 0.010 * of_factor * innovations(rng, (length, 1))
    spread = rng.lognormal(np.log(0.026), 0.3, n_tickers)
    alone = spread * volatility * innovations(rng, (length, n_tickers))
    loading = rng.uniform(0.6, 1.6, n_tickers)
    own = alone + factor * loading
    possible = np.arange(150, length - LAST - 8, 18)
    centres = np.sort(rng.choice(possible, 5, replace=False))
    own[centres[0] :] *= regime
    market = 0.0004 + 0.009 * innovations(rng, (length,))
    beta = rng.uniform(0.8, 1.8, n_tickers)
    y = beta * market[:, None] + own
    burst = centres[np.arange(n_events) % 5]
    ticker = rng.integers(0, n_tickers, n_events)
    row = burst + rng.integers(0, 6, n_events)
    # one event a ticker and session
    row, ticker = np.divmod(np.unique(row * n_tickers + ticker), n_tickers)
    # the first ticker is listed 75 sessions before its first event
    listed = int(row[ticker == 0].min(initial=length)) - 75
    y[: max(listed, 0), 0] = np.nan
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
