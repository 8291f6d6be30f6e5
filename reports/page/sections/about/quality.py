"""What is odd about the prices, and which events it touches."""

from __future__ import annotations

from dataclasses import dataclass

from reports.draw.tabular import Cell, Table
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.run.prices.oddities import near_events
from reports.words import count, minus_signs, plain


@dataclass(frozen=True)
class Quality:
    """Findings in words, and those within an event's windows."""

    words: str
    table: Table | None


def build(context: Context) -> Section:
    """Every finding about prices that falls into the windows of an event studied."""
    prices, plan = context.findings.prices, context.findings.experiment.study
    found = context.findings.oddities
    window = (plan.horizon[0], max(plan.horizon[1], *(end for _, end in plan.windows.values())))
    near = near_events(found, context.findings.primary.events, prices, window)
    levels = {
        level: sum(one.severity == level for one in found) for level in ("error", "warning", "note")
    }
    told = ", ".join(count(n, level) for level, n in levels.items())
    distinct = near.drop(columns="event_id").drop_duplicates()  # one may be near several events
    words = (
        f"{told} about {count(len(prices.all_tickers), 'ticker')}; "
        f"{len(distinct):,} of them near an event."
    )
    rows = [
        (
            Cell(row["event_id"], anchor=context.few.anchor(row["event_id"])),
            row["ticker"],
            row["severity"],
            plain(row["what"]),
            Cell(row["first"], whole=True),
            minus_signs(str(row["detail"])),
        )
        for row in records(near)
    ]
    head = ("announcement", "ticker", "level", "what", "session", "detail")
    table = Table.of("quality-table", "Oddities of prices around events", head, rows, sortable=True)
    table = context.few.cut(table, "come from reactions prices check")
    return Section("quality", "The prices themselves", Quality(words, table if rows else None))
