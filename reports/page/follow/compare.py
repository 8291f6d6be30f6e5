"""The differences the page can show: of any two groups, and of each from all other events."""

from __future__ import annotations

from reports.page.sections.base import Context
from reports.page.sections.overall.compare import difference_cells
from reports.rows import records

Shown = dict[str, list[str]]


def compared(context: Context) -> dict[str, Shown]:
    """The rows of pairs.csv and differences.csv as cells.

    `role=a|b` or `role=a|others`, then window by window.
    """
    found: dict[str, Shown] = {}
    for table in ("pairs", "differences"):
        if table in context.findings.tables:
            for row in records(context.findings.of_primary(table)):
                key = f"{row['group']}={row['group_value']}|{row.get('other_value', 'others')}"
                cells = [f"{c.text}{'*' if c.strong else ''}" for c in difference_cells(row)]
                found.setdefault(key, {})[row["window"]] = cells
    return found
