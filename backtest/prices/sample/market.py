"""A simulated market, made by this file alone, for trying the tool without a network.

It is not real. Daily returns are `beta_m m + beta_i a + e + injected`: a market factor m, a factor
a of the AI industry and own shocks e, all with fat tails (Student t with 5 degrees of freedom) and
volatility clusters (GARCH), plus the abnormal returns of `sample_truth`, which are known, so that
what a study finds can be checked. Every series starts at 100. A security has its own random stream,
so that adding one changes no other.
"""

from __future__ import annotations

from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.panels.panel import PricePanel, assemble
from backtest.prices.sample.securities import END, SECURITIES, START, Security
from backtest.prices.sources.files.table import PriceTable
from events import Catalog, Sessions, place_events

Floats = NDArray[np.float64]

_SEED = 20250328
_MARKET = (0.0004, 0.0095)  # mean and standard deviation of the market factor a session
_INDUSTRY = (0.0004, 0.0120)
_STYLE = (0.0001, 0.0060)  # the same of each factor that is not the market
_RISK_FREE = 0.000159  # a session: 4% a year
_ARCH, _GARCH, _TAIL = 0.06, 0.92, 5
_WORST = -0.5  # no session loses more than half
_STARTING_PRICE = 100.0
DRIFT_DAYS = 5

# By the first role of a party: its abnormal return on day 0, and on each of the five sessions after
# it.
EFFECTS: dict[str, tuple[float, float]] = {
    "supplier": (0.040, 0.003),
    "target": (0.060, 0.0),
    "landlord": (0.040, 0.002),
    "customer": (0.010, 0.0),
    "tenant": (0.010, 0.0),
    "investor": (0.005, 0.0),
    "read_through": (0.005, 0.0),
    "competitor": (-0.015, 0.0),
    "issuer": (-0.020, 0.0),
}


def sample_events() -> pd.DataFrame:
    """The bundled catalog's events of the sample's securities, placed on its sessions."""
    events = place_events(Catalog.bundled().events(), Sessions.exchange("XNYS", START, END))
    known = events["ticker"].isin([security.ticker for security in SECURITIES])
    return events[known & events["event_session"].notna()].reset_index(drop=True)


def sample_truth() -> pd.DataFrame:
    """One row an event and day: event_id, ticker, event_session, day, abnormal (a fraction).

    The effect follows from the party's first role alone (`EFFECTS`); other roles have none.
    """
    rows = [
        (event.event_id, event.ticker, event.event_session, day, first if day == 0 else later)
        for event in sample_events().itertuples()
        for first, later in [EFFECTS.get(str(event.role), (0.0, 0.0))]
        for day in range(DRIFT_DAYS + 1)
        if (first if day == 0 else later) != 0
    ]
    return pd.DataFrame(rows, columns=["event_id", "ticker", "event_session", "day", "abnormal"])


@cache
def sample_prices() -> PricePanel:
    """The whole simulated market, the same on every call."""
    sessions = Sessions.exchange("XNYS", START, END).dates
    injected = _injected(sessions)
    market, industry = sample_factors().to_numpy().T
    tables = {}
    for security in SECURITIES:
        own = security.sigma * _shocks(security.ticker, len(sessions))
        normal = security.market_beta * market + security.industry_beta * industry + own
        bars = _table(security, sessions, normal, injected[security.ticker].to_numpy())
        tables[security.ticker] = PriceTable(bars, ())
    return assemble(tables, "the simulated sample market", simulated=True)


def sample_factors() -> pd.DataFrame:
    """The two factors behind the simulated returns: sessions x (market, industry), fractions."""
    sessions = Sessions.exchange("XNYS", START, END).dates
    made = {
        "market": _factor("market", *_MARKET, len(sessions)),
        "industry": _factor("industry", *_INDUSTRY, len(sessions)),
    }
    return pd.DataFrame(made, index=sessions)


