"""From one table a ticker to a panel on the exchange's sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import FIELDS
from backtest.prices.prices import Prices
from backtest.prices.sources.table import PriceTable
from events import Sessions
from events.clock.exchanges import HOME, exchange_of

MARGIN = pd.Timedelta(
    days=10
)  # no exchange is closed for longer, so that a lone Sunday still meets a calendar


def assemble(
    tables: Mapping[str, PriceTable],
    source: str,
    calendar: str = "XNYS",
    simulated: bool = False,
    notes: tuple[str, ...] = (),
    exchanges: Mapping[str, str] | None = None,
    understood: tuple[str, ...] = (),
) -> Prices:
    """Put checked tables side by side on the sessions between the first price and the last.

    Sessions nobody has a price for are rows of NaN. Tickers of an exchange of other hours (that
    of their suffix, or of `exchanges`, ticker -> exchange) are panels of their own, in `others`. One
    whose prices do not fit its exchange is set aside with a note, unless there is no other kind.
    Raises `PriceError` for a date on which the exchange is closed.
    """
    if not tables:
        raise PriceError(f"{source}: no prices")
    calendar, own, foreign = _by_exchange(tables, calendar, exchanges or {})
    others, aside = [], []
    for name, theirs in sorted(foreign.items()):
        try:
            others.append(_assembled(theirs, source, name, simulated, ()))
        except PriceError as error:
            aside.append(f"{', '.join(sorted(theirs))}: set aside ({error})")
    said = [
        f"{', '.join(one.tickers)}: on the sessions and hours of {one.calendar}" for one in others
    ]
    panel = _assembled(own, source, calendar, simulated, (*notes, *said, *aside))
    told = tuple(note for one in others for note in one.notes)
    whole = replace(panel, others=tuple(others), notes=panel.notes + told)
    return replace(whole, understood=understood)


def _assembled(
    tables: Mapping[str, PriceTable],
    source: str,
    calendar: str,
    simulated: bool,
    notes: tuple[str, ...],
) -> Prices:
    """The panel of one exchange."""
    filled = [table.frame for table in tables.values() if len(table.frame)]
    if not filled:
        raise _nothing(source, tables)
    first, last = min(one.index[0] for one in filled), max(one.index[-1] for one in filled)
    around = Sessions.exchange(calendar, first - MARGIN, last + MARGIN).dates
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
        open=fields["open"],
        high=fields["high"],
        low=fields["low"],
        close=fields["close"],
        adjusted=fields["adjusted"],
        volume=fields["volume"],
        source=source,
        calendar=calendar,
        simulated=simulated,
        notes=notes + said,
        snapshots=(),
    )


def _nothing(source: str, tables: Mapping[str, PriceTable]) -> PriceError:
    return PriceError(f"{source}: every price of {', '.join(sorted(tables)[:5])} is missing")


def _by_exchange(
    tables: Mapping[str, PriceTable], calendar: str, named: Mapping[str, str]
) -> tuple[str, dict[str, PriceTable], dict[str, dict[str, PriceTable]]]:
    """The panel's own calendar and tables, and those of exchanges of other hours.

    On another exchange's sessions day 0 would be wrong: Tokyo closes before New York opens. A
    ticker without a suffix is of the exchange the panel is said to be of. Where nothing is, the
    exchange of the most tickers is the panel's.
    """
    own: dict[str, PriceTable] = {}
    foreign: dict[str, dict[str, PriceTable]] = {}
    for ticker, table in tables.items():
        exchange = named.get(ticker) or exchange_of(ticker)
        home = exchange == calendar or (exchange == HOME and ticker not in named)
        if home or not len(table.frame) or same_hours(exchange, calendar, table.frame.index):
            own[ticker] = table
        else:
            foreign.setdefault(exchange, {})[ticker] = table
    if own and any(len(table.frame) for table in own.values()):
        return calendar, own, foreign
    if not foreign:
        return calendar, own, foreign
    sizes = Counter({name: len(theirs) for name, theirs in sorted(foreign.items())})
    first = sizes.most_common(1)[0][0]
    return first, {**own, **foreign.pop(first)}, foreign


def same_hours(one: str, other: str, dates: pd.Index) -> bool:
    """Whether two exchanges open and close at the same instants around these dates."""
    first, last = dates[0] - MARGIN, dates[-1] + MARGIN
    mine, theirs = (Sessions.exchange(name, first, last) for name in (one, other))
    return mine.opens.equals(theirs.opens) and mine.closes.equals(theirs.closes)


def _span(frame: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    rows = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
    return frame.index[rows[0]], frame.index[rows[-1]]


def _on_sessions(table: PriceTable, sessions: pd.DatetimeIndex, calendar: str) -> None:
    dates = pd.DatetimeIndex(table.frame.index)
    for row in np.flatnonzero(~dates.isin(sessions))[:1]:
        raise PriceError(
            f"{table.places[row]}: {dates[row].date()} is not a session of {calendar}; "
            "remove the row, or name the exchange the prices are from"
        )


def _side_by_side(
    tables: Mapping[str, PriceTable], name: str, columns: list[str], sessions: pd.DatetimeIndex
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
