"""Who has committed how much to whom, announcement by announcement."""

from __future__ import annotations

from events.words import dollars
from reports.draw.tabular import Cell, Table
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.words import plain


def build(context: Context) -> Section:
    """The ledger, or nothing where no announcement names a sum and both sides."""
    rows = records(context.findings.tables["ledger"])
    title = "Who owes whom"
    if not rows:
        return Section("ledger", title, None)
    lines: list[list[Cell | str]] = [
        [
            Cell(
                str(row["announced_at"])[:10],
                anchor=context.few.anchor(row["event_id"]),
                whole=True,
            ),
            str(row["payer"]),
            str(row["payee"]),
            f"{plain(str(row['nature']))}, {plain(str(row['qualifier']))}",
            _money(row["amount_usd"]),
            _money(row["cumulative_usd"]),
            _money(row["stated_total_usd"]),
        ]
        for row in rows
    ]
    head = ("announced", "payer", "payee", "what", "amount", "running total", "total as stated")
    note = "Running totals add what later announcements say they add; “up to” sums count in full."
    caption = "Commitments between the parties of the catalog"
    table = Table.of("ledger-table", caption, head, lines, sortable=True, notes=note)
    return Section("ledger", title, context.few.cut(table, "stand in tables/ledger.csv"))


def _money(value: float) -> Cell:
    return Cell(dollars(value), float(value), numeric=True)
