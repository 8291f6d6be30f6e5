"""What the first screen offers: its control, the words of its picture, its table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backtest.work.parted import Tables
from reports.page.sections import answer
from reports.page.sections.base import Context
from reports.rows import records
from reports.run.findings import Findings
from reports.words import fine, percent

DEAL = "2026-04-09-meta-coreweave-21bn"
NOTE = (
    "abnormal returns, market model on SPY; lines: 95% intervals; grey: where 95% of ordinary "
    "moves lie; bold: p below 0.05 by both tests{}. Each ticker has its own scale."
)


def with_windows(findings: Findings, **columns: Any) -> Findings:
    """The same run with columns of windows.csv changed."""
    windows = findings.tables["windows"].assign(**columns)
    return replace(findings, tables=Tables({**findings.tables, "windows": windows}))


def test_the_section_has_its_table_and_its_picture(findings: Findings, average: Findings) -> None:
    found = answer.build(Context(findings))
    assert (found.name, found.title) == ("answer", "The answer")
    assert found.template == "sections/answer.html.j2"
    assert found.tables == (found.content.table,)
    assert found.charts == (found.content.chart,)
    assert found.content.lead == "announcements"
    led = answer.build(Context(average))
    assert (led.content.lead, led.content.table, led.tables) == ("average", None, ())
    assert led.content.deals == {}


def test_nothing_studied_has_no_answer(findings: Findings) -> None:
    windows = findings.tables["windows"].iloc[:0]
    empty = replace(findings, tables=Tables({**findings.tables, "windows": windows}))
    found = answer.build(Context(empty))
    assert (found.name, found.title, found.content) == ("answer", "The answer", None)
    assert (found.tables, found.charts) == ((), ())


def test_the_control_offers_what_was_run_and_the_first_screen_is_its_first(
    findings: Findings,
) -> None:
    shown = answer.build(Context(findings)).content
    assert shown.windows == (
        ("1-day", "1-day [0, 0]"), ("5-day", "5-day [0, +4]"), ("1-month", "1-month [0, +20]"),
        ("run-up", "run-up [−5, −1]"),
    )  # fmt: skip
    assert shown.models == (
        ("market", "market"), ("market_adjusted", "market adjusted"),
        ("mean_adjusted", "mean adjusted"),
    )  # fmt: skip
    assert shown.benchmarks == ("SPY", "QQQ", "SOXX", "PEERS")
    assert shown.deals == {
        DEAL: "Meta adds about $21bn of CoreWeave capacity through December 2032"
    }
    first = answer.opening(Context(findings), findings.experiment.study.primary).words("1-day")
    assert shown.words == first
    assert shown.verdict == first.headline


def test_windows_before_the_news_come_last_in_the_control(findings: Findings) -> None:
    study = findings.experiment.study
    plan = {"run-up": (-5, -1), "around": (-1, 1), **study.windows}
    changed = findings.experiment.model_copy(
        update={"study": study.model_copy(update={"windows": plan})}
    )
    shown = answer.build(Context(replace(findings, experiment=changed))).content
    assert [name for name, _ in shown.windows] == ["1-day", "5-day", "1-month", "run-up", "around"]


def test_filters_are_named_and_have_every_value_in_order(findings: Findings) -> None:
    tickers, roles, kinds = answer.build(Context(findings)).content.filters
    events = findings.primary.events
    assert tickers[:2] == ("t", "Ticker")
    assert tickers[2] == tuple((one, one) for one in sorted(set(events["ticker"])))
    assert roles[:2] == ("r", "Role")
    assert ("read_through", "read-through") in roles[2]
    assert [value for value, _ in roles[2]] == sorted(set(events["role"]))
    assert kinds[:2] == ("k", "Kind")
    assert ("capacity_contract", "capacity contract") in kinds[2]


def test_a_ticker_is_never_put_into_words(findings: Findings) -> None:
    events = findings.primary.events
    odd = events.assign(ticker=events["ticker"].replace("META", "BRK_B"))
    primary = findings.experiment.study.primary
    studies = {primary: _Studied(odd)}
    context = Context(replace(findings, studies=studies))
    assert ("BRK_B", "BRK_B") in answer._filters(context)[0][2]


class _Studied:
    """A study of which the events alone are asked."""

    def __init__(self, events: Any) -> None:
        self.events = events


@pytest.mark.parametrize(("low", "told"), [(0.0, "0 of 6 moves"), (0.0301, "6 of 6 moves")])
def test_the_pictures_title_counts_moves_outside_what_is_ordinary(
    findings: Findings, low: float, told: str
) -> None:
    moved = with_windows(findings, car=0.06, car_low=low, car_high=0.12 - low)
    chart = answer.build(Context(moved)).content.chart
    assert chart.title == f"{told} outside what is ordinary, fewer than 1 by chance"


def test_one_move_is_one_move(findings: Findings) -> None:
    windows = findings.tables["windows"]
    own = windows[(windows["ticker"] == "META") & (windows["window"] == "1-day")]
    alone = replace(findings, tables=Tables({**findings.tables, "windows": own}))
    assert " of 1 move outside " in answer.build(Context(alone)).content.chart.title


def test_the_pictures_note_says_what_is_drawn(findings: Findings) -> None:
    chart = answer.build(Context(findings)).content.chart
    assert chart.note == NOTE.format("; ◆ other news inside the window")
    quiet = findings.tables["conflicts"].iloc[:0]
    without = replace(findings, tables=Tables({**findings.tables, "conflicts": quiet}))
    assert answer.build(Context(without)).content.chart.note == NOTE.format("")


def test_the_average_is_told_in_the_title_of_its_picture(average: Findings) -> None:
    context = Context(average)
    table = average.of_primary("averages").query("group == 'all'").set_index("window")
    told = ", ".join(
        f"{name} {percent(row['weighted_mean'], fine(row['low'], row['high']))}"
        for name, row in zip(
            ["1-day", "5-day", "1-month"],
            records(table.loc[["1-day", "5-day", "1-month"]]),
            strict=True,
        )
    )
    chart = answer.build(context).content.chart
    assert chart.title == f"Average abnormal return of all events: {told}"
    assert chart.note == (
        "market model on SPY; dots: averages weighed by precision; "
        "lines: 95% intervals of the headline test; bold: p below 0.05"
    )


def test_an_average_known_closely_has_two_digits_in_the_title_too(average: Findings) -> None:
    table = average.tables["averages"].assign(weighted_mean=0.0001, low=-0.0004, high=0.0006)
    close = replace(average, tables=Tables({**average.tables, "averages": table}))
    title = answer.build(Context(close)).content.chart.title
    assert title.endswith(": 1-day +0.01%, 5-day +0.01%, 1-month +0.01%")


@pytest.mark.parametrize("of_average", [False, True])
def test_a_picture_of_simulated_prices_says_so(
    findings: Findings, average: Findings, *, of_average: bool
) -> None:
    context = Context(average if of_average else findings)
    assert "SIMULATED" in repr(answer.build(context).content.chart)


def test_a_picture_under_another_model_is_of_that_model(findings: Findings) -> None:
    other = next(spec for spec in findings.studies if spec.model == "mean_adjusted")
    chart = answer.headline_chart(Context(findings), other)
    assert "mean-adjusted" in chart.note or "mean adjusted" in chart.note
    values = [row[3] for row in chart.rows]
    windows = findings.of("windows", other)
    own = windows[(windows["event_id"] == DEAL) & windows["ticker"].isin(["META", "CRWV"])]
    assert set(values) <= set(own["car"])


def test_the_table_is_of_the_headline_share_by_share_earliest_first(findings: Findings) -> None:
    table = answer.build(Context(findings)).content.table
    assert table.name == "answer-windows"
    assert table.caption == "Returns and abnormal returns of the headline, market model on SPY"
    assert table.head[:4] == ("session", "ticker", "window", "return")
    assert [row[1].text for row in table.rows] == ["META"] * 4 + ["CRWV"] * 4
    windows = findings.tables["windows"].iloc[::-1]
    turned = replace(findings, tables=Tables({**findings.tables, "windows": windows}))
    rows = answer.build(Context(turned)).content.table.rows
    assert [row[1].text for row in rows] == ["META"] * 4 + ["CRWV"] * 4
