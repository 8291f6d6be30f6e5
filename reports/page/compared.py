"""Two chosen groups side by side.

Both averages, and the test of the difference, in every window.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.draw.tabular import Cell, Table
from reports.experiment.compared import parts
from reports.rows import Row, interval, records
from reports.run.findings import Findings
from reports.words import NONE, number, percent, pvalue


def compared_tables(findings: Findings) -> Iterator[Table]:
    """A table a `--compare`: the two averages, their difference, its statistic and p-value."""
    plan = findings.experiment.study
    apart = records(findings.tables["differences"])
    for at, (column, one, other) in enumerate(map(parts, plan.compare), 1):
        named = f"{one} against {other}"
        found = {
            row["window"]: row
            for row in apart
            if (row["group"], row["group_value"]) == (column, named)
        }
        windows = list(plan.windows)
        spans = (f"{name} {interval(*plan.windows[name])}" for name in windows)
        rows: list[list[Cell | str]] = [
            [one, *(_mean(found.get(name), "mean_car", "n_events") for name in windows)],
            [other, *(_mean(found.get(name), "mean_car_others", "n_others") for name in windows)],
            ["difference", *(_difference(found.get(name)) for name in windows)],
            ["t of standardised", *(_judged(found.get(name), "statistic") for name in windows)],
            ["p", *(_judged(found.get(name), "pvalue") for name in windows)],
        ]
        note = (
            "Average abnormal return and the number of events in parentheses; "
            "t and p are of the difference of the standardised averages, with the dependence "
            "of shared dates and overlapping windows in it, as in the headline test."
        )
        why = list(dict.fromkeys(row["why_not"] for row in found.values() if row["why_not"]))
        note += "".join(f" {reason[0].upper()}{reason[1:]}." for reason in why)
        if not found:
            note += f" No event of {one} or of {other} was studied."
        yield Table.of(
            f"compared-{at}",
            f"{column}: {named}, {plan.primary}",
            (column, *spans),
            rows,
            notes=note,
        )


def _mean(row: Row | None, mean: str, count: str) -> Cell:
    if row is None or not row[count]:
        return Cell(NONE, numeric=True)
    return Cell(f"{percent(row[mean], 2)} ({row[count]})", numeric=True)


def _difference(row: Row | None) -> Cell:
    if row is None or not row["n_events"] or not row["n_others"]:
        return Cell(NONE, numeric=True)
    return Cell(percent(row["mean_car"] - row["mean_car_others"], 2), numeric=True)


def _judged(row: Row | None, name: str) -> Cell:
    if row is None or row["why_not"]:
        return Cell(NONE, numeric=True)
    return Cell(pvalue(row[name]) if name == "pvalue" else number(row[name]), numeric=True)
