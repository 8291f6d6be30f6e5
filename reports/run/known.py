"""Of every event, where it is placed and how its day 0 is known, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.work.parted import PartedTable, parts
from events import Catalog, PlacedEvents
from events.flag import UNSURE_DAY, has_flag
from events.record.known import how_known, known

COLUMNS = (
    "event_id", "ticker", "announced_at", "timing", "timing_known", "event_session",
    "other_session", "tradable_open", "timing_flags", "day_0_known",
)  # fmt: skip
_AT_ONCE = 50_000  # rows


def event_table(catalog: Catalog, placed: PlacedEvents) -> PartedTable:
    """One row an event (N,), measured or not, in catalog order, with `COLUMNS`.

    Days are datetime64, NaT outside the calendar; `other_session` is the second session that may be
    day 0, NaT where day 0 is sure; everything else is text.
    """
    frame, (alike, of_each) = placed.frame, catalog.held.by_time()
    way = of_each[pd.Index(catalog.held.ids).get_indexer(pd.Index(frame["event_id"]))]
    iso = pd.array([_iso(news.announced_at) for news in alike], dtype="str")
    how = pd.array([known(news).value for news in alike], dtype="str")
    others = _other_sessions(placed)
    days = pd.DataFrame({"session": frame["event_session"], "other": others, "way": way})
    rows = days.drop_duplicates().itertuples(index=False)  # each sentence is written once
    said = [how_known(alike[way]) + _either(session, other) for session, other, way in rows]
    told = pd.array(said, dtype="str")
    number = days.groupby(list(days), sort=False, dropna=False).ngroup().to_numpy()

    def of(part: slice) -> pd.DataFrame:
        events = frame.iloc[part].assign(
            announced_at=iso.take(way[part]),
            timing_known=how.take(way[part]),
            other_session=others.iloc[part],
            day_0_known=told.take(number[part]),
        )
        return events[list(COLUMNS)]

    at_once = parts(len(frame), _AT_ONCE)
    return PartedTable(len(frame), lambda: map(of, at_once), lambda: of(slice(None)))


def _other_sessions(placed: PlacedEvents) -> pd.Series:
    """The session after day 0 on the event's own exchange, where either may be it."""
    events = placed.frame
    other = np.full(len(events), np.datetime64("NaT"), dtype="datetime64[us]")
    unsure = (events["first_day_end"] > 0) & has_flag(events["timing_flags"], *UNSURE_DAY)
    for exchange, calendar in placed.calendars.items():
        after = placed.positions + 1
        known = unsure.to_numpy() & (placed.exchange == exchange)
        known &= (after > 0) & (after < len(calendar))
        other[known] = calendar.dates.to_numpy()[after[known]]
    return pd.Series(other, index=events.index)


def _either(session: pd.Timestamp, other: pd.Timestamp) -> str:
    if pd.isna(other):
        return ""
    return f"; day 0 is {session:%Y-%m-%d} or {other:%Y-%m-%d}"


def _iso(at: object) -> str:
    return at.isoformat() if hasattr(at, "isoformat") else str(at)
