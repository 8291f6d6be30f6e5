"""Events placed on the calendars of their securities: once a run, then handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.clock.instants import Bounds, Moments
from events.clock.placement import Placed, locate
from events.clock.sessions import Sessions
from events.errors import CalendarError
from events.record.vocabulary import Timing


@dataclass(frozen=True, eq=False)
class PlacedEvents:
    """N events, each on the calendar of its security: made once, and read by whoever needs a day 0.

    `frame` has one row an event, in the order given: its own columns, and `event_session`,
    `tradable_open` (datetime64, NaT outside the calendar), `first_day_end` (0 or 1) and
    `timing_flags`. `exchange` (N,) names the calendar of each, `calendars` holds them by name.

    >>> week = Sessions.from_dates(["2026-04-08", "2026-04-09", "2026-04-10"])
    >>> news = pd.DataFrame({"announced_at": ["2026-04-09T17:30:00-04:00", "2026-04-08"]})
    >>> PlacedEvents.on(news, week).positions
    array([2, 0])
    """

    frame: pd.DataFrame
    exchange: NDArray[np.object_]
    calendars: Mapping[str, Sessions]

    @classmethod
    def on(
        cls,
        events: pd.DataFrame,
        calendars: Sessions | Mapping[str, Sessions],
        exchange: NDArray[np.object_] | None = None,
    ) -> PlacedEvents:
        """Place events on one calendar, or each on that of its `exchange` (N,).

        Events are given as `place_events` takes them. Raises `CalendarError` for a time that cannot
        be read and for an exchange without a calendar.
        """
        if isinstance(calendars, Sessions):
            calendars = {calendars.name: calendars}
        if exchange is None:
            exchange = np.full(len(events), next(iter(calendars)), dtype=object)
        if lost := set(exchange) - set(calendars):
            raise CalendarError(f"no calendar for {', '.join(sorted(map(str, lost)))}")
        parts = [
            _located(events[exchange == name], calendar)
            for name, calendar in calendars.items()
            if len(calendars) == 1 or (exchange == name).any()
        ]
        if len(parts) == 1:
            whole = parts[0]
        else:
            whole = _in_order(parts, exchange, calendars)
        exchange = np.array(exchange, dtype=object)
        exchange.flags.writeable = False
        return cls(
            events.assign(
                timing=whole.timing.astype(str),
                event_session=whole.event_session,
                tradable_open=whole.tradable_open,
                first_day_end=whole.first_day_end,
                timing_flags=whole.flags.astype(str),
            ),
            exchange,
            dict(calendars),
        )

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """The number of each event's session on its own calendar, (N,); -1 outside it."""
        out = np.full(len(self), -1, dtype=np.int64)
        days = pd.DatetimeIndex(self.frame["event_session"])
        for name, calendar in self.calendars.items():
            mine = self.exchange == name
            out[mine] = calendar.dates.get_indexer(days[mine])
        return out

    def undated_opens(self, rows: NDArray[np.bool_]) -> NDArray[np.datetime64]:
        """The first tradable open of the events in `rows` (N,), were only their date known.

        Their bounds count too.
        """
        out = np.full(len(self), np.datetime64("NaT", "us"))
        for name, calendar in self.calendars.items():
            mine = rows & (self.exchange == name)
            if mine.any():
                out[mine] = _located(self.frame[mine], calendar, dates_only=True).tradable_open
        return out[rows]


def place_events(frame: pd.DataFrame, sessions: Sessions) -> pd.DataFrame:
    """Add to each event its session, its first tradable open, the end of its first day, and flags.

    `frame` has one row an event with `announced_at` (instant with offset, date, or ISO text of
    either) and, where only a date is known, `timing` and the instants `not_before` and `not_after`
    that bound it. The same rows come back in the same order
    with four columns more: `event_session` and `tradable_open` (datetime64, NaT outside the
    calendar), `first_day_end` (0 or 1) and `timing_flags`. For an instant, `timing` becomes where
    the instant fell.
    """
    return PlacedEvents.on(frame, sessions).frame


def _located(frame: pd.DataFrame, sessions: Sessions, *, dates_only: bool = False) -> Placed:
    """Place the rows on one calendar; with `dates_only` as if no time of day were known."""
    if "announced_at" not in frame.columns:
        raise CalendarError("the table of events has no column announced_at")
    moments = Moments.of(frame["announced_at"].tolist(), sessions.zone)
    unknown = pd.Series(Timing.UNKNOWN.value, frame.index)
    if dates_only:
        timing = unknown
    else:
        timing = frame.get("timing", unknown)
    words = timing.fillna(Timing.UNKNOWN.value).astype(str).to_numpy(dtype=object)
    return locate(sessions, moments.dates if dates_only else moments, words, _bounds(frame))


def _in_order(
    parts: list[Placed], exchange: NDArray[np.object_], calendars: Mapping[str, Sessions]
) -> Placed:
    """Columns of several exchanges, put back into the order of the events."""
    rows = np.concatenate([np.flatnonzero(exchange == name) for name in calendars])
    back = np.argsort(rows, kind="stable")
    return Placed(*(np.concatenate(columns)[back] for columns in zip(*parts, strict=True)))


def _bounds(frame: pd.DataFrame) -> Bounds | None:
    """The columns `not_before` and `not_after`, where the table has either."""
    names = ("not_before", "not_after")
    if not set(names) & set(frame.columns):
        return None
    low, high = (
        frame[name].tolist() if name in frame.columns else [None] * len(frame) for name in names
    )
    return Bounds.of(low, high)
