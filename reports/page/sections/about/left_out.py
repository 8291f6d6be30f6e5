"""What was dropped and what was flagged, and what the flags mean."""

from __future__ import annotations

from dataclasses import dataclass

from events.flag import count_flags
from reports.draw.tabular import Table, number_cell
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.words import plain


@dataclass(frozen=True)
class LeftOut:
    """Two tables; either may be missing."""

    dropped: Table | None
    flags: Table | None


def build(context: Context) -> Section:
    """Dropped events by row, flags by how often they occur."""
    dropped = records(context.findings.tables["dropped"])
    rows = [(row["event_id"], row["ticker"], row["why"]) for row in dropped]
    table = Table.of(
        "dropped", "Events left out", ("announcement", "ticker", "why"), rows, sortable=True
    )
    return Section(
        "left_out",
        "Left out and flagged",
        LeftOut(
            context.few.cut(table, "stand in tables/dropped.csv") if rows else None, _flags(context)
        ),
    )


def _flags(context: Context) -> Table | None:
    counts = count_flags(context.windows["flags"])
    if not counts:
        return None
    order = sorted(counts, key=lambda flag: (-counts[flag], flag))
    rows = [(plain(flag), number_cell(counts[flag], 0), flag.meaning) for flag in order]
    return Table.of(
        "flags", "Flags on the rows of the windows table", ("flag", "rows", "meaning"), rows
    )
