from __future__ import annotations

import math

import pandas as pd
import pytest

from backtest.study.inference import HEADLINE_TEST
from reports.page import phrases
from reports.page.headline import headline_events
from reports.page.sections import events
from reports.page.sections.about import left_out
from reports.page.sections.base import Context
from reports.page.sections.overall import averages
from reports.page.sections.windows_table import windows_table
from reports.run.findings import Findings
from reports.words import percent


@pytest.fixture(scope="module")
def context(findings: Findings) -> Context:
    return Context(findings)


def test_averages_are_over_the_events_that_the_tests_count(context: Context) -> None:
    tests = context.tests
    counted = tests[(tests["group"] == "ticker") & (tests["test"] == HEADLINE_TEST)]
    table = next(
        group.table for group in averages.build(context).content.groups if group.name == "ticker"
    )
    shown = {(row[0].text, row[1].text): row for row in table.rows}
    assert len(shown) == len(counted)
    for row in counted.itertuples():
        cars = context.tested.query("ticker == @row.group_value and window == @row.window")["car"]
        assert len(cars) == row.n_events
        assert shown[row.group_value, row.window][4].text == (
            percent(cars.mean()) if len(cars) else "–"
        )


def test_intervals_of_averages_are_those_of_the_headline_test(context: Context) -> None:
    known = (
        context.findings.of_primary("averages").query("group == 'ticker'").dropna(subset=["low"])
    )
    table = next(g.table for g in averages.build(context).content.groups if g.name == "ticker")
    shown = {(row[0].text, row[1].text): row[3].text for row in table.rows}
    assert len(known) > 4
    for row in known.itertuples():
        told = f"{percent(row.weighted_mean)} [{percent(row.low)}, {percent(row.high)}]"
        assert shown[row.group_value, row.window] == told
        assert (row.low > 0 or row.high < 0) == (row.pvalue < 0.05)


def test_the_experiments_own_announcement_opens_the_page(findings: Findings) -> None:
    assert headline_events(findings) == ["2026-04-09-meta-coreweave-21bn"]


def test_every_event_studied_has_a_row(context: Context) -> None:
    assert len(events.build(context).content.rows) == len(context.findings.primary.events)


def test_every_flag_has_a_meaning(context: Context) -> None:
    flags = left_out.build(context).content.flags
    assert flags is not None
    assert [row[0].text for row in flags.rows if not row[2].text] == []


def row(ticker: str, p: float, end: int = 0) -> dict[str, object]:
    return {
        "ticker": ticker, "start": 0, "end": end, "pvalue": p, "conformal_p": p, "car": 0.01,
        "event_session": pd.Timestamp("2026-04-09"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("META", 0.4), row("CRWV", 0.3)], "neither stands out from ordinary days"),
        (
            [row("META", 0.4), row("CRWV", 0.01)],
            "CRWV on 2026-04-09 stands out from ordinary days; the other move does not",
        ),
        ([row("CRWV", math.nan)], "nothing can be said: there is too little history"),
        (
            [row("CRWV", math.nan) | {"car": math.nan}],
            "nothing can be said: the sessions of the window are not all there",
        ),
        (
            [row("META", 0.4), row("CRWV", math.nan)],
            "the move does not stand out from ordinary days; one cannot be judged",
        ),
    ],
)
def test_the_verdict_says_what_stands_out_and_what_cannot_be_judged(
    rows: list[dict[str, object]], said: str
) -> None:
    assert said in phrases.who_stands_out(rows)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (0, "on the day"),
        (1, "over 2 sessions [0, +1], as the time of the news is uncertain"),
        (4, "over 5 sessions [0, +4]"),
    ],
)
def test_the_verdict_says_over_which_sessions(end: int, said: str) -> None:
    assert phrases.when([row("META", 0.4, end)]) == said


def test_groups_of_a_forest_have_three_events(context: Context) -> None:
    for group in averages.build(context).content.groups:
        assert all(
            int(str(line[0]).rsplit("(", 1)[1].rstrip(")")) >= 3 for line in group.forest.rows
        )


def test_a_widened_window_says_so_in_words(context: Context) -> None:
    plan = context.findings.experiment.study.windows
    rows = context.windows[context.windows["window"] == context.first_window].head(2)
    assert plan[context.first_window] == (0, 0)
    rows = rows.assign(start=0, end=[0, 1])
    told = [row[1].text for row in windows_table(context, rows, "t", "t").rows]
    assert told == ["1-day [0, 0]", "1-day [0, +1], widened: the time of the news is uncertain"]
