"""Tables of what a researcher asked for: groups by columns of their own, and regressions by formula."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from events.flag import Flag, has_flag
from reports.draw.tabular import Cell, Table
from reports.rows import Row, interval, records
from reports.run.findings import Findings
from reports.words import NONE, number, percent, plain, pvalue

_STARS = ((0.01, "***"), (0.05, "**"), (0.10, "*"))
_LEVELS = 30  # rows of a table by group; the CSV files have them all


def group_tables(findings: Findings) -> Iterator[Table]:
    """A table a column of `--by`: each level's average and its p-value in each window, and the difference."""
    names = list(findings.experiment.study.windows)
    for at, by in enumerate(findings.experiment.study.by, 1):
        tests = findings.of_primary("tests")
        mine = tests[(tests["group"] == by) & (tests["test"] == HEADLINE_TEST)]
        found = {(row["group_value"], row["window"]): row for row in records(mine)}
        apart = findings.tables["differences"]
        between = {
            (row["group_value"], row["window"]): row for row in records(apart[apart["group"] == by])
        }
        levels = list(dict.fromkeys(level for level, _ in found))
        rows = []
        for level in levels[:_LEVELS]:
            rows.append(
                [level or "empty", *(_average(found, between, level, one) for one in names)]
            )
            rows.append(["against the others, p", *(_apart(between, level, one) for one in names)])
        head = (by, *(f"{name} {interval(*_span(findings, name))}" for name in names))
        caption = f"Average abnormal returns by {by}, {findings.experiment.study.primary}"
        note = (
            "Average of the events with a forecast error, the p-value of the headline test in "
            "brackets, the number of events in parentheses; below it, the p-value of the difference "
            "to all other events."
        )
        if has_flag(findings.of_primary("windows")["flags"], Flag.WIDENED).any():
            note += " [0, 0] runs to day +1 where the time of day is not known."
        if len(levels) > _LEVELS:
            note += f" The first {_LEVELS} of {len(levels)} levels; differences.csv has them all."
        yield Table.of(f"groups-{at}", caption, head, rows, notes=note)


def _span(findings: Findings, window: str) -> tuple[int, int]:
    start, end = findings.experiment.study.windows[window]
    return start, end


def _average(
    found: dict[tuple[str, str], Row], between: dict[tuple[str, str], Row], level: str, window: str
) -> Cell:
    row, mean = found.get((level, window)), between.get((level, window))
    if row is None or mean is None or not row["n_events"]:
        return Cell(NONE, numeric=True)
    judged = f" [{pvalue(row['pvalue'])}]" if not row["why_not"] else ""
    return Cell(f"{percent(mean['mean_car'], 2)}{judged} ({row['n_events']})", numeric=True)


def _apart(between: dict[tuple[str, str], Row], level: str, window: str) -> Cell:
    row = between.get((level, window))
    return Cell(NONE if row is None or row["why_not"] else pvalue(row["pvalue"]), numeric=True)


def regression_tables(findings: Findings) -> Iterator[Table]:
    """A table a formula: coefficients with their errors in each window, as papers print them."""
    table = findings.tables.get("regressions")
    if table is None:
        return
    for at, formula in enumerate(table["formula"].drop_duplicates(), 1):
        yield _regression(table[table["formula"] == formula], str(formula), at, findings)


def _regression(table: pd.DataFrame, formula: str, at: int, findings: Findings) -> Table:
    windows = list(dict.fromkeys(table["window"]))
    found = {(row["term"], row["window"]): row for row in records(table)}
    first = {row["window"]: row for row in reversed(records(table))}
    rows: list[list[Cell | str]] = []
    for term in dict.fromkeys(table["term"]):
        cells = [found.get((term, window)) for window in windows]
        rows.append([str(term), *(_coefficient(cell) for cell in cells)])
        rows.append(["", *(_error(cell) for cell in cells)])
    rows.append(["events", *(Cell(str(first[one]["n_events"]), numeric=True) for one in windows)])
    rows.append(
        ["R2", *(Cell(number(first[one]["r_squared"], 3), numeric=True) for one in windows)]
    )
    clusters = list(dict.fromkeys(first[one]["clusters"] for one in windows))
    why = list(dict.fromkeys(first[one]["why_not"] for one in windows if first[one]["why_not"]))
    notes = "; ".join(dict.fromkeys(row["note"] for row in first.values() if row["note"]))
    told = (
        f"Errors in parentheses, clustered by {' or '.join(clusters)} (HC3 where that cannot be "
        "given); * p < 0.10, ** p < 0.05, *** p < 0.01."
    )
    told += "".join(
        f" {one[0].upper()}{plain(one[1:])}." for one in [*why, *([notes] if notes else [])]
    )
    caption = f"{formula}, {findings.experiment.study.primary}"
    return Table.of(f"regression-{at}", caption, ("", *windows), rows, notes=told)


def _clustered(row: Row) -> bool:
    return bool(row["se_cluster"] == row["se_cluster"])


def _coefficient(row: Row | None) -> Cell:
    if row is None or row["coefficient"] != row["coefficient"]:
        return Cell(NONE, numeric=True)
    p = row["pvalue_cluster"] if _clustered(row) else row["pvalue"]
    stars = next((mark for level, mark in _STARS if p < level), "")
    return Cell(f"{number(row['coefficient'], 4)}{stars}", float(row["coefficient"]), numeric=True)


def _error(row: Row | None) -> Cell:
    if row is None or row["coefficient"] != row["coefficient"]:
        return Cell("", numeric=True)
    return Cell(f"({number(row['se_cluster'] if _clustered(row) else row['se'], 4)})", numeric=True)
