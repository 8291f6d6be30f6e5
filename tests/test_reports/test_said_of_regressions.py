"""Regressions, groups and comparisons asked for: every cell and note from rows made by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from backtest.study.inference import HEADLINE_TEST
from reports.commands.options.regress import show_asked
from reports.draw.tabular import Table
from reports.experiment.plan import Spec
from reports.page.compared import compared_tables
from reports.page.own_regressions import regression_tables
from reports.page.own_tables import group_tables
from reports.page.sections.base import Context
from reports.page.sections.overall import regression
from reports.rows import Row
from reports.run.findings import Findings
from tests.test_reports.test_said_of_deals import NAN

SPEC = Spec(model="market", benchmark="SPY")
WINDOWS = {"1-day": (0, 0), "5-day": (0, 4)}


def run(
    *, by: tuple[str, ...] = (), compare: tuple[str, ...] = (), flags: str = "",
    **tables: list[Row],
) -> Findings:  # fmt: skip
    """A run with these tables alone."""
    kept = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    kept.setdefault("differences", pd.DataFrame(columns=["group", "group_value", "window"]))
    kept["windows"] = pd.DataFrame({"flags": [flags]})
    study = SimpleNamespace(windows=WINDOWS, primary=SPEC, by=by, compare=compare)
    found = SimpleNamespace(
        tables=kept, of_primary=kept.__getitem__, experiment=SimpleNamespace(study=study)
    )
    return cast("Findings", found)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


# regressions by formula


def slope(term: str, window: str = "1-day", **given: object) -> Row:
    """A row of regressions.csv: 0.0123 with errors of 0.004 (HC3) and 0.005 (clustered)."""
    return {
        "formula": "car ~ size", "window": window, "term": term, "coefficient": 0.0123,
        "se": 0.004, "pvalue": 0.002, "se_cluster": 0.005, "pvalue_cluster": 0.0499,
        "pvalue_wild": 0.06, "pvalue_placebo": NAN, "coefficient_gls": NAN, "se_gls": NAN,
        "pvalue_gls": NAN, "n_events": 12, "r_squared": 0.1234, "clusters": "session",
        "why_not": "", "note": "",
    } | given  # fmt: skip


def table(*rows: Row) -> Table:
    (made,) = regression_tables(run(regressions=list(rows)))
    return made


def test_a_regression_has_a_slope_its_error_and_the_events_below() -> None:
    made = table(
        slope("alpha"), slope("size", coefficient=-0.5, se_cluster=0.1, pvalue_cluster=0.3)
    )
    assert (made.name, made.caption) == ("regression-1", "car ~ size, market model on SPY")
    assert made.head == ("term", "1-day")
    assert texts(made) == [
        ["alpha", "0.0123**"], ["", "(0.0050)"], ["size", "−0.5000"], ["", "(0.1000)"],
        ["events", "12"], ["R2", "0.123"],
    ]  # fmt: skip
    assert made.notes == (
        "Errors in parentheses, of OLS clustered by session (HC3 where that cannot be given); "
        "* p < 0.10, ** p < 0.05, *** p < 0.01."
    )


@pytest.mark.parametrize(
    ("p", "stars"),
    [
        (0.0099, "***"), (0.01, "**"), (0.0499, "**"), (0.05, "*"), (0.0999, "*"), (0.1, ""),
        (NAN, ""),
    ],
)  # fmt: skip
def test_stars_are_of_a_p_below_their_level(p: float, stars: str) -> None:
    assert texts(table(slope("alpha", pvalue_cluster=p)))[0] == ["alpha", f"0.0123{stars}"]


def test_without_clustered_errors_the_robust_ones_stand_there() -> None:
    made = table(slope("alpha", se_cluster=NAN, pvalue_cluster=NAN))
    assert texts(made)[:2] == [["alpha", "0.0123***"], ["", "(0.0040)"]]


def test_placebo_days_add_a_line_and_their_reading() -> None:
    made = table(slope("alpha", pvalue_placebo=0.0312), slope("size", pvalue_placebo=NAN))
    assert [row[1] for row in texts(made)] == [
        "0.0123**", "(0.0050)", "[0.031]", "0.0123**", "(0.0050)", "", "12", "0.123",
    ]  # fmt: skip
    assert "In brackets, the share of placebo days whose slope is as many errors" in made.notes


def test_weighted_slopes_have_a_column_beside_and_stars_of_their_own() -> None:
    gls = {"coefficient_gls": 0.02, "se_gls": 0.006, "pvalue_gls": 0.0004, "pvalue_placebo": 0.2}
    made = table(slope("alpha", **gls), slope("alpha", "5-day"))
    assert made.head == ("term", "1-day, OLS", "1-day, GLS", "5-day, OLS")
    assert texts(made) == [
        ["alpha", "0.0123**", "0.0200***", "0.0123**"],
        ["", "(0.0050)", "(0.0060)", "(0.0050)"],
        ["", "[0.200]", "[<0.001]", ""],
        ["events", "12", "", "12"],
        ["R2", "0.123", "", "0.123"],
    ]


def test_a_term_that_a_window_lacks_has_a_dash() -> None:
    made = table(slope("alpha"), slope("size"), slope("alpha", "5-day", coefficient=NAN))
    assert [row[2] for row in texts(made)[:4]] == ["–", "", "–", ""]


def test_each_formula_has_a_table_and_what_its_rows_note_is_said_once() -> None:
    lost = {"why_not": "too few events", "note": "one level of kind_x left out"}
    rows = [slope("alpha", **lost), slope("alpha", "5-day", **lost), slope("b", formula="car ~ b")]
    first, second = regression_tables(run(regressions=rows))
    assert first.notes.endswith("0.01. Too few events. One level of kind x left out.")
    assert (second.name, second.caption) == ("regression-2", "car ~ b, market model on SPY")
    assert second.notes.endswith("0.01.")
    assert list(regression_tables(run())) == []


def test_the_terminal_has_a_line_a_term_and_names_windows_of_a_note(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        slope("alpha", note="a level left out"), slope("alpha", "5-day", se_cluster=NAN,
        coefficient_gls=-0.02, pvalue_gls=0.5, why_not="few"),
    ]  # fmt: skip
    show_asked(run(regressions=rows))
    assert capsys.readouterr().out.splitlines() == [
        "window\tterm\tcoefficient\terror\tp\tp wild\tp placebo\tGLS\tp GLS\tevents",
        "1-day\talpha\t0.0123\t0.0050\t<0.050\t0.060\t–\t–\t–\t12",
        "5-day\talpha\t0.0123\t0.0040\t0.002\t0.060\t–\t−0.0200\t0.500\t12",
        "car ~ size, errors clustered by session",
        "note: 1-day: a level left out",
        "note: 5-day: few",
    ]


# two groups against each other


def against(window: str = "1-day", **given: object) -> Row:
    """Cash against stock: +2% of 4 events, −1% of 6."""
    return {
        "group": "Method", "group_value": "cash against stock", "window": window,
        "n_events": 4, "n_others": 6, "mean_car": 0.02, "mean_car_others": -0.01,
        "statistic": 2.345, "pvalue": 0.0312, "why_not": "",
    } | given  # fmt: skip


def compared(*rows: Row) -> Table:
    (made,) = compared_tables(run(compare=("Method=cash,stock",), differences=list(rows)))
    return made


def test_two_groups_have_their_averages_difference_and_its_test() -> None:
    made = compared(against(), against("5-day", group_value="cash against all"))
    assert (made.name, made.caption) == (
        "compared-1", "Method: cash against stock, market model on SPY",
    )  # fmt: skip
    assert made.head == ("Method", "1-day [0, 0]", "5-day [0, +4]")
    assert texts(made) == [
        ["cash", "+2.00% (4)", "–"], ["stock", "−1.00% (6)", "–"], ["difference", "+3.00%", "–"],
        ["t of standardised", "2.35", "–"], ["p", "0.031", "–"],
    ]  # fmt: skip
    assert made.notes.endswith("overlapping windows in it, as in the headline test.")


@pytest.mark.parametrize(
    ("given", "cells", "note"),
    [
        (
            {"n_others": 0, "mean_car_others": NAN, "why_not": "one group is empty"},
            ["+2.00% (4)", "–", "–", "–", "–"], "One group is empty.",
        ),
        (
            {"why_not": "needs 3 events"}, ["+2.00% (4)", "−1.00% (6)", "+3.00%", "–", "–"],
            "Needs 3 events.",
        ),
        ({"pvalue": 0.0001}, ["+2.00% (4)", "−1.00% (6)", "+3.00%", "2.35", "<0.001"], "test."),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_has_dashes_and_a_reason(
    given: Row, cells: list[str], note: str
) -> None:
    made = compared(against(**given))
    assert [row[1] for row in texts(made)] == cells
    assert made.notes.endswith(note)


def test_groups_without_an_event_are_named() -> None:
    made = compared(against(group_value="other against stock"))
    assert made.notes.endswith("No event of cash or of stock was studied.")
    assert {cell for row in texts(made) for cell in row[1:]} == {"–"}


# groups by a column


def grouped(*levels: str, n: int = 3, flags: str = "", **given: object) -> Table:
    rows = [
        {"group": "Method", "group_value": level, "window": "1-day", "test": HEADLINE_TEST,
         "n_events": n, "pvalue": 0.0312, "why_not": ""} | given for level in levels
    ]  # fmt: skip
    apart = [against(group_value=level, pvalue=0.5) for level in levels]
    (made,) = group_tables(run(by=("Method",), flags=flags, tests=rows, differences=apart))
    return made


def test_every_level_has_its_average_and_its_difference_to_the_others() -> None:
    made = grouped("cash", "")
    assert made.caption == "Average abnormal returns by Method, market model on SPY"
    assert made.head == ("Method", "1-day [0, 0]", "5-day [0, +4]")
    assert texts(made) == [
        ["cash", "+2.00% [0.031] (3)", "–"], ["against the others, p", "0.500", "–"],
        ["empty", "+2.00% [0.031] (3)", "–"], ["against the others, p", "0.500", "–"],
    ]  # fmt: skip
    assert made.notes.endswith("below it, the p-value of the difference to all other events.")


def test_a_level_that_cannot_be_tested_has_no_p_and_one_without_events_a_dash() -> None:
    assert texts(grouped("cash", why_not="few"))[0][1] == "+2.00% (3)"
    assert texts(grouped("cash", n=0))[0][1] == "–"


def test_a_table_of_groups_has_thirty_levels_and_says_how_many_there_are() -> None:
    made = grouped(*(f"L{i:02}" for i in range(31)), flags="overlap;widened")
    assert len(made.rows) == 60
    assert made.notes.endswith(
        " [0, 0] runs to day +1 where the time of day is not known."
        " The first 30 of 31 levels; differences.csv has them all."
    )


# the regression on attributes


def section(*rows: Row) -> Any:
    found = run(regression=list(rows))
    return regression.build(
        cast("Context", SimpleNamespace(findings=found, first_window="1-day"))
    ).content


def test_attributes_are_said_with_their_events_clusters_and_notes() -> None:
    row = slope("kind=capacity_contract", n_clusters=1, note="one word of kind left out")
    made = section(row, slope("run_up", n_clusters=1, se_cluster=NAN))
    assert made.words.startswith(
        "Abnormal returns over 1-day of 12 events in 1 cluster of overlapping windows, regressed"
    )
    assert texts(made.table) == [
        [
            "kind: capacity contract", "+1.23%", "0.50%", "0.002", "<0.050", "0.060", "–", "–", "–",
        ],
        ["run up", "+1.23%", "–", "0.002", "<0.050", "0.060", "–", "–", "–"],
    ]  # fmt: skip
    assert made.table.notes.endswith(" One word of kind left out.")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((), "No regression: no event."),
        ((slope("alpha", coefficient=NAN, why_not="needs 20 events, got 5"),),
         "No regression: needs 20 events, got 5."),
    ],
)  # fmt: skip
def test_without_a_regression_it_says_why(rows: tuple[Row, ...], told: str) -> None:
    made = section(*rows)
    assert (made.words, made.table) == (told, None)