def sample_french_factors() -> pd.DataFrame:
    """Simulated factors in the form of the Ken French library.

    Sessions x (Mkt-RF, SMB, HML, RMW, CMA, Mom, RF). Mkt-RF is the simulated market's return less
    RF, the others move on their own and no security loads on them. Fractions, with the digits the
    library gives.

    >>> list(sample_french_factors())
    ['Mkt-RF', 'SMB', 'HML', 'RMW', 'CMA', 'Mom', 'RF']
    """
    market = sample_factors()["market"]
    own = {
        name: _factor(name, *_STYLE, len(market)) for name in ("SMB", "HML", "RMW", "CMA", "Mom")
    }
    return pd.DataFrame(
        {"Mkt-RF": market - _RISK_FREE, **own, "RF": _RISK_FREE}, index=market.index
    ).round(6)


def _injected(sessions: pd.DatetimeIndex) -> pd.DataFrame:
    """Abnormal returns added to each session, (sessions x tickers)."""
    truth = sample_truth()
    out = pd.DataFrame(0.0, index=sessions, columns=[security.ticker for security in SECURITIES])
    rows = sessions.get_indexer(pd.DatetimeIndex(truth["event_session"])) + truth["day"].to_numpy()
    columns = out.columns.get_indexer(pd.Index(truth["ticker"]))
    inside = rows < len(sessions)
    values = out.to_numpy(copy=True)
    np.add.at(values, (rows[inside], columns[inside]), truth["abnormal"].to_numpy()[inside])
    return pd.DataFrame(values, index=sessions, columns=out.columns)


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng([_SEED, crc32(name.encode())])


def _factor(name: str, mean: float, sigma: float, n_sessions: int) -> Floats:
    return mean + sigma * _shocks(name, n_sessions)


def _shocks(name: str, n_sessions: int) -> Floats:
    """Shocks of unit variance with fat tails and GARCH(1,1) clusters."""
    tails = _random(name).standard_t(_TAIL, n_sessions) / np.sqrt(_TAIL / (_TAIL - 2))
    out = np.empty(n_sessions)
    variance = 1.0
    for i, tail in enumerate(tails):
        out[i] = np.sqrt(variance) * tail
        variance = (1 - _ARCH - _GARCH) + _ARCH * min(out[i] ** 2, 25.0) + _GARCH * variance
    return out


def _table(
    security: Security, sessions: pd.DatetimeIndex, normal: Floats, injected: Floats
) -> pd.DataFrame:
    """Daily bars of one security from its listing on.

    The injected part of a return comes with the open.
    """
    start = sessions.searchsorted(pd.Timestamp(security.listed))
    sessions, normal, injected = sessions[start:], normal[start:], injected[start:]
    total = np.maximum(normal + injected, _WORST)
    total[0] = 0.0
    paid = _dividends(security, sessions)
    close = _STARTING_PRICE * np.cumprod((1 + total) * (1 - paid))
    random = _random(f"{security.ticker} bars")
    open_ = np.append(close[0], close[:-1] * (1 - paid[1:]))
    open_ = open_ * np.maximum(
        1 + 0.3 * normal + injected + 0.2 * security.sigma * random.standard_normal(len(close)), 0.5
    )
    reach = 1 + 0.5 * security.sigma * np.abs(random.standard_normal((2, len(close))))
    close, open_ = np.maximum(close.round(2), 0.01), np.maximum(open_.round(2), 0.01)
    activity = np.exp(0.35 * random.standard_normal(len(close))) * (
        1 + 0.6 * np.abs(total) / security.sigma
    )
    return pd.DataFrame(
        {
            "open": open_,
            "high": (np.maximum(open_, close) * reach[0]).round(2),
            "low": np.minimum(
                (np.minimum(open_, close) / reach[1]).round(2), np.minimum(open_, close)
            ),
            "close": close,
            "adjusted": (close * _later(1 - paid)).round(6),
            "volume": (5e6 * activity).round(-2),
        },
        index=sessions,
    )


def _dividends(security: Security, sessions: pd.DatetimeIndex) -> Floats:
    """The fraction of the previous close paid on each session.

    A quarter of the yield on the first of each quarter.
    """
    quarter = sessions.year * 4 + sessions.quarter
    first = np.append(False, np.diff(quarter) != 0)
    return np.where(first, security.dividend_yield / 4, 0.0)


def _later(kept: Floats) -> Floats:
    """The product of what later dividends leave.

    So that the last adjusted close is the last close.
    """
    return np.append(np.cumprod(kept[::-1])[::-1][1:], 1.0)
