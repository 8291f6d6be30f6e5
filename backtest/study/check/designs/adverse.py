"""Catalogs thought up to break the tests, each as some researcher's is."""

from __future__ import annotations

import numpy as np
import pandas as pd

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

_FIRST = -YEAR.start  # the first session that has a whole estimation window


def shared_date(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Dates of three announcements of their own; one industry, whose news doubles the variance.

    The shock is the date's: a list of tickers and dates does not say who shares it.
    """
    dates = n_events // 3
    reach = 25 * dates
    chosen = np.sort(rng.permutation(reach)[:dates])
    row = np.repeat(_FIRST + chosen, 3)
    y, market = market_model(rng, one_industry(3 * dates), _FIRST + reach + LAST)
    shock = np.repeat(innovations(rng, (dates,)), 3)
    ticker = np.arange(3 * dates)
    spread = y[:_FIRST].std(axis=0)
    y[row, ticker] += spread * shock
    return assemble(y, market, row, ticker, YEAR)


def three_dates(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """The same tickers of one industry on each of three dates within 60 sessions."""
    return _again(rng, n_events // 3, 3)


def two_tickers(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Two tickers of one industry, together on a few dates within 60 sessions."""
    return _again(rng, 2, n_events // 2)


def _again(rng: np.random.Generator, n_tickers: int, n_dates: int) -> SimulatedMarket:
    date = _FIRST + rng.permutation(60)[:n_dates]
    y, market = market_model(rng, one_industry(n_tickers), _FIRST + 60 + LAST)
    row = np.repeat(date, n_tickers)
    ticker = np.tile(np.arange(n_tickers), n_dates)
    return assemble(y, market, row, ticker, YEAR)


def few_tickers(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Four tickers of one industry, one eight times as volatile as another, dates in two years."""
    y, market = market_model(rng, one_industry(4), _FIRST + 500 + LAST)
    excess = y - market[:, None]
    y = market[:, None] + excess * np.array([0.5, 1.0, 2.0, 4.0])
    cell = rng.permutation(500 * 4)[:n_events]  # of sessions and tickers
    session, ticker = np.divmod(cell, 4)
    return assemble(y, market, _FIRST + session, ticker, YEAR)


def leak(rng: np.random.Generator, n_events: int, drift: float = 0.005) -> SimulatedMarket:
    """Dates of their own; prices drift up by half a percent a session from 30 to 2 before each."""
    reach = 25 * n_events
    row = _FIRST + rng.permutation(reach)[:n_events]
    y, market = market_model(rng, industries_mixed(n_events), _FIRST + reach + LAST)
    for event, start in enumerate(row):
        y[start - 30 : start - 1, event] += drift
    return assemble(y, market, row, np.arange(n_events), YEAR)


def after_run_up(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Each event the session after a run-up of 1.5 errors in 40 sessions, the first there is."""
    reach = 1000
    y, market = market_model(rng, industries_mixed(n_events), _FIRST + reach + LAST)
    level = np.cumsum(y - market[:, None], axis=0)
    error = np.sqrt(40.0) * y[:_FIRST].std(axis=0)
    now = level[_FIRST : _FIRST + reach]
    before = level[_FIRST - 40 : _FIRST + reach - 40]
    run_up = (now - before) / error
    after = (run_up > 1.5).argmax(axis=0) + 1  # the session after the first such run-up
    row = _FIRST + np.minimum(after, reach - 1)
    return assemble(y, market, row, np.arange(n_events), YEAR)


def volatile_times(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """A volatility that all share moves, and events come where it is high."""
    reach = 700
    log: np.ndarray = slow(rng, (_FIRST + reach + LAST, 1), 0.12)
    volatility = np.exp(log - log.var())
    market = 0.0004 + 0.009 * volatility[:, 0] * innovations(rng, (len(log),))
    factor = 0.007 * volatility * innovations(rng, (len(log), 5))
    spread = rng.lognormal(np.log(0.021), 0.4, n_events) * volatility**0.7
    own = spread * innovations(rng, (len(log), n_events))
    beta = rng.uniform(0.5, 1.5, n_events)
    y = beta * market[:, None] + own
    chance = volatility[_FIRST : _FIRST + reach, 0] ** 3
    row = _FIRST + rng.choice(reach, n_events, p=chance / chance.sum())
    y = y + factor[:, industries_mixed(n_events)]
    return assemble(y, market, row, np.arange(n_events), YEAR)


def season(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """Ten tickers of two industries, every quarter within 15 sessions, four times the variance."""
    quarters = n_events // 10
    y, market = market_model(rng, np.arange(10) % 2, _FIRST + 63 * quarters + LAST)
    first = _FIRST + 63 * np.arange(quarters)
    reported = rng.integers(0, 15, (quarters, 10))
    row = (first[:, None] + reported).ravel()
    ticker = np.tile(np.arange(10), quarters)
    spread = y[:_FIRST].std(axis=0)
    added = np.sqrt(3.0) * spread[ticker]  # three times the variance that is there already
    y[row, ticker] += added * innovations(rng, (len(row),))
    return assemble(y, market, row, ticker, YEAR)


def times_unknown(rng: np.random.Generator, n_events: int) -> SimulatedMarket:
    """One industry, dates within 30 sessions; every other event's time of day is not known."""
    row = _FIRST + rng.integers(0, 30, n_events)
    y, market = market_model(rng, one_industry(n_events), _FIRST + 30 + LAST)
    made = assemble(y, market, row, np.arange(n_events), YEAR)
    events: pd.DataFrame = made.events.assign(first_day_end=np.arange(n_events) % 2)
    return SimulatedMarket(made.returns, events, made.estimation)
