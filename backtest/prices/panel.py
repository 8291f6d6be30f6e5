"""From one table a ticker to a panel on the exchange's sessions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.prices import FIELDS, Prices
from events import Sessions


def assemble(
    tables: Mapping[str, pd.DataFrame],
    source: str,
    calendar: str = "XNYS",
    simulated: bool = False,
    notes: tuple[str, ...] = (),
) -> Prices:
    """Put checked tables (dates x fields, one a ticker) side by side on the sessions between first and last.

    Sessions nobody has a price for are rows of NaN. Raises `PriceError` for a date on which the exchange is closed.
    """
    if not tables:
        raise PriceError(f"{source}: no prices")
    first = min(table.index[0] for table in tables.values())
    last = max(table.index[-1] for table in tables.values())
    sessions = Sessions.exchange(calendar, first, last).dates
    for ticker, table in tables.items():
        strangers = table.index.difference(sessions)
        if len(strangers):
            raise PriceError(
                f"{ticker}: {strangers[0].date()} is not a session of {calendar}; "
                "remove the row, or name the exchange the prices are from"
            )
    columns = sorted(tables)
    fields = {
        name: pd.DataFrame(
            {ticker: tables[ticker][name].reindex(sessions) for ticker in columns}, index=sessions, dtype="float64"
        )
        for name in FIELDS
    }
    return Prices(**fields, source=source, calendar=calendar, simulated=simulated, notes=notes)
