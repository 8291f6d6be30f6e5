"""Events of several exchanges: each placed on, and looked up among, the sessions of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.panels.returns import OWN_DATES, Returns
from events import Sessions

_BEFORE = pd.Timedelta(days=14)
_BEYOND = pd.Timedelta(days=60)  # an event just after the last return is still placed


def exchange_column(tickers: pd.Series, returns: Returns) -> pd.Series:
    """The exchange of each event's ticker, that of the panel where nobody has its prices."""
    if returns.blocks is None:
        return pd.Series(returns.calendar, tickers.index, dtype=object)
    names = returns.exchanges
    return tickers.astype(str).map(lambda one: names.get(one, returns.calendar)).astype(object)


def rows_of(frame: pd.DataFrame, returns: Returns) -> NDArray[np.int64]:
    """The row of each event's session, (N,), among those of its exchange.

    -1 where it is none of them.
    """
    days = pd.DatetimeIndex(frame["event_session"])
    if returns.blocks is None:
        return np.asarray(returns.sessions.get_indexer(days), dtype=np.int64)
    out = np.full(len(frame), -1, dtype=np.int64)
    exchanges = frame["exchange"].to_numpy(dtype=object)
    for name in returns.blocks.names:
        mine, rows = np.flatnonzero(exchanges == name), returns.blocks.rows(name)
        at = returns.sessions[rows].get_indexer(days[mine])
        out[mine] = np.where(at >= 0, at + rows.start, -1)
    return out


def sessions_of_ticker(ticker: str, returns: Returns) -> pd.DatetimeIndex:
    """The sessions of a ticker's exchange in the panel."""
    if returns.blocks is None:
        return returns.sessions
    return returns.sessions[returns.blocks.rows(returns.exchanges[ticker])]


def calendars_of(
    returns: Returns, announced_at: pd.Series, exchange: NDArray[np.object_]
) -> dict[str, Sessions]:
    """The calendar of every exchange among those of the events (N,), by name."""
    names = dict.fromkeys(exchange) or {returns.calendar: None}
    return {
        name: calendar_of(name, _sessions(name, returns), announced_at[exchange == name])
        for name in names
    }


def calendar_of(name: str, sessions: pd.DatetimeIndex, announced_at: pd.Series) -> Sessions:
    """An exchange's sessions around a study.

    From before the first announcement to weeks after the last one and the panel. A panel on dates
    of its own has no exchange: its sessions are New York's hours on those dates.
    """
    if name == OWN_DATES:
        return Sessions.from_dates(sessions)
    days = {str(at)[:10] for at in announced_at.unique()}  # of very many events few differ
    dates = pd.DatetimeIndex([pd.Timestamp(day) for day in days])
    if len(dates):
        first = min(dates.min(), sessions[0])
        last = max(dates.max(), sessions[-1])
    else:
        first = sessions[0]
        last = sessions[-1]
    return Sessions.exchange(name, first - _BEFORE, last + _BEYOND)


def _sessions(name: str, returns: Returns) -> pd.DatetimeIndex:
    blocks = returns.blocks
    if blocks is None:
        return returns.sessions
    return returns.sessions[blocks.rows(name)]
