"""Tables of the groups a researcher asked for, by columns of their own."""

from __future__ import annotations

from collections.abc import Iterator

from backtest.study.inference import HEADLINE_TEST
from events.flag import Flag, has_flag
from reports.draw.tabular import Cell, Table
from reports.rows import Row, interval, records
from reports.run.findings import Findings
from reports.words import NONE, percent, pvalue

_LEVELS = 30  # rows of a table by group; the CSV files have them all


def group_tables(findings: Findings) -> Iterator[Table]:
    """A table a column of `--by`.

    Each level's average and its p-value in each window, and the difference.
    """
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
            "Average of the events with a forecast error, "
            "the p-value of the headline test in brackets, the number of events in parentheses; "
            "below it, the p-value of the difference to all other events."
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
    judged = ""
    if not row["why_not"]:
        judged = f" [{pvalue(row['pvalue'])}]"
    return Cell(f"{percent(mean['mean_car'], 2)}{judged} ({row['n_events']})", numeric=True)


def _apart(between: dict[tuple[str, str], Row], level: str, window: str) -> Cell:
    row = between.get((level, window))
    return Cell(NONE if row is None or row["why_not"] else pvalue(row["pvalue"]), numeric=True)
