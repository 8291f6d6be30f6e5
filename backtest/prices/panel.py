"""From one table a ticker to a panel on the exchange's sessions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.prices import FIELDS, Prices
from backtest.prices.sources.table import Table
from events import Sessions

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

    Sessions nobody has a price for are rows of NaN. Raises `PriceError` for a date on which the
    exchange is closed.
    """
    if not tables:
        raise PriceError(f"{source}: no prices")
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
