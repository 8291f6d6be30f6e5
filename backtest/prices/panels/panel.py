"""A checked panel of daily prices, and one made from a table a ticker.

What is missing stays missing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.fields import FIELDS
from backtest.prices.panels.blocks import stacked
from backtest.prices.panels.clock import Clock
from backtest.prices.panels.returns import Returns
from backtest.prices.sources.files.table import PriceTable
from events import Sessions
from events.arguments import yes_no
from events.clock.exchanges import HOME, exchange_of
from events.words import count

MARGIN = pd.Timedelta(
    days=10
)  # no exchange is closed for longer, so that a lone Sunday still meets a calendar


@dataclass(frozen=True, eq=False, repr=False)
class PricePanel:
    """Daily prices, sessions x tickers (sorted), NaN where missing.

    `open`, `high`, `low`, `close` are split-adjusted with dividends left out, `adjusted` has them
    in; a field a source does not give is all NaN. `source` is a label for people, `simulated` says
    whether a market made them, `notes` what a reader must know of them, `understood` how each file
    was read, `snapshots` the ids in the store they came from (empty for other sources). `others`
    are the panels of tickers that trade on other exchanges, each on its own sessions. Readers and
    the store give this; `Prices` is the same, with the ways to open it.
    """

    open: pd.DataFrame
    high: pd.DataFrame
    low: pd.DataFrame
    close: pd.DataFrame
    adjusted: pd.DataFrame
    volume: pd.DataFrame
    source: str
    calendar: str = "XNYS"
    simulated: bool = False
    notes: tuple[str, ...] = field(default=())
    snapshots: tuple[str, ...] = field(default=())
    understood: tuple[str, ...] = field(default=())
    others: tuple[Self, ...] = field(default=())

    @property
    def sessions(self) -> pd.DatetimeIndex:
        """The sessions of the calendar from the first to the last price."""
        return pd.DatetimeIndex(self.close.index)

    @cached_property
    def clock(self) -> Clock:
        """The sessions by number."""
        return Clock(self.sessions)

    @property
    def tickers(self) -> tuple[str, ...]:
        """The tickers that have prices."""
        return tuple(self.close.columns)

    @cached_property
    def digest(self) -> str:
        """The sha256 of the content (hex)."""
        total = hashlib.sha256(repr((self.calendar, self.simulated, self.tickers)).encode())
        total.update(self.sessions.strftime("%Y-%m-%d").to_numpy().astype("U10").tobytes())
        for name in FIELDS:
            values = getattr(self, name).to_numpy(dtype="<f8")
            total.update(
                np.where(np.isnan(values), np.nan, values).tobytes()
            )  # one NaN, whatever made it
        for other in self.others:
            total.update(other.digest.encode())
        return total.hexdigest()

    @property
    def panels(self) -> tuple[Self, ...]:
        """These prices, and those of each other exchange."""
        return (self, *self.others)

    def panel_of(self, ticker: str) -> Self | None:
        """The panel of the exchange a ticker trades on; None where nobody has its prices."""
        return next((panel for panel in self.panels if ticker in panel.tickers), None)

    @property
    def all_tickers(self) -> tuple[str, ...]:
        """The tickers of every exchange."""
        return tuple(ticker for panel in self.panels for ticker in panel.tickers)

    def closes(self, tickers: Iterable[str]) -> pd.DataFrame:
        """Closes of tickers of any exchange, side by side on the dates that one of them has."""
        names = list(tickers)
        if set(names) <= set(self.tickers):
            return self.close[names]
        found = [(name, self.panel_of(name)) for name in names]
        series = [panel.close[name] for name, panel in found if panel is not None]
        return pd.concat(series, axis=1).sort_index()

    def returns(self, *, dividends: bool = True) -> Returns:
        """Simple returns, total or (without `dividends`) of the price alone.

        NaN where one of the two closes is.
        """
        yes_no("dividends", dividends)
        if self.others:
            return self._returns_of_all(dividends)
        closes = (self.adjusted if dividends else self.close).to_numpy(dtype=np.float64)
        values = np.full(closes.shape, np.nan)
        values[1:] = closes[1:] / closes[:-1] - 1.0
        return Returns(
            values, self.sessions, self.tickers, self.calendar,
            source=self.source, simulated=self.simulated,
        )  # fmt: skip

    def _returns_of_all(self, dividends: bool) -> Returns:
        """The returns of every exchange, each on its own sessions."""
        alone: tuple[PricePanel, ...] = (replace(self, others=()), *self.others)
        parts = [panel.returns(dividends=dividends) for panel in alone]
        values, sessions, blocks = stacked(
            [(one.calendar, one.sessions, one.values) for one in parts]
        )
        return Returns(
            values, sessions, self.all_tickers, self.calendar,
            source=self.source, simulated=self.simulated, blocks=blocks,
        )  # fmt: skip

    def adjusted_open(self) -> pd.DataFrame:
        """Opens on the scale of the adjusted closes."""
        return self.open * self.adjusted / self.close

    def __repr__(self) -> str:
        made = " (SIMULATED)" if self.simulated else ""
        span = ""
        if len(self.sessions):
            span = f", {self.sessions[0].date()} to {self.sessions[-1].date()}"
        return (
            f"<{type(self).__name__} from {self.source}{made}: "
            f"{count(len(self.tickers), 'ticker')}{span}>"
        )


def assemble(
    tables: Mapping[str, PriceTable],
    source: str,
    calendar: str = "XNYS",
    simulated: bool = False,
    notes: tuple[str, ...] = (),
    exchanges: Mapping[str, str] | None = None,
    understood: tuple[str, ...] = (),
) -> PricePanel:
    """Put checked tables side by side on the sessions between the first price and the last.

    Sessions nobody has a price for are rows of NaN. Tickers of an exchange of other hours (that of
    their suffix, or of `exchanges`, ticker -> exchange) are panels of their own, in `others`. One
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
) -> PricePanel:
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
    return PricePanel(
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
    mine = Sessions.exchange(one, first, last)
    theirs = Sessions.exchange(other, first, last)
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
