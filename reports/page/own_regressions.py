"""Tables of the regressions by formula.

Least squares in each window, and weighted by what the events share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from reports.draw.tabular import Cell, Table
from reports.rows import Row, records
from reports.run.findings import Findings
from reports.words import NONE, number, plain, pvalue

_STARS = ((0.01, "***"), (0.05, "**"), (0.10, "*"))
_STARRED = "* p < 0.10, ** p < 0.05, *** p < 0.01."
_WHICH = (
    "In brackets, the share of placebo days whose slope is as many errors from zero. "
    "GLS weighs the events by the principal components of their placebo days; "
    "its errors are as wide as its slopes are there, its stars by the brackets. "
    "Read GLS with its bracket first: it is right where events share a factor and "
    "where they are more volatile than the days before them, and the more precise of the two. "
    "OLS with clustered errors is what papers print, and right where there are many clusters "
    "that share nothing; where the two slopes differ, what the events share is in that of OLS."
)


@dataclass(frozen=True)
class _Kind:
    """Which columns of `regressions.csv` hold a slope, its error and its p-values.

    Those are the p of its stars and that of placebo days.
    """

    slope: str
    error: str
    starred: str
    placebo: str


_HC3 = _Kind("coefficient", "se", "pvalue", "pvalue_placebo")
_CLUSTERED = _Kind("coefficient", "se_cluster", "pvalue_cluster", "pvalue_placebo")
_GLS = _Kind("coefficient_gls", "se_gls", "pvalue_gls", "pvalue_gls")


def regression_tables(findings: Findings) -> Iterator[Table]:
    """A table a formula, by window.

    Slopes, their errors and their place among those of placebo days.
    """
    table = findings.tables.get("regressions")
    if table is None:
        return
    for at, formula in enumerate(table["formula"].drop_duplicates(), 1):
        yield _regression(table[table["formula"] == formula], str(formula), at, findings)


def _regression(table: pd.DataFrame, formula: str, at: int, findings: Findings) -> Table:
    placed = bool(table["pvalue_placebo"].notna().any())
    columns = list(_columns(table))
    found = {(row["term"], row["window"]): row for row in records(table)}
    first = {row["window"]: row for row in reversed(records(table))}
    rows: list[list[Cell | str]] = []
    for term in dict.fromkeys(table["term"]):
        cells = [(found.get((term, window)), gls) for window, gls in columns]
        rows.append([str(term), *(_slope(*cell) for cell in cells)])
        rows.append(["", *(_error(*cell) for cell in cells)])
        if placed:
            rows.append(["", *(_place(*cell) for cell in cells)])
    rows.append(["events", *(_of_window(first[one], gls, "n_events") for one, gls in columns)])
    rows.append(["R2", *(_of_window(first[one], gls, "r_squared") for one, gls in columns)])
    several = any(gls for _, gls in columns)
    head = [
        f"{window}, {'GLS' if gls else 'OLS'}" if several else window for window, gls in columns
    ]
    caption = f"{formula}, {findings.experiment.study.primary}"
    notes = _notes(list(first.values()), placed=placed)
    return Table.of(f"regression-{at}", caption, ("term", *head), rows, notes=notes)


def _columns(table: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    """Each window with least squares.

    And again where it has slopes by generalised least squares.
    """
    for window, part in table.groupby("window", sort=False):
        yield str(window), False
        if part["coefficient_gls"].notna().any():
            yield str(window), True


def _notes(first: list[Row], *, placed: bool) -> str:
    """What the columns are, which to read, and what the rows say of themselves."""
    clusters = " or ".join(dict.fromkeys(str(row["clusters"]) for row in first))
    told = (
        "Errors in parentheses, "
        f"of OLS clustered by {clusters} (HC3 where that cannot be given); {_STARRED}"
    )
    if placed:
        told += f" {_WHICH}"
    why = dict.fromkeys(str(row["why_not"]) for row in first if row["why_not"])
    notes = "; ".join(dict.fromkeys(str(row["note"]) for row in first if row["note"]))
    more = [*why, *([notes] if notes else [])]
    return told + "".join(f" {one[0].upper()}{plain(one[1:])}." for one in more)


def _kind(row: Row, gls: bool) -> _Kind:
    if gls:
        return _GLS
    if row["se_cluster"] == row["se_cluster"]:
        return _CLUSTERED
    return _HC3


def _slope(row: Row | None, gls: bool) -> Cell:
    if row is None or not _there(row, gls):
        return Cell(NONE, numeric=True)
    kind = _kind(row, gls)
    stars = next((mark for level, mark in _STARS if row[kind.starred] < level), "")
    value = float(row[kind.slope])
    return Cell(f"{number(value, 4)}{stars}", value, numeric=True)


def _error(row: Row | None, gls: bool) -> Cell:
    if row is None or not _there(row, gls):
        return Cell("", numeric=True)
    return Cell(f"({number(row[_kind(row, gls).error], 4)})", numeric=True)


def _place(row: Row | None, gls: bool) -> Cell:
    if row is None or not _there(row, gls):
        return Cell("", numeric=True)
    p = row[_kind(row, gls).placebo]
    return Cell(f"[{pvalue(p)}]" if p == p else "", numeric=True)


def _there(row: Row, gls: bool) -> bool:
    value = row[_kind(row, gls).slope]
    return bool(value == value)


def _of_window(row: Row, gls: bool, column: str) -> Cell:
    """The events and R2 of a window, said once, beside OLS."""
    if gls:
        return Cell("", numeric=True)
    value = row[column]
    return Cell(number(value, 3) if column == "r_squared" else str(value), numeric=True)
