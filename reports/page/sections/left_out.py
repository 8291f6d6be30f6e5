"""What was dropped and what was flagged, and what the flags mean."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.measure.flags import MEANING
from reports.export.tabular import Table, number_cell
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
        "left_out", "Left out and flagged", LeftOut(table if rows else None, _flags(context))
    )


def _flags(context: Context) -> Table | None:
    words = context.windows["flags"].astype(str).str.split(";").explode()
    counts = words[words != ""].value_counts()
    if counts.empty:
        return None
    order = sorted(counts.index, key=lambda word: (-int(counts[word]), word))
    rows = [
        (plain(word), number_cell(int(counts[word]), 0), MEANING.get(word, "")) for word in order
    ]
    return Table.of(
        "flags", "Flags on the rows of the windows table", ("flag", "rows", "meaning"), rows
    )
