"""Which announcements of a large catalog the page shows one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from events import Catalog
from reports.draw.tabular import Table
from reports.words import count

WHOLE = 400  # events or announcements; a page of no more shows every one
ANNOUNCEMENTS, EVENTS = 100, 250  # what a page of more shows one by one, at most
LINES = 250  # rows of its other tables


@dataclass(frozen=True)
class Few:
    """The announcements shown one by one, whether others are not, and how they were chosen."""

    names: frozenset[str]
    some: bool = False
    words: str = ""

    def anchor(self, event_id: object) -> str:
        """Where in the page an announcement stands; empty where it is not shown."""
        if event_id in self.names:
            return f"event-{event_id}"
        return ""

    def cut(self, table: Table, where: str) -> Table:
        """The table with no more rows than a page of thousands of events carries.

        It says how many there are; `where` ends that sentence.
        """
        if not self.some or len(table.rows) <= LINES:
            return table
        told = f"{LINES} of {count(len(table.rows), 'row')} are shown; all {where}. "
        return replace(table, rows=table.rows[:LINES], notes=told + table.notes)


def shown(catalog: Catalog, windows: pd.DataFrame, window: str, headline: tuple[str, ...]) -> Few:
    """All announcements, or of a large catalog those furthest from ordinary moves.

    `windows` are the rows of windows.csv of the main model. How far a move is from ordinary is the
    size of its SCAR over `window`: the abnormal return over its own forecast error.
    """
    first = windows[windows["window"] == window]
    if max(len(first), len(catalog)) <= WHOLE:
        return Few(frozenset(news.id for news in catalog))
    furthest = (
        first.assign(size=first["scar"].abs())
        .groupby("event_id")["size"]
        .agg(["max", "size"])
        .sort_values("max", ascending=False, kind="stable")
    )
    room = furthest["size"].cumsum() <= max(EVENTS, int(furthest["size"].head(1).sum()))
    names = {*map(str, furthest.index[room.to_numpy()][:ANNOUNCEMENTS]), *headline}
    return Few(frozenset(names), some=True, words=_words(len(names), len(catalog), window))


def _words(n: int, of: int, window: str) -> str:
    return (
        f"Of {count(of, 'announcement')} the {n:,} shown here one by one are those whose abnormal "
        f"return over {window}, measured by its own forecast error, lies furthest from zero, up or "
        "down: the least ordinary moves, not a sample. Averages, tests and trading count all "
        "events; the search under “Announcement by announcement” finds every one; every number "
        "stands in the folder tables/ beside this page."
    )
