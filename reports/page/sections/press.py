"""The moves the press reported, recomputed: how many hold, and those that do not."""

from __future__ import annotations

from dataclasses import dataclass

from reports.draw.tabular import Cell, Table, number_cell, percent_cell
from reports.page.sections.base import Context, Section
from reports.rows import Row, records
from reports.words import count, listed, minus_signs

_VERDICTS = {
    "agrees": ("agrees", "agree"),
    "near": ("is near", "are near"),
    "disagrees": ("disagrees", "disagree"),
    "not decidable": ("cannot be decided on daily prices", "cannot be decided on daily prices"),
}


@dataclass(frozen=True)
class Press:
    """The count of verdicts in words, and the table of what disagrees."""

    words: str
    table: Table | None


def build(context: Context) -> Section:
    """The claims of the whole catalog."""
    claims = records(context.findings.tables["claims"])
    title = "What the press said, checked"
    if not claims:
        return Section("press", title, None)
    found = [str(row["verdict"]) for row in claims]
    counts = [
        count(found.count(verdict), *words)
        for verdict, words in _VERDICTS.items()
        if verdict in found
    ]
    many = count(len(claims), "reported move or level", "reported moves and levels")
    words = f"{many}: {listed(counts)}."
    wrong = [row for row in claims if row["verdict"] == "disagrees"]
    table = claims_table(context, "press", wrong, "Reports that daily prices contradict")
    return Section("press", title, Press(words, table))


def claims_table(context: Context, name: str, claims: list[Row], caption: str) -> Table | None:
    """Claims with what they come to on the prices, or nothing where there are none."""
    if not claims:
        return None
    head = (
        "day",
        "ticker",
        "the press said",
        "claimed",
        "computed",
        "difference",
        "verdict",
        "on which basis",
    )
    lines = [_claim(context, row) for row in claims]
    table = Table.of(name, caption, head, lines, sortable=name == "press")
    return context.few.cut(table, "stand in tables/claims.csv")


def _claim(context: Context, row: Row) -> list[Cell | str]:
    as_cell = percent_cell if row["unit"] == "fraction" else number_cell
    event = str(row["event_id"])
    return [
        Cell(event[:10], anchor=context.few.anchor(event), whole=True),
        str(row["ticker"]),
        Cell(minus_signs(str(row["claim"])), title=str(row["said_by"] or "")),
        *(as_cell(row[key], 2) for key in ("claimed", "computed", "difference")),
        str(row["verdict"]),
        minus_signs(str(row["basis"])),
    ]
