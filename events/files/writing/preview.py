"""What a study will do with an announcement, before there is a study."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from events.catalog import Catalog
from events.clock.exchanges import HOME
from events.clock.place import place_events
from events.clock.sessions import Sessions
from events.flag import Flag, words_in
from events.listed_on import exchange_for
from events.record.announcement import Announcement
from events.record.instant import local_date


def preview(news: Announcement) -> tuple[str, ...]:
    """Say what a study will do with each listed party on its own exchange, one line a ticker."""
    day = local_date(news.announced_at)
    events = Catalog((news,)).events()
    lines, parties = [], {party.ticker: party for party in news.parties if party.ticker}
    for row in range(len(events)):
        own = events.iloc[[row]]
        exchange = exchange_for(parties[str(own["ticker"].iloc[0])])
        sessions = Sessions.exchange(exchange, day - timedelta(10), day + timedelta(15))
        placed = place_events(own, sessions).to_dict("records")[0]
        where = ""
        if exchange != HOME:
            where = f" ({exchange})"
        lines.append(f"{placed['ticker']}{where}: {_where(placed, sessions)}")
    return tuple(lines)


def _where(row: Mapping[Hashable, Any], sessions: Sessions) -> str:
    if pd.isna(row["event_session"]):
        return "no session known for this date"
    words = words_in(row["timing_flags"])
    told = ", ".join(word.replace("_", " ") for word in words)
    flags = ""
    if told:
        flags = f"; {told}"
    day0 = f"{row['event_session']:%Y-%m-%d}"
    if row["first_day_end"] and Flag.LATE_IN_SESSION not in words:
        after = sessions.dates[sessions.dates.searchsorted(row["event_session"], side="right")]
        day0 += f" or {after:%Y-%m-%d}"
    return (
        f"event session {day0} (day 0), first tradable open "
        f"{row['tradable_open']:%Y-%m-%d}, 1-day window [0,{row['first_day_end']}]{flags}"
    )
