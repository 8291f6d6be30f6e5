"""From one table a ticker to a panel on the exchange's sessions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.prices import FIELDS, Prices
from backtest.prices.sources.table import Table
from events import Sessions
from events.clock.exchanges import HOME, exchange_of

_MARGIN = pd.Timedelta(
    days=10
)  # no exchange is closed for longer, so that a lone Sunday still meets a calendar


def assemble(
    tables: Mapping[str, Table],
    source: str,
    calendar: str = "XNYS",
    simulated: bool = False,
    notes: tuple[str, ...] = (),
) -> Prices:
    """Put checked tables side by side on the sessions between the first price and the last.

    Sessions nobody has a price for are rows of NaN. A ticker whose suffix names an exchange of
    other hours is set aside with a note, unless there is no other kind. Raises `PriceError` for a
    date on which the exchange is closed.
    """
    if not tables:
        raise PriceError(f"{source}: no prices")
    tables, aside = _of_exchange(tables, calendar)
    notes = notes + aside
    filled = [table.frame for table in tables.values() if len(table.frame)]
    if not filled:
        raise _nothing(source, tables)
    first, last = min(one.index[0] for one in filled), max(one.index[-1] for one in filled)
    around = Sessions.exchange(calendar, first - _MARGIN, last + _MARGIN).dates
    for table in tables.values():
        _on_sessions(table, around, calendar)
    spans = [
        _span(table.frame) for table in tables.values() if table.frame.notna().to_numpy().any()
    ]
    if not spans:
        raise _nothing(source, tables)
    sessions = around[
        (around >= min(start for start, _ in spans)) & (around <= max(end for _, end in spans))
    ]
    columns = sorted(tables)
    fields = {name: _side_by_side(tables, name, columns, sessions) for name in FIELDS}
    said = tuple(f"{ticker}: {tables[ticker].note}" for ticker in columns if tables[ticker].note)
    return Prices(
        **fields,
        source=source,
        calendar=calendar,
        simulated=simulated,
        notes=notes + said,
        snapshots=(),
    )


def _nothing(source: str, tables: Mapping[str, Table]) -> PriceError:
    return PriceError(f"{source}: every price of {', '.join(sorted(tables)[:5])} is missing")


def _of_exchange(
    tables: Mapping[str, Table], calendar: str
) -> tuple[dict[str, Table], tuple[str, ...]]:
    """The tables whose tickers trade on the panel's hours, and a note for each of the others.

    On another exchange's sessions day 0 would be wrong: Tokyo closes before New York opens. A
    ticker without a suffix is of the exchange the panel is said to be of.
    """
    foreign = {
        ticker: exchange
        for ticker, table in tables.items()
        if (exchange := exchange_of(ticker)) not in (HOME, calendar)
        and len(table.frame)
        and not _same_hours(exchange, calendar, table.frame.index)
    }
    kept = {ticker: table for ticker, table in tables.items() if ticker not in foreign}
    if not kept:  # whoever asks for nothing else gets it, and is told
        odd = "{}: trades on {}, and is taken on the sessions and hours of {}"
        said = (odd.format(ticker, exchange, calendar) for ticker, exchange in foreign.items())
        return dict(tables), tuple(sorted(said))
    notes = tuple(
        f"{ticker}: set aside, it trades on {exchange}, whose hours are not those of {calendar}"
        for ticker, exchange in sorted(foreign.items())
    )
    return kept, notes


def _same_hours(one: str, other: str, dates: pd.Index) -> bool:
    """Whether two exchanges open and close at the same instants around these dates."""
    first, last = dates[0] - _MARGIN, dates[-1] + _MARGIN
    mine, theirs = (Sessions.exchange(name, first, last) for name in (one, other))
    return mine.opens.equals(theirs.opens) and mine.closes.equals(theirs.closes)


def _span(frame: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    rows = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
    return frame.index[rows[0]], frame.index[rows[-1]]


def _on_sessions(table: Table, sessions: pd.DatetimeIndex, calendar: str) -> None:
    dates = pd.DatetimeIndex(table.frame.index)
    for row in np.flatnonzero(~dates.isin(sessions))[:1]:
        raise PriceError(
            f"{table.places[row]}: {dates[row].date()} is not a session of {calendar}; "
            "remove the row, or name the exchange the prices are from"
        )


def _side_by_side(
    tables: Mapping[str, Table], name: str, columns: list[str], sessions: pd.DatetimeIndex
) -> pd.DataFrame:
    values = np.full((len(sessions), len(columns)), np.nan)
    for position, ticker in enumerate(columns):
        frame = tables[ticker].frame
        inside = (frame.index >= sessions[0]) & (frame.index <= sessions[-1])
        values[sessions.searchsorted(frame.index[inside]), position] = frame[name].to_numpy()[
            inside
        ]
    values.flags.writeable = False  # a panel is a fact; the sample's is even shared
    return pd.DataFrame(values, index=sessions, columns=pd.Index(columns, dtype=object), copy=False)
