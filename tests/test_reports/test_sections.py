from __future__ import annotations

import math

import pytest

from backtest.study.inference import HEADLINE_TEST
from reports.page.headline import headline_event
from reports.page.sections import answer, averages, events, left_out
from reports.page.sections.base import Context
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
        assert shown[row.group_value, row.window][3].text.startswith(
            percent(cars.mean()) if len(cars) else "–"
        )


def test_intervals_of_averages_are_those_of_the_exact_test(context: Context) -> None:
    exact = context.tests.query("group == 'ticker' and test == 'caar_exact_z'").dropna(
        subset=["statistic"]
    )
    means = averages._means(context, "ticker")
    assert len(exact) > 4
    for row in exact.itertuples():
        mean, se = means[row.group_value, row.window]
        assert math.isclose(abs(row.statistic), abs(mean) / se)


def test_the_experiments_own_announcement_opens_the_page(findings: Findings) -> None:
    assert headline_event(findings) == "2026-04-09-meta-coreweave-21bn"


def test_raw_moves_of_the_first_screen_are_on_closes(context: Context) -> None:
    close = context.findings.prices.close["META"]
    place = close.index.get_loc("2026-04-09")
    told = dict(answer.build(context).content.sentences)["META"]
    assert f"closed at {close.iloc[place]:.2f}" in told
    assert percent(close.iloc[place] / close.iloc[place - 1] - 1, 2) in told
    assert (
        percent(close.iloc[place] / close.iloc[place - 21] - 1)
        in answer.build(context).content.before
    )


def test_every_event_studied_has_a_row(context: Context) -> None:
    assert len(events.build(context).content.rows) == len(context.findings.primary.events)


def test_every_flag_has_a_meaning(context: Context) -> None:
    flags = left_out.build(context).content.flags
    assert flags is not None
    assert [row[0].text for row in flags.rows if not row[2].text] == []


def test_the_press_is_right_on_real_prices_about_the_seed(
    real_prices_dir: object, findings: Findings
) -> None:
    from pathlib import Path

    from backtest import Prices
    from reports.experiment.plan import Experiment
    from reports.run.findings import run

    quick = Experiment.parse(
        "strategies = []\nsweep = false\n[study]\nmodels = ['market']", "quick.toml"
    )
    catalog = findings.catalog.filter(ids=["2026-04-09-meta-coreweave-21bn"])
    shown = answer.build(
        Context(run(quick, catalog, Prices.read(Path(str(real_prices_dir)))))
    ).content
    told = dict(shown.sentences)
    assert told["META"].startswith("closed at 628.39, +2.61% from 612.42")
    assert told["CRWV"].startswith("closed at 92.00, +3.49% from 88.90")
    assert "from the close of 2026-03-10 to that of 2026-04-09 (21 sessions)" in shown.before
    assert "META −3.9% and CRWV +22.8%" in shown.before


def row(ticker: str, p: float, end: int = 0) -> dict[str, object]:
    return {
        "ticker": ticker,
        "raw_return": 0.19,
        "start": 0,
        "end": end,
        "pvalue": p,
        "conformal_p": p,
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [row("META", 0.4), row("CRWV", 0.3)],
            "on the day. With the market’s own move taken out, neither stands out",
        ),
        ([row("META", 0.4), row("CRWV", 0.01)], "CRWV stands out from ordinary days."),
        (
            [row("CRWV", 0.3, end=1)],
            "over the sessions [0, +1], as the time of the news is uncertain.",
        ),
        ([row("CRWV", math.nan)], "nothing can be said: there is too little history"),
        (
            [row("META", 0.4), row("CRWV", math.nan)],
            "META does not stand out from ordinary days; CRWV cannot be judged",
        ),
        (
            [row("META", 0.01), row("CRWV", math.nan)],
            "META stands out from ordinary days; CRWV cannot be judged",
        ),
        ([row("META", 0.4, end=4), row("CRWV", 0.4, end=4)], "over the sessions [0, +4]. With"),
    ],
)
def test_the_verdict_says_what_was_measured_and_what_cannot_be(
    rows: list[dict[str, object]], said: str
) -> None:
    assert said in answer._verdict(rows)


def test_the_first_screen_carries_its_cautions(context: Context) -> None:
    told = dict(answer.build(context).content.sentences)["CRWV"]
    assert "Careful: " in told
    assert "which daily prices cannot tell apart" in told


def test_groups_of_a_forest_have_three_events(context: Context) -> None:
    for group in averages.build(context).content.groups:
        assert all(
            int(str(line[0]).rsplit("(", 1)[1].rstrip(")")) >= 3 for line in group.forest.rows
        )
