"""Every event in one table, to sort and to filter."""

from __future__ import annotations

from reports.export.tabular import Cell, Table, p_cell, percent_cell
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.words import day, plain, short

_SHORT = 80


def build(context: Context) -> Section:
    """The event table, or nothing where no event was studied."""
    title = "All events"
    if context.windows.empty:
        return Section("events", title, None)
    windows = [
        name for name, (start, _) in context.findings.experiment.study.windows.items() if start >= 0
    ]
    rows = {
        (row["event_id"], row["ticker"], row["window"]): row for row in records(context.windows)
    }
    lines: list[list[Cell | str]] = []
    for event in records(context.findings.primary.events):
        found = [rows[event["event_id"], event["ticker"], name] for name in windows]
        headline = str(context.findings.catalog[event["event_id"]].headline)
        text = short(headline, _SHORT)
        lines.append([
            Cell(day(event["event_session"]), whole=True),
            Cell(text, anchor=f"event-{event['event_id']}"),
            str(event["ticker"]),
            plain(event["role"]),
            plain(event["kind"]),
            percent_cell(found[0]["raw_return"]),
            *(percent_cell(row["car"], strong=bool(row["pvalue"] < 0.05)) for row in found),
            p_cell(found[0]["pvalue"]),
            Cell(plain(found[0]["flags"].replace(";", ", "))),
        ])  # fmt: skip
    head = ("session", "announcement", "ticker", "role", "kind", "return", *windows, "p", "flags")
    table = Table.of(
        "events-table",
        f"Return over {windows[0]}, then abnormal returns, {context.findings.experiment.study.primary}",
        head,
        lines,
        sortable=True,
        notes=f"p: that of {windows[0]}. Bold: p below 0.05 for that event and window taken alone.",
    )
    return Section("events", title, table)
