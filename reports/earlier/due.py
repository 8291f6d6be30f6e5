"""Which windows of which events are complete by now, and were not at an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from events import Catalog, CatalogError
from events.clock.exchanges import exchange_of
from events.clock.place import place_events
from events.clock.sessions import Sessions
from reports.earlier.reading import read_manifest, read_table

_ROOM = timedelta(days=15)


@dataclass(frozen=True)
class DueWindow:
    """A window of an event: when its last session closes (UTC), and which session that is."""

    event_id: str
    ticker: str
    window: str
    session: date
    closes: datetime

    def as_data(self) -> dict[str, str]:
        """Give it as plain values."""
        return {
            "event_id": self.event_id,
            "ticker": self.ticker,
            "window": self.window,
            "last_session": str(self.session),
        }


@dataclass(frozen=True)
class Earlier:
    """What an earlier run knew: the events in its tables, and its last session; or only a day."""

    last: date
    events: frozenset[tuple[str, str]] | None = None
    out: str = ""

    def had(self, window: DueWindow) -> bool:
        """Whether the window was complete then."""
        known = self.events is None or (window.event_id, window.ticker) in self.events
        return known and window.session <= self.last


def earlier(since: str) -> Earlier:
    """Read an earlier run from its folder, or take a day for one. Raises `OutputError`."""
    try:
        return Earlier(date.fromisoformat(since))
    except ValueError:
        out = Path(since)
    manifest = read_manifest(out)
    tables = [read_table(out, name) for name in ("windows", "dropped")]
    events = frozenset(
        (str(event), str(ticker))
        for table in tables
        if table is not None
        for event, ticker in zip(table["event_id"], table["ticker"], strict=True)
    )
    last = manifest["prices"].get("last_session")
    return Earlier(date.fromisoformat(last) if last else date.min, events, since)


def windows_of(
    catalog: Catalog, spans: Mapping[str, tuple[int, int]], now: datetime
) -> tuple[DueWindow, ...]:
    """Give every window of every event whose last session the calendar knows.

    In the order of its close. `spans` are the windows by name, in sessions of the ticker's own
    exchange; where only the date of an announcement is known, the day 0 alone reaches one session
    further. A window that begins before a party's first session (`listed`) never becomes complete.
    """
    frame = catalog.events()
    if frame.empty:
        raise CatalogError("the catalog has no event with a ticker")
    reach = max(end for _, end in spans.values())
    days = [date.fromisoformat(str(when)[:10]) for when in frame["announced_at"]]
    last = max(*days, now.date()) + _ROOM + timedelta(days=2 * reach + 10)
    found: list[DueWindow] = []
    said = catalog.exchanges
    listed = {(news.id, one.ticker): one.listed for news in catalog for one in news.parties}
    exchanges = frame["ticker"].map(lambda ticker: said.get(ticker) or exchange_of(ticker))
    for name, rows in frame.groupby(exchanges, sort=True):
        sessions = Sessions.exchange(str(name), min(days) - _ROOM, last)
        placed = place_events(rows, sessions)
        for row in placed.to_dict("records"):
            found += _windows(row, sessions, spans, listed.get((row["event_id"], row["ticker"])))
    return tuple(sorted(found, key=lambda one: (one.closes, one.event_id, one.ticker, one.window)))


def _windows(
    row: Mapping[Any, Any],
    sessions: Sessions,
    spans: Mapping[str, tuple[int, int]],
    listed: date | None,
) -> list[DueWindow]:
    if pd.isna(row["event_session"]):
        return []
    day = int(sessions.dates.get_indexer(pd.DatetimeIndex([row["event_session"]]))[0])
    found = []
    for name, (start, end) in spans.items():
        if start == 0:
            end = max(end, int(row["first_day_end"]))
        at = day + end
        unlisted = listed is not None and sessions.dates[max(day + start, 0)].date() < listed
        if 0 <= at < len(sessions) and not unlisted:
            closes = sessions.closes[at].to_pydatetime()
            found.append(
                DueWindow(row["event_id"], row["ticker"], name, sessions.dates[at].date(), closes)
            )
    return found
