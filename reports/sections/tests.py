"""The tests: what each says, in plain words when it holds, and how much they agree."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.study.inference import ABOUT, COMPANION_TEST, HEADLINE_TEST, TESTS
from reports.rows import records
from reports.sections.base import Context, Section
from reports.tabular import Cell, Table, number_cell, p_cell

_MAIN = (
    HEADLINE_TEST, COMPANION_TEST, "patell_exact_z", "caar_exact_z", "calendar_time_z", "placebo_shift",
    "wild_cluster", "kp_bmp_t", "corrado_rank_z", "bmp_t", "patell_z", "cross_t", "gsign_z",
)  # fmt: skip
_NOTE = "The last two columns: whether a test still holds when events raise the variance, and when they are correlated."


@dataclass(frozen=True)
class Tests:
    """The main tests, and all of them."""

    main: Table
    rest: Table


def build(context: Context) -> Section:
    """Every test over all events."""
    rows = context.tests[context.tests["group"] == "all"]
    title = "The tests, and when each holds"
    if rows["statistic"].notna().sum() == 0:
        return Section("tests", title, None)
    main = _table(context, rows[rows["test"].isin(_MAIN)], "tests-main", "Do abnormal returns average zero? All events")
    others = rows[~rows["test"].isin(_MAIN)]
    rest = _table(context, others, "tests-rest", "Further tests, for comparison with other studies")
    return Section("tests", title, Tests(main, rest))


def _table(context: Context, rows: pd.DataFrame, name: str, caption: str) -> Table:
    windows = list(context.findings.experiment.study.windows)
    found = {(row["test"], row["window"]): row for row in records(rows)}
    lines: list[list[Cell | str]] = []
    for test in [key for key in TESTS if (key, windows[0]) in found]:
        about = ABOUT[test]
        line: list[Cell | str] = [Cell(about.label, title=f"{test}: {about.null}; {about.distribution}")]
        for window in windows:
            row = found[test, window]
            missing = Cell("–", title=row["why_not"])
            line += [number_cell(row["statistic"]), missing if row["why_not"] else p_cell(row["pvalue"])]
        lines.append([*line, about.event_variance, about.correlation])
    head = ["test"]
    for window in windows:
        head += [window, "p"]
    return Table.of(name, caption, [*head, "event raises variance", "events are correlated"], lines, notes=_NOTE)
