"""From a list of events to rows and columns of a panel of returns.

What cannot be aligned is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices.panels.returns import Returns
from backtest.study.place.sessions_given import check_columns, first_day_ends, sessions_of
from backtest.study.place.several import calendars_of, exchange_column, rows_of, sessions_of_ticker
from backtest.study.running_sums import Ints
from backtest.work.cached import cached_property
from backtest.work.passing import Places, once
from events import Catalog, PlacedEvents
from events.errors import suggest
from events.files.lists.cells import id_text, is_blank

_TEXT_DEFAULTS = {"role": "", "roles": "", "kind": "", "headline": "", "timing_flags": ""}


@dataclass(frozen=True, eq=False)
class AlignedEvents:
    """N events on a panel: the panel `row` of day 0, the `column` of the security.

    And where in `source` each stands. `frame` is the table of the events, one row each; it is cut
    from `source` when somebody asks for it.
    """

    source: pd.DataFrame
    row: Ints
    column: Ints
    place: Ints | None = None

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row an event."""
        if self.place is None:
            return self.source
        return self.source.iloc[self.place].reset_index(drop=True)

    @property
    def names(self) -> list[str]:
        """The announcement of each event."""
        return list(self.frame["event_id"].astype(str).tolist())

    def numbered(self) -> tuple[AlignedEvents, Ints]:
        """The events with the columns that have one numbered from 0, and these columns."""
        columns, position = np.unique(self.column, return_inverse=True)
        events = AlignedEvents(self.frame, self.row, position.astype(np.int64))
        return events, columns.astype(np.int64)

    @cached_property
    def announcement(self) -> Ints:
        """A number for the announcement of each event, (N,)."""
        identity = self.source["event_id"].to_numpy()
        if self.place is None:
            own = identity
        else:
            own = identity[self.place]
        return np.asarray(pd.factorize(own)[0], dtype=np.int64)

    def take(self, keep: Places) -> AlignedEvents:
        """The events at these positions."""
        if self.place is not None:
            place = self.place[keep]
        elif isinstance(keep, slice):
            place = np.arange(*keep.indices(len(self)))
        else:
            place = keep
        part = AlignedEvents(self.source, self.row[keep], self.column[keep], place)
        once(part, "announcement", lambda _: self.announcement[keep])
        return part


def align(
    events: Catalog | PlacedEvents | pd.DataFrame, returns: Returns
) -> tuple[AlignedEvents, pd.DataFrame]:
    """Place every event on the panel.

    Also a table of event_id, ticker and why for those that cannot be.
    """
    frame = table_of(events)
    check_columns(frame)
    if "event_session" not in frame.columns:
        frame = place(frame, returns).frame
    frame = _complete(frame)
    frame = frame.assign(ticker=_as_text(frame["ticker"]))
    if returns.blocks is not None:
        frame = frame.assign(exchange=exchange_column(frame["ticker"], returns))
    row = rows_of(frame, returns)
    column = pd.Index(returns.tickers).get_indexer(pd.Index(frame["ticker"]))
    keep = (row >= 0) & (column >= 0)
    dropped = frame.loc[~keep, ["event_id", "ticker", "event_session"]]
    placed = "announced_at" in frame.columns
    why = [
        _why(ticker, session, returns, placed=placed)
        for _, ticker, session in dropped.itertuples(index=False)
    ]
    kept = AlignedEvents(
        frame.loc[keep].reset_index(drop=True),
        row[keep].astype(np.int64),
        column[keep].astype(np.int64),
    )
    table = (
        dropped[["event_id", "ticker"]]
        .assign(why=pd.array(why, dtype="str"))
        .reset_index(drop=True)
    )
    return kept, table


def _as_text(tickers: pd.Series) -> pd.Series:
    """Write ids as a panel's columns are, so that 10001, "10001" and 10001.0 meet."""
    if all(isinstance(one, str) for one in tickers.unique()):
        return tickers
    return tickers.astype(object).map(lambda one: one if is_blank(one) else id_text(one))


def table_of(events: Catalog | PlacedEvents | pd.DataFrame) -> pd.DataFrame:
    """One row an event, whatever holds them."""
    if isinstance(events, PlacedEvents):
        return events.frame
    if isinstance(events, Catalog):
        return events.events()
    return events


def place(events: Catalog | pd.DataFrame, returns: Returns) -> PlacedEvents:
    """Find day 0 and the first tradable open of every event.

    On the calendar of its ticker's returns. The one place where study, conflicts and trading get
    their days from. Raises `StudyError` for a table without its columns, `CalendarError` for times
    that cannot be read.
    """
    frame = table_of(events)
    _require(frame, ("event_id", "ticker", "announced_at"))
    exchange = exchange_column(frame["ticker"], returns).to_numpy(dtype=object)
    calendars = calendars_of(returns, frame["announced_at"], exchange)
    return PlacedEvents.on(frame, calendars, exchange)


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    """Check the columns a study stands on and give the optional ones their defaults."""
    _require(frame, ("event_id", "ticker", "event_session"))
    repeated = frame.duplicated(["event_id", "ticker"])
    if repeated.any():
        first = frame.loc[repeated].iloc[0]
        raise StudyError(
            f"event {first['event_id']!r} has {first['ticker']} twice; "
            "give each event_id and ticker once"
        )
    missing = {name: value for name, value in _TEXT_DEFAULTS.items() if name not in frame.columns}
    return frame.assign(
        event_session=sessions_of(frame), first_day_end=first_day_ends(frame), **missing
    ).reset_index(drop=True)


def _require(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in frame.columns:
            raise StudyError(
                "the table of events has no column "
                f"{name!r}{suggest(name, map(str, frame.columns))}; "
                "it needs event_id, ticker and announced_at or event_session"
            )


def _why(ticker: str, session: pd.Timestamp, returns: Returns, *, placed: bool) -> str:
    """Why an event has no place on the panel; `placed`: its session was found from an instant."""
    if pd.isna(ticker):
        return "no ticker is given"
    if pd.isna(session) and not placed:
        return "no event session is given"
    if ticker not in returns.tickers:
        same = [one for one in returns.tickers if one.casefold() == str(ticker).casefold()]
        return f"no prices for {ticker}" + "".join(f"; there are some for {one}" for one in same)
    own = sessions_of_ticker(ticker, returns)
    first, last = own[0], own[-1]
    if pd.isna(session) or session > last:
        if pd.isna(session):
            when = "event session"
        else:
            when = f"event session {session:%Y-%m-%d}"
        return f"{when} is after the {returns.extent}, which end {last:%Y-%m-%d}"
    if session < first:
        return (
            f"event session {session:%Y-%m-%d} is before the {returns.extent}, "
            f"which start {first:%Y-%m-%d}"
        )
    raise StudyError(
        f"event session {session:%Y-%m-%d} of {ticker} is no row of the panel; "
        "use one of its sessions"
    )
