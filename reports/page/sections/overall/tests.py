"""The tests: what each says, in plain words when it holds, and how much they agree."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.study.inference import ABOUT, HEADLINE_TEST, TESTS
from reports.draw.tabular import Cell, Table, number_cell, p_cell, percent_free
from reports.experiment.plan import Spec
from reports.page.sections.base import Context, Section
from reports.rows import Row, records
from reports.run.studies import MAIN_TESTS
from reports.words import listed

_NOTE = (
    "The last two columns: whether a test still holds when events raise the variance, "
    "and when they are correlated."
)


@dataclass(frozen=True)
class Tests:
    """The main tests, and all of them."""

    main: Table
    joint: Table | None
    rest: Table
    calibration: Table | None


def build(context: Context) -> Section:
    """Every test over all events."""
    rows = context.tests[context.tests["group"] == "all"]
    title = "The tests, and when each holds"
    if rows["statistic"].notna().sum() == 0:
        return Section("tests", title, None)
    main = tests_table(context, context.primary)
    others = rows[~rows["test"].isin(MAIN_TESTS)]
    rest = _table(context, others, "tests-rest", "Further tests, for comparison with other studies")
    content = Tests(main, _joint(context), rest, _calibration(context))
    return Section("tests", title, content, (main,))


def tests_table(context: Context, spec: Spec) -> Table:
    """The main tests over all events under one model."""
    tests = context.findings.of("tests", spec)
    rows = tests[(tests["group"] == "all") & tests["test"].isin(MAIN_TESTS)]
    return _table(
        context, rows, "tests-main", f"Do abnormal returns average zero? All events, {spec}"
    )


def _table(context: Context, rows: pd.DataFrame, name: str, caption: str) -> Table:
    windows = list(context.findings.experiment.study.windows)
    found = {(row["test"], row["window"]): row for row in records(rows)}
    lines: list[list[Cell | str]] = []
    for test in [key for key in TESTS if (key, windows[0]) in found]:
        about = ABOUT[test]
        line: list[Cell | str] = [
            Cell(about.label, title=f"{test}: {about.null}; {about.distribution}")
        ]
        for window in windows:
            row = found[test, window]
            missing = Cell("–", title=row["why_not"])
            line += [
                number_cell(row["statistic"]),
                missing if row["why_not"] else p_cell(row["pvalue"]),
            ]
        lines.append([*line, about.event_variance, about.correlation])
    head = ["test"]
    for window in windows:
        head += [window, "p"]
    return Table.of(
        name, caption, [*head, "event raises variance", "events are correlated"], lines,
        notes=_NOTE + _silent(records(rows), windows),
    )  # fmt: skip


def _silent(rows: list[Row], every: list[str]) -> str:
    """Why tests that cannot say anything give no p-value, in words below their table.

    Windows are named where a test is silent in some of `every`, not where it is in all.
    """
    why: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row["why_not"]:
            if row["test"] in ABOUT:
                label = ABOUT[row["test"]].label
            else:
                label = str(row["test"])
            windows = why.setdefault(str(row["why_not"]), {}).setdefault(label, [])
            if row["window"] not in windows:
                windows.append(str(row["window"]))
    told = [
        f"{listed([_within(label, windows, every) for label, windows in tests.items()])}: {reason}"
        for reason, tests in why.items()
    ]
    if told:
        return f" No p-value where a test cannot say anything. {'. '.join(told)}."
    return ""


def _within(label: str, windows: list[str], every: list[str]) -> str:
    if len(windows) == len(every):
        return label
    return f"{label} ({listed(windows)})"


def _joint(context: Context) -> Table | None:
    """The windows of the primary model judged together."""
    if "joint" not in context.findings.tables:
        return None
    table = context.findings.of_primary("joint")
    rows = records(table[table["group"] == "all"])
    if not any(pd.notna(row["pvalue_adjusted"]) for row in rows):
        return None
    lines = [
        [
            row["window"],
            number_cell(row["statistic"]),
            *(
                Cell("–", title=row["why_not"]) if row["why_not"] else p_cell(row[name])
                for name in ("pvalue", "pvalue_adjusted")
            ),
        ]
        for row in rows
    ]
    notes = (
        f"{rows[0]['family']}. The largest of the statistics is held against its distribution "
        "where nothing happened, given how windows and benchmarks "
        "of the same events move together: less strict than Holm, as safe."
        + _silent([row | {"test": HEADLINE_TEST} for row in rows], [str(r["window"]) for r in rows])
    )
    head = ("window", "t", "p", "p, joint")
    return Table.of(
        "tests-joint",
        "All windows and benchmarks at once (max-t)",
        head,
        lines,
        notes=notes,
    )


def _calibration(context: Context) -> Table | None:
    """How often each test rejects at 5% where nothing happened, on these very prices."""
    table = context.findings.tables.get("calibration")
    if table is None:
        return None
    windows = list(context.findings.experiment.study.windows)
    effects = sorted(effect for effect in set(table["effect"]) if effect)
    cells = [(window, 0.0) for window in windows] + [(windows[0], effect) for effect in effects]
    known = records(table[table["level"] == 0.05])
    at = {(row["test"], row["window"], row["effect"]): row["rejected"] for row in known}
    lines: list[list[Cell | str]] = [
        [ABOUT[test].label, *(percent_free(at[test, window, effect]) for window, effect in cells)]
        for test in MAIN_TESTS
        if (test, windows[0], 0.0) in at
    ]
    n = context.findings.experiment.study.calibrate
    caption = f"How often each 5% test rejects on these prices, {n} shifted catalogs"
    head = ("test", *windows, *(f"{windows[0]}, {effect:.0%} added" for effect in effects))
    notes = (
        "Where nothing was added 5% is right and more is too often; "
        "with an effect added on day 0, more is better."
    )
    return Table.of("calibration", caption, head, lines, notes=notes)
