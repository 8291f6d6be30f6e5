"""The sessions of an exchange, and where on them an announcement falls.

Two clocks, never one date for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from events.clock.hours import Hours
from events.clock.instants import Moments
from events.clock.placement import Placement, locate
from events.errors import CalendarError, suggest
from events.flag import flags_in
from events.record.vocabulary import Timing

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

DateLike = str | date | pd.Timestamp


class Sessions(Hours):
    """The hours of an exchange, or of dates given, and what falls on which of its sessions.

    >>> week = Sessions.from_dates(["2026-04-08", "2026-04-09", "2026-04-10"])
    >>> week.place(date(2026, 4, 9), "before_open").session
    Timestamp('2026-04-09 00:00:00')
    """

    @classmethod
    def exchange(cls, name: str, start: DateLike, end: DateLike) -> Sessions:
        """Take the sessions of an exchange (XNYS, XNAS, XLON, ...), both days included.

        Raises `CalendarError` for a name nobody knows and for a span without a session.
        """
        first, last = _date(start), _date(end)
        if first > last:
            raise CalendarError(f"{name}: start {first} is after end {last}")
        return _exchange(name, first, last)

    @classmethod
    def from_dates(cls, dates: Iterable[DateLike], name: str = "own dates") -> Sessions:
        """Take given dates as sessions of 9:30 to 16:00 in New York."""
        days = pd.DatetimeIndex([pd.Timestamp(day) for day in dates]).as_unit("us").normalize()
        return cls(name, days, _at(days, "9h30min"), _at(days, "16h"))

    def place(self, announced_at: date | datetime | str, timing: str = Timing.UNKNOWN) -> Placement:
        """Say when the market could first react to one announcement, and one could trade on it."""
        moments = Moments.of([announced_at], self.zone)
        placed = locate(self, moments, np.array([str(timing)], dtype=object))
        return Placement(
            session=_stamp(placed.event_session[0]),
            tradable_open=_stamp(placed.tradable_open[0]),
            first_day_end=int(placed.first_day_end[0]),
            flags=flags_in(placed.flags[0]),
            on=pd.Timestamp(moments.day[0]).date(),
        )


def _date(day: DateLike) -> date:
    try:
        return pd.Timestamp(day).date()
    except ValueError:
        raise CalendarError(f"{str(day)[:40]!r} is no date (write 2026-04-09)") from None


def _stamp(value: np.datetime64) -> pd.Timestamp | None:
    if np.isnat(value):
        return None
    return pd.Timestamp(value)


def _at(days: pd.DatetimeIndex, clock: str) -> pd.DatetimeIndex:
    return (days + pd.Timedelta(clock)).tz_localize("America/New_York").tz_convert("UTC")


@cache
def _exchange(name: str, start: date, end: date) -> Sessions:
    calendar = _reaching(name, start, end)
    schedule = calendar.schedule.loc[str(start) : str(end)]
    if schedule.empty:
        raise CalendarError(f"{name} has no session from {start} to {end}")
    return Sessions(
        name,
        pd.DatetimeIndex(schedule.index).as_unit("us"),
        pd.DatetimeIndex(schedule["open"]).as_unit("us"),
        pd.DatetimeIndex(schedule["close"]).as_unit("us"),
        calendar.tz.key,
    )


def _reaching(name: str, start: date, end: date) -> ExchangeCalendar:
    """A calendar from two weeks before the span, and often from long before.

    A calendar refuses a span without a session. A calendar takes a tenth of a second to make,
    however long: the spans of one run share one of whole decades.
    """
    early = start - timedelta(15)
    try:
        return _calendar(name, date(early.year // 10 * 10, 1, 1), date(end.year, 12, 31))
    except ValueError:  # reaches further than the exchange's rules
        pass
    try:
        return _calendar(name, early, end)
    except ValueError as error:
        raise CalendarError(f"{name}, {start} to {end}: {' '.join(str(error).split())}") from None


@cache
def calendar_names() -> dict[str, str]:
    """Every name of an exchange, and the code it stands for."""
    import exchange_calendars

    names = exchange_calendars.get_calendar_names()
    return {name: str(exchange_calendars.resolve_alias(name)) for name in names}


def calendar_zone(name: str) -> str:
    """The time zone of an exchange, as its calendar has it.

    `CalendarError` for a name nobody knows.
    """
    today = date.today()
    return str(_reaching(name, today - timedelta(30), today).tz.key)


@cache
def _calendar(name: str, start: date, end: date) -> ExchangeCalendar:
    import exchange_calendars  # slow to import, and its only door

    names = exchange_calendars.get_calendar_names()
    if name not in names:
        raise CalendarError(
            f"no exchange '{name}' (examples: XNYS, XNAS, XLON){suggest(name, names)}"
        )
    try:
        return exchange_calendars.get_calendar(name, start=str(start), end=str(end))
    except NotImplementedError:  # a rule of its holidays that this pandas cannot work out
        raise CalendarError(
            f"the calendar of {name} cannot be made with pandas {pd.__version__}; "
            "name another exchange"
        ) from None
