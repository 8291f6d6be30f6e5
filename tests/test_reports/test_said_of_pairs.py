"""Two groups compared, every event's path, the tables of windows and of all events: their cells."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from backtest.work.parted import Tables
from reports.draw.multiples import Path
from reports.draw.palette import Style
from reports.draw.tabular import Cell, Table, between_cell, number_cell, p_cell, percent_free
from reports.experiment.plan import Spec
from reports.page.sections import events
from reports.page.sections.base import Context
from reports.page.sections.overall import compare, multiples
from reports.page.sections.windows_table import detectable, placebos, windows_table
from reports.rows import Row
from reports.run.findings import Findings
from tests.test_reports.test_said_of_deals import NAN

SPEC = Spec(model="market", benchmark="SPY")
WINDOWS = {"1-day": (0, 0), "5-day": (0, 4), "run-up": (-5, -1)}


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


# two groups


def average(group: str, value: str, window: str = "1-day", **given: object) -> Row:
    """+1.5% of 5 events, between −1% and +4%."""
    return {
        "group": group, "group_value": value, "window": window, "n_events": 5,
        "weighted_mean": 0.015, "low": -0.01, "high": 0.04, "pvalue": 0.2, "why_not": "",
    } | given  # fmt: skip


def pair(one: str, other: str, **given: object) -> Row:
    return {
        "group": "ticker", "group_value": one, "other_value": other, "window": "1-day",
        "difference": 0.5, "low": -0.25, "high": 1.25, "statistic": 1.234, "pvalue": 0.0312,
        "why_not": "",
    } | given  # fmt: skip


def section(*rows: Row, pairs: tuple[Row, ...] = (), headline: tuple[str, ...] = ()) -> Any:
    kept = {"averages": pd.DataFrame(list(rows) or [average("x", "y")]).head(len(rows))}
    if pairs:
        kept["pairs"] = pd.DataFrame(pairs)
    findings = SimpleNamespace(
        tables=kept, of_primary=kept.__getitem__,
        experiment=SimpleNamespace(study=SimpleNamespace(windows=WINDOWS)),
    )  # fmt: skip
    context = SimpleNamespace(
        findings=findings, windows=[1], headline_tickers=headline, primary=SPEC,
        first_window="1-day", looks={}, simulated=False,
    )  # fmt: skip
    return compare.build(cast("Context", context)).content


def test_the_two_largest_tickers_stand_side_by_side_with_their_difference() -> None:
    few = {"n_events": 2, "weighted_mean": NAN, "low": NAN, "high": NAN, "pvalue": NAN}
    found = section(
        average("ticker", "A", n_events=3), average("ticker", "B", n_events=1200),
        average("ticker", "C", **few, why_not="needs 3"), pairs=(pair("A", "B"),),
    )  # fmt: skip
    assert (found.first, found.second) == ("ticker=B", "ticker=A")
    assert found.table.caption == "B and A, market model on SPY"
    assert texts(found.table)[0] == [
        "1-day", "1,200", "+1.5% [−1.0%, +4.0%]", "0.200", "3", "+1.5% [−1.0%, +4.0%]", "0.200",
        "−0.50 [−1.25, 0.25]", "−1.23", "0.031",
    ]  # fmt: skip
    assert texts(found.table)[1] == ["5-day", *["–"] * 9]
    assert found.groups == (("ticker", (("ticker=B", "B"), ("ticker=A", "A"), ("ticker=C", "C"))),)


def test_the_headlines_tickers_come_before_larger_ones() -> None:
    rows = [average("ticker", name, n_events=n) for name, n in (("A", 3), ("B", 9), ("C", 5))]
    found = section(*rows, headline=("A", "C", "Z"))
    assert (found.first, found.second) == ("ticker=A", "ticker=C")


def test_roles_are_compared_where_there_is_one_ticker_and_nothing_where_one_group() -> None:
    roles = [average("role", name) for name in ("read_through", "supplier")]
    found = section(average("ticker", "A"), *roles)
    assert found.table.caption == "read-through and supplier, market model on SPY"
    assert section(average("ticker", "A")) is None
    assert section() is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "1-day: A +1.5% against B +1.5%"),
        ({"low": 0.0149, "high": 0.0151}, "1-day: A +1.50% against B +1.50%"),
        (
            {"weighted_mean": NAN, "low": NAN, "high": NAN},
            "1-day: no average, as both groups have fewer than 3 events",
        ),
    ],
)
def test_the_picture_of_two_groups_says_both_averages(given: Row, told: str) -> None:
    found = section(*(average("ticker", name, **given) for name in "AB"))
    assert found.chart.title == told
    assert found.chart.note == (
        "market model on SPY; averages weighed by precision, 95% intervals of the headline test"
    )


def test_a_group_that_cannot_be_judged_says_why_in_place_of_p() -> None:
    cells = compare._average(average("ticker", "A", pvalue=NAN, low=NAN, high=NAN, why_not="few"))
    assert [cell.text for cell in cells] == ["5", "+1.5%", "few"]
    none = compare._average(average("ticker", "A", pvalue=NAN, why_not=""))
    assert none[2].text == "–"


def test_a_difference_that_cannot_be_tested_says_why_in_place_of_p() -> None:
    cells = compare.difference_cells(pair("A", "B", why_not="one event"))
    assert [cell.text for cell in cells] == ["–", "–", "one event"]
    sure = compare.difference_cells(pair("A", "B", pvalue=0.0499))
    assert [(cell.text, cell.strong) for cell in sure] == [
        ("0.50 [−0.25, 1.25]", False), ("1.23", False), ("<0.050", True),
    ]  # fmt: skip


# every event's path


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ({"A": 0.05}, "A: 0 of 1 path ends outside the ordinary"),
        ({"A": 0.11}, "A: 1 of 1 path ends outside the ordinary"),
        ({"A": -0.11, "B": 0.1, "C": NAN}, "A to C: 1 of 3 paths end outside the ordinary"),
    ],
)
def test_paths_are_counted_that_end_beyond_their_band(ends: dict[str, float], told: str) -> None:
    """The band is ±10%; a path that ends on it is inside."""
    paths = [Path("e", name, "2026-01-05", [0], [end], 0.1) for name, end in ends.items()]
    looks = {name: Style("@c0", "solid") for name in ends}
    study = SimpleNamespace(primary=SPEC)
    context = SimpleNamespace(
        findings=SimpleNamespace(experiment=SimpleNamespace(study=study)), looks=looks,
        simulated=False,
    )  # fmt: skip
    chart = multiples._chart(cast("Context", context), 0, paths)
    assert chart.title == told
    assert chart.note.startswith("market model on SPY; the upright line is the announcement")


# the table of windows


def test_a_window_that_was_widened_says_so_in_words(findings: Findings) -> None:
    context = Context(findings)
    rows = context.windows.head(1).assign(window="1-day", start=0)
    cells = [windows_table(context, rows.assign(end=end), "t", "c").rows[0][1] for end in (0, 1)]
    assert [(cell.text, cell.whole) for cell in cells] == [
        ("1-day [0, 0]", True),
        ("1-day [0, +1], widened: the time of the news is uncertain", False),
    ]


def test_the_share_of_placebos_has_their_number_and_a_dash_where_they_are_few(
    findings: Findings,
) -> None:
    row = {"event_id": "a", "ticker": "A", "window": "1-day"}
    for n, position, told in ((120, 0.974, "97% of 120"), (3, 0.5, "–"), (120, NAN, "–")):
        table = pd.DataFrame([row | {"n_placebo": n, "position": position}])
        tables = Tables({**findings.tables, "placebo_positions": table})
        assert placebos(Context(replace(findings, tables=tables)), row).text == told


@pytest.mark.parametrize(
    ("cell", "text", "strong"),
    [
        (detectable({"mde80": 0.0634}), "±6.3%", False), (detectable({"mde80": NAN}), "–", False),
        (between_cell(0.01, -0.02, 0.03), "+1.0% [−2.0%, +3.0%]", False),
        (between_cell(0.01, 0.0081, 0.0119), "+1.00% [+0.81%, +1.19%]", False),
        (between_cell(0.01, NAN, 0.03), "+1.0%", False), (between_cell(NAN, 0, 1), "–", False),
        (p_cell(0.0499), "<0.050", True), (p_cell(0.05), "0.050", False), (p_cell(NAN), "–", False),
        (p_cell(0.01, judged=False), "0.010", False), (p_cell(0.0099), "<0.010", True),
        (percent_free(0.0123), "1.2%", False), (percent_free(-0.0123), "−1.2%", False),
        (number_cell(-1234.5, 0), "−1,234", False), (number_cell(-0.001), "0.00", False),
    ],
)  # fmt: skip
def test_cells_show_their_numbers(cell: Cell, text: str, strong: bool) -> None:
    assert (cell.text, cell.strong, cell.numeric) == (text, strong, True)


# the table of all events


def test_an_event_has_its_moves_its_fit_and_its_flags(findings: Findings) -> None:
    windows = findings.tables["windows"].assign(
        raw_return=0.0512, car=-0.0123, pvalue=0.0312, flags="overlap;thin_trading"
    )
    fits = findings.tables["estimates"].assign(
        alpha=-0.0004, beta=1.234, sigma=0.0213, r2=0.4567, n_obs=1200
    )
    tables = Tables({**findings.tables, "windows": windows, "estimates": fits})
    table = events.build(Context(replace(findings, tables=tables))).content
    assert table.caption == "Return over 1-day, then abnormal returns, market model on SPY"
    shown = [cell.text for cell in table.rows[0]][4:]
    assert shown == [
        "+5.1%", "−1.2%", "−1.2%", "−1.2%", "0.031", "−0.04%", "1.23", "2.1%", "0.46", "1,200",
        "overlap, thin trading",
    ]  # fmt: skip
    assert [cell.strong for cell in table.rows[0]][5:8] == [True] * 3
    assert [cell.text for cell in events.fit_cells(None)] == ["–"] * 5


@pytest.mark.parametrize(
    ("role", "kind", "told"),
    [
        ("supplier", "capacity_contract", "supplier, capacity contract"),
        ("read_through", "other", "read-through"), ("other", "earnings", "earnings"),
        ("other", "other", "other"),
    ],
)  # fmt: skip
def test_what_an_event_is_called(role: str, kind: str, told: str) -> None:
    assert events._called({"role": role, "kind": kind}) == told
