"""Place a table of events on a calendar."""

from __future__ import annotations

import pandas as pd

from events.clock.instants import Moments
from events.clock.placement import locate
from events.clock.sessions import Sessions
from events.errors import CalendarError
from events.record.vocabulary import Timing


def place_events(frame: pd.DataFrame, sessions: Sessions) -> pd.DataFrame:
    """Add to each event its session, its first tradable open, the end of its first day, and flags.

    `frame` has one row an event with `announced_at` (instant with offset, date, or ISO text of
    either) and, where only a date is known, `timing`. The same rows come back in the same order
    with four columns more: `event_session` and `tradable_open` (datetime64, NaT outside the
    calendar), `first_day_end` (0 or 1) and `timing_flags`. For an instant, `timing` becomes where
    the instant fell.
    """
    if "announced_at" not in frame.columns:
        raise CalendarError("the table of events has no column announced_at")
    timing = (
        frame["timing"]
        if "timing" in frame.columns
        else pd.Series(Timing.UNKNOWN.value, frame.index)
    )
    words = timing.fillna(Timing.UNKNOWN.value).astype(str).to_numpy(dtype=object)
    placed = locate(sessions, Moments.of(frame["announced_at"].tolist(), sessions.zone), words)
    return frame.assign(
        timing=placed.timing.astype(str),
        event_session=placed.event_session,
        tradable_open=placed.tradable_open,
        first_day_end=placed.first_day_end,
        timing_flags=placed.flags.astype(str),
    )
