"""Two tickers, roles or kinds beside one another.

Their averages, and the engine's test of the difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.groups import forest_chart
from reports.draw.tabular import Cell, Table, between_cell, number_cell, p_cell
from reports.page.sections.base import Context, Section
from reports.page.sections.overall.averages import NAMES
from reports.rows import Row, records
from reports.words import NONE, count, fine, number, percent, plain, pvalue

_NO_AVERAGE = "no average, as both groups have fewer than 3 events"
TITLE = "Two groups compared"
NOTE = (
    "Averages are those of the tables above and follow the control. The difference is "
    "of mean standardised abnormal returns, tested between these two groups alone, "
    "with shared sessions and overlapping windows allowed for; it is always of the main model."
)
Group = tuple[str, str]  # a grouping and one of its values


@dataclass(frozen=True)
class Compared:
    """The two groups the page opens with, every group there is, and what is shown of the two."""

    first: str
    second: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    table: Table
    chart: Chart
    note: str = NOTE


def build(context: Context) -> Section:
    """The comparison of the two largest tickers, or of the headline's.

    Nothing where there is one group.
    """
    if len(context.windows):
        table = context.findings.of_primary("averages")
    else:
        table = pd.DataFrame()
    if len(table):
        groups = _groups(table)
    else:
        groups = {}
    two = _two(context, groups)
    if two is None:
        return Section("compare", TITLE, None)
    rows = {(r["group"], r["group_value"], r["window"]): r for r in records(table)}
    shown = Compared(
        first=_key(two[0]),
        second=_key(two[1]),
        groups=tuple(
            (name, tuple((f"{by}={v}", named((by, v))) for v in groups[by]))
            for by, name in NAMES.items()
            if groups.get(by)
        ),
        table=_table(context, rows, two),
        chart=_chart(context, rows, two),
    )
    return Section("compare", TITLE, shown)


def named(group: Group) -> str:
    """A group as people say it."""
    if group[0] == "ticker":
        return group[1]
    return plain(group[1])


def _key(group: Group) -> str:
    return f"{group[0]}={group[1]}"


def _groups(table: pd.DataFrame) -> dict[str, list[str]]:
    """The values of each grouping, the ones with the most events first."""
    sizes = table.groupby(["group", "group_value"], sort=False)["n_events"].max()
    found: dict[str, list[str]] = {}
    ordered = sizes[sizes > 0].sort_values(ascending=False, kind="stable").reset_index()
    for by, value in zip(ordered["group"], ordered["group_value"], strict=True):
        found.setdefault(str(by), []).append(str(value))
    return found


def _two(context: Context, groups: dict[str, list[str]]) -> tuple[Group, Group] | None:
    tickers = groups.get("ticker", [])
    wanted = [ticker for ticker in context.headline_tickers if ticker in tickers]
    for by, values in (("ticker", wanted), ("ticker", tickers), ("role", groups.get("role", []))):
        if len(values) > 1:
            return (by, values[0]), (by, values[1])
    return None


def _table(
    context: Context, rows: dict[tuple[str, str, str], Row], two: tuple[Group, Group]
) -> Table:
    tested = _tested(context, two)
    lines: list[list[Cell | str]] = []
    for window in context.findings.experiment.study.windows:
        line: list[Cell | str] = [Cell(window, whole=True)]
        for group in two:
            row = rows.get((*group, window))
            if row:
                line += _average(row)
            else:
                line += [Cell(NONE, numeric=True)] * 3
        lines.append([*line, *(tested.get(window) or [Cell(NONE, numeric=True)] * 3)])
    one, other = map(named, two)
    head = ("window", f"{one}: events", f"{one}: average [95% interval]", f"{one}: p",
            f"{other}: events", f"{other}: average [95% interval]", f"{other}: p",
            "difference [95% interval]", "t", "p of the difference")  # fmt: skip
    return Table.of("compare", f"{one} and {other}, {context.primary}", head, lines)


def _average(row: Row) -> list[Cell]:
    known = math.isfinite(row["pvalue"])
    return [
        number_cell(row["n_events"], 0),
        between_cell(row["weighted_mean"], row["low"], row["high"]),
        p_cell(row["pvalue"]) if known else Cell(str(row["why_not"]) or NONE),
    ]


def _tested(context: Context, two: tuple[Group, Group]) -> dict[str, list[Cell]]:
    """The difference of two groups by window, from pairs.csv."""
    if "pairs" not in context.findings.tables or two[0][0] != two[1][0]:
        return {}
    table = context.findings.of_primary("pairs")
    table = table[table["group"] == two[0][0]]
    found: dict[str, list[Cell]] = {}
    for row in records(table):
        for sign, order in ((1, (two[0][1], two[1][1])), (-1, (two[1][1], two[0][1]))):
            if (row["group_value"], row["other_value"]) == order:
                found[row["window"]] = difference_cells(row, sign)
    return found


def difference_cells(row: Row, sign: int = 1) -> list[Cell]:
    """A row of pairs.csv or differences.csv.

    The difference with its interval, t and p; why not where none.
    """
    if row["why_not"]:
        return [Cell(NONE, numeric=True), Cell(NONE, numeric=True), Cell(str(row["why_not"]))]
    ends = sorted((sign * row["low"], sign * row["high"]))
    told = f"{number(sign * row['difference'])} [{number(ends[0])}, {number(ends[1])}]"
    return [
        Cell(told, sign * float(row["difference"]), numeric=True),
        number_cell(sign * row["statistic"]),
        Cell(
            pvalue(row["pvalue"]),
            float(row["pvalue"]),
            numeric=True,
            strong=bool(row["pvalue"] < 0.05),
        ),
    ]


def _chart(
    context: Context, rows: dict[tuple[str, str, str], Row], two: tuple[Group, Group]
) -> Chart:
    lines, told = [], []
    for window, (start, _) in context.findings.experiment.study.windows.items():
        for group in two:
            row = rows.get((*group, window))
            if row and start >= 0 and math.isfinite(row["low"]):
                label = f"{window} {named(group)} ({row['n_events']})"
                detail = f"{named(group)}, {window}, {count(int(row['n_events']), 'event')}"
                lines.append(
                    (label, group[1], row["weighted_mean"], row["low"], row["high"], detail)
                )
            if row and window == context.first_window and math.isfinite(row["weighted_mean"]):
                told.append(
                    f"{named(group)} {percent(row['weighted_mean'], fine(row['low'], row['high']))}"
                )
    shown = pd.DataFrame(lines, columns=["label", "ticker", "value", "low", "high", "detail"])
    title = f"{context.first_window}: {' against '.join(told) or _NO_AVERAGE}"
    chart = forest_chart("compare", title, shown, context.looks, simulated=context.simulated)
    note = "averages weighed by precision, 95% intervals of the headline test"
    return replace(chart, note=f"{context.primary}; {note}")
