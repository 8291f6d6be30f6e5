"""The two clocks: the first close that can reflect an announcement, and the first open after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.clock.edges import Edges
from events.clock.hours import Hours
from events.clock.instants import Bounds, Moments
from events.errors import CalendarError, suggest
from events.flag import Flag, flag_cells
from events.record.vocabulary import Timing

LATE = np.timedelta64(30, "m")  # news this close to the bell is not yet fully in the close


@dataclass(frozen=True)
class Placement:
    """Where one announcement falls; None where the calendar ends before."""

    session: pd.Timestamp | None  # the event session, day 0
    tradable_open: pd.Timestamp | None  # the session of the first open strictly after the news
    first_day_end: int  # the 1-day window is [0, first_day_end]
    flags: frozenset[Flag]
    on: date  # the date where the exchange is


class Placed(NamedTuple):
    """Columns of shape (n,); NaT outside the calendar."""

    event_session: NDArray[np.datetime64]
    tradable_open: NDArray[np.datetime64]
    first_day_end: NDArray[np.int64]
    flags: NDArray[np.object_]  # words joined by ";"
    timing: NDArray[np.object_]  # for an instant, where it really fell


def locate(
    sessions: Hours,
    moments: Moments,
    timing: NDArray[np.object_],
    bounds: Bounds | None = None,
) -> Placed:
    """Place every announcement by two binary searches each.

    `timing` counts only where there is no instant. Where only a date is known, `bounds` narrow it:
    day 0 is the session both edges give; where they give two it is the earlier, the first day ends
    with the later, and the first tradable open is that after the later edge. Raises `CalendarError`
    for a timing word nobody knows.
    """
    _check_words(timing)
    days = sessions.dates.to_numpy(dtype="datetime64[us]")
    opens = sessions.opens.tz_localize(None).to_numpy(dtype="datetime64[us]")
    closes = sessions.closes.tz_localize(None).to_numpy(dtype="datetime64[us]")
    of_instant = _Clock.of_instants(moments.utc, opens, closes)
    of_date = _Clock.of_dates(moments.day, timing, days)
    bounded = np.zeros(len(timing), dtype=bool)
    if bounds is not None and bounds.any:
        edges = Edges.of(bounds, moments, timing, sessions)
        bounded = ~moments.is_instant & bounds.given
        of_bounds = _Clock.of_edges(edges, opens, closes)
        of_date = _Clock(
            *(np.where(bounded, a, b) for a, b in zip(of_bounds, of_date, strict=True))
        )
    clock = _Clock(
        *(np.where(moments.is_instant, a, b) for a, b in zip(of_instant, of_date, strict=True))
    )
    closed = ~np.isin(moments.day, days)
    if len(days):
        first = days[0]
    else:
        first = np.datetime64("9999-01-01", "us")
    outside = (clock.reaction >= len(days)) | (moments.day < first)
    flags = {
        Flag.TIMING_UNKNOWN: ~moments.is_instant
        & (timing == Timing.UNKNOWN.value)
        & ~closed
        & ~bounded,
        Flag.BOUNDS_DISAGREE: bounded & clock.first_day_end,
        Flag.LATE_IN_SESSION: clock.late,
        Flag.NOT_A_SESSION: closed & ~outside,
        Flag.OUTSIDE_CALENDAR: outside,
    }
    return Placed(
        _pick(days, np.where(outside, len(days), clock.reaction)),
        _pick(days, np.where(outside, len(days), clock.tradable)),
        (clock.first_day_end & ~outside).astype(np.int64),
        flag_cells(flags),
        np.where(moments.is_instant, _timing_words(clock), timing),
    )


class _Clock(NamedTuple):
    """Positions among the sessions, and what is peculiar, each of shape (n,)."""

    reaction: NDArray[np.int64]
    tradable: NDArray[np.int64]
    first_day_end: NDArray[np.bool_]
    late: NDArray[np.bool_]
    running: NDArray[np.bool_]  # the session was open at the instant
    evening: NDArray[np.bool_]  # after the last close, nearer to it than to the next open

    @classmethod
    def of_instants(
        cls,
        utc: NDArray[np.datetime64],
        opens: NDArray[np.datetime64],
        closes: NDArray[np.datetime64],
    ) -> _Clock:
        known = np.where(np.isnat(utc), np.datetime64("1970-01-01", "us"), utc)
        reaction = np.searchsorted(closes, known, side="right")
        tradable = np.searchsorted(opens, known, side="right")
        running = tradable > reaction
        left = np.append(closes, np.datetime64("9999-01-01", "us"))[reaction] - known
        since = known - np.insert(closes, 0, np.datetime64("0001-01-01", "us"))[reaction]
        late = running & (left < LATE)
        return cls(
            reaction, tradable, late, late, running, ~running & (since < np.timedelta64(8, "h"))
        )

    @classmethod
    def of_edges(
        cls,
        edges: Edges,
        opens: NDArray[np.datetime64],
        closes: NDArray[np.datetime64],
    ) -> _Clock:
        """Day 0 by the earlier edge; the rest by the later.

        The rest is the end of the first day and the open to trade at.
        """
        early = np.searchsorted(closes, edges.low, side="right")
        late = np.searchsorted(closes, edges.high, side="right")
        tradable = np.searchsorted(opens, edges.high, side="right")
        nothing = np.zeros(len(early), dtype=bool)
        return cls(early, tradable, late > early, nothing, nothing, nothing)

    @classmethod
    def of_dates(
        cls, day: NDArray[np.datetime64], timing: NDArray[np.object_], days: NDArray[np.datetime64]
    ) -> _Clock:
        same, after = (
            np.searchsorted(days, day, side="left"),
            np.searchsorted(days, day, side="right"),
        )
        evening = timing == Timing.AFTER_CLOSE.value
        reaction = np.where(evening, after, same)
        unknown = (timing == Timing.UNKNOWN.value) & (after > same)
        waits = unknown | ((timing == Timing.DURING_SESSION.value) & (after > same))
        nothing = np.zeros(len(day), dtype=bool)
        return cls(reaction, reaction + waits, unknown, nothing, nothing, nothing)


def _timing_words(clock: _Clock) -> NDArray[np.object_]:
    closed = np.where(clock.evening, Timing.AFTER_CLOSE.value, Timing.BEFORE_OPEN.value)
    return np.where(clock.running, Timing.DURING_SESSION.value, closed).astype(object)


def _pick(days: NDArray[np.datetime64], position: NDArray[np.int64]) -> NDArray[np.datetime64]:
    beyond = np.append(days, np.repeat(np.datetime64("NaT", "us"), 1))
    return beyond[np.minimum(position, len(days))]


def _check_words(timing: NDArray[np.object_]) -> None:
    known = {word.value for word in Timing}
    for word in pd.unique(pd.Series(timing, dtype=object)):
        if word not in known:
            raise CalendarError(
                f"timing '{word}' is none of {', '.join(sorted(known))}{suggest(str(word), known)}"
            )
