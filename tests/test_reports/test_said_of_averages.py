"""The first screen over an average, word by word, from tables made by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from events import Catalog
from events.errors import ReactionsError
from reports.experiment.plan import Experiment, Spec
from reports.page.headline import check_headline
from reports.page.opening_average import Average, _Known
from reports.rows import Row, apart, by_ticker, interval, records, span
from reports.run.findings import Findings
from tests.test_reports.test_said_of_deals import NAN

EVENTS = [("a", "META", "customer", "deal"), ("b", "META", "customer", "own_deal"),
          ("c", "CRWV", "supplier", "deal")]  # fmt: skip
WINDOWS = {"before": (-5, -1), "1-day": (0, 0), "5-day": (0, 4)}


def mean(window: str = "1-day", group: str = "all", value: str = "all", **given: object) -> Row:
    """A row of averages.csv: +1.5% of three events, not told apart from zero."""
    return {
        "group": group, "group_value": value, "window": window, "n_events": 3, "mean": 0.02,
        "median": 0.01, "weighted_mean": 0.015, "low": -0.01, "high": 0.04, "pvalue": 0.2,
        "share_positive": 0.667, "why_not": "",
    } | given  # fmt: skip


def averages(
    *rows: Row, model: str = "market", sessions: tuple[str, ...] = (), **given: Any
) -> Average:
    """The average of three events by hand-made tables; `given` are columns of windows.csv."""
    days = sessions or ("2026-01-05", "2026-02-02", "2026-03-02")
    events = pd.DataFrame(EVENTS, columns=["event_id", "ticker", "role", "kind"])
    windows = pd.concat(
        events[["event_id", "ticker"]].assign(window=n, start=start, end=end, pvalue=0.5)
        for n, (start, end) in WINDOWS.items()
    )
    for name, values in given.items():
        windows.loc[windows["window"] == "1-day", name] = values
    tables = {"averages": pd.DataFrame(rows), "windows": windows}
    spec = Spec(model=model, benchmark="" if model == "mean_adjusted" else "SPY")
    findings = SimpleNamespace(
        of=lambda table, _: tables[table],
        studies={spec: SimpleNamespace(events=events.assign(event_session=list(days)))},
        experiment=SimpleNamespace(study=SimpleNamespace(windows=WINDOWS)),
    )
    return Average.of(cast("Findings", findings), spec)


def test_the_whole_first_screen_of_an_average() -> None:
    said = averages(mean(), pvalue=[0.01, 0.049, 0.05]).words("1-day")
    assert said.headline == (
        "3 events: +1.5% on average over 1-day [0, 0], with the market’s own move taken out. "
        "That is not told apart from zero (p = 0.200)."
    )
    assert said.sentences == (
        (
            "On average",
            "Events weighed by their precision: +1.5%, 95% interval −1.0% to +4.0%. "
            "Plain mean +2.0%, median +1.0%, 67% positive.",
        ),
        (
            "How sure",
            "Not proven is not “no effect”: averages from −1.0% to +4.0% all fit these prices.",
        ),
        (
            "One by one",
            "2 of 3 single moves lie beyond the noise of their own share (p below 0.05); "
            "fewer than 1 would by chance.",
        ),
        (
            "The events",
            "Whoever made the catalog chose its announcements. If they were collected "
            "after their prices were known, averages are off, and no test can see it.",
        ),
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pvalue": 0.04}, "That is clearly above zero (p = 0.040)."),
        ({"pvalue": 0.04, "weighted_mean": -0.03}, "That is clearly below zero (p = 0.040)."),
        ({"pvalue": 0.0499}, "That is clearly above zero (p < 0.050)."),
        ({"pvalue": 0.05}, "That is not told apart from zero (p = 0.050)."),
        ({"pvalue": 0.0001}, "That is clearly above zero (p < 0.001)."),
    ],
)
def test_the_headline_says_on_which_side_of_zero(given: Row, told: str) -> None:
    said = averages(mean(**given)).words("1-day")
    assert said.headline.endswith(f" taken out. {told}")
    sure = dict(said.sentences)["How sure"]
    fits = "An average of zero does not fit these prices; anything from −1.0% to +4.0% does."
    assert (sure == fits) == ("clearly" in told)


def test_without_a_test_nothing_is_judged_and_no_interval_told() -> None:
    untested = {"pvalue": NAN, "low": NAN, "high": NAN}
    said = averages(mean(**untested), pvalue=[NAN, NAN, NAN]).words("1-day")
    assert said.headline == (
        "3 events: +1.5% on average over 1-day [0, 0], with the market’s own move taken out; "
        "whether that is more than noise cannot be judged."
    )
    told = dict(said.sentences)
    assert told["On average"].startswith("Events weighed by their precision: +1.5%. Plain mean")
    assert told["How sure"] == (
        "There are too few events for an interval: nothing is shown either way."
    )
    assert told["One by one"] == "No single move can be judged."


@pytest.mark.parametrize("row", [mean(weighted_mean=NAN), mean("5-day")])
def test_a_window_without_an_average_says_why(row: Row) -> None:
    said = averages(row).words("1-day")
    assert said.headline == "No event can be tested over 1-day."
    assert said.sentences == (("Why", "The windows of its events are not complete."),)


def test_the_reason_of_the_table_is_the_reason_told() -> None:
    rows = mean(weighted_mean=NAN, why_not="one event"), mean("5-day", why_not="another")
    assert averages(*rows).words("1-day").sentences == (("Why", "one event"),)


@pytest.mark.parametrize(
    ("by", "value", "n", "told"),
    [
        ("ticker", "META", 2, "META, 2 events"),
        ("ticker", "CRWV", 1, "CRWV, 1 event"),
        ("role", "customer", 2, "Role customer, 2 events"),
        ("kind", "own_deal", 1, "Kind own deal, 1 event"),
    ],
)
def test_a_group_of_the_events_has_its_own_average(by: str, value: str, n: int, told: str) -> None:
    rows = (mean(), mean(group=by, value=value, n_events=n, weighted_mean=0.03))
    own = averages(*rows, pvalue=[0.01, 0.2, NAN]).group(by, value)
    said = own.words("1-day")
    assert said.headline.startswith(f"{told}: +3.0% on average over 1-day")
    judged = {
        "META": "1 of 2 single moves lie beyond the noise of their own",
        "customer": "1 of 2 single moves lie ",
    }
    one = judged.get(
        value,
        "No single" if value == "CRWV" else "0 of 1 single move lies beyond the noise of its own",
    )
    assert dict(said.sentences)["One by one"].startswith(one)
    assert [move.value for move in own.moves()] == [0.03]


def test_models_take_out_what_they_take_out() -> None:
    for model, told in (
        ("market_adjusted", "with the benchmark’s own move taken out"),
        ("mean_adjusted", "with its own average day taken out"),
    ):
        assert f", {told}. " in averages(mean(), model=model).words("1-day").headline


@pytest.mark.parametrize(
    ("sessions", "told"),
    [
        (("2026-01-05", "2026-01-05", "2026-03-02"), "2 of 3 events share their session"),
        (("2026-01-05", "2026-01-05", "2026-01-05"), "3 of 3 events share their session"),
    ],
)
def test_events_of_one_session_are_counted(sessions: tuple[str, ...], told: str) -> None:
    events = dict(averages(mean(), sessions=sessions).words("1-day").sentences)["The events"]
    assert events.startswith(f"{told} with another, which the test allows for. Whoever made")


@pytest.mark.parametrize(
    ("end", "told", "span"),
    [
        ([1, 0, 0], "The time of 1 of 3 events is not known", "[0, 0]"),
        ([1, 1, 0], "The time of 2 of 3 events is not known", "[0, +1]"),
        ([1, 1, 1], "The time of all 3 events is not known", "[0, +1]"),
        ([2, 1, 1], "The time of 2 of 3 events is not known", "[0, +1]"),
    ],
)
def test_wider_windows_are_counted_and_the_usual_one_told(
    end: list[int], told: str, span: str
) -> None:
    said = averages(mean(), end=end).words("1-day")
    assert f" on average over 1-day {span}, with" in said.headline
    events = dict(said.sentences)["The events"]
    assert events.startswith(f"{told} well enough: their 1-day is [0, +1]. Whoever made")


def test_one_wider_window_of_one_event_is_not_all() -> None:
    rows = mean(), mean(group="ticker", value="CRWV")
    told = dict(averages(*rows, end=[0, 0, 1]).group("ticker", "CRWV").words("1-day").sentences)
    assert told["The events"].startswith("The time of 1 of 1 event is not known well enough")


def test_all_of_two_events_are_all() -> None:
    rows = mean(), mean(group="ticker", value="META")
    told = dict(averages(*rows, end=[1, 1, 0]).group("ticker", "META").words("1-day").sentences)
    assert told["The events"].startswith("The time of all 2 events is not known well enough")


def test_a_ticker_keeps_its_letters_where_other_groups_are_put_into_words() -> None:
    rows = mean(group="ticker", value="BRK_B"), mean(group="size", value="very_large")
    own = averages(*rows)
    own.known.sessions.update({("ticker", "BRK_B"): [], ("size", "very_large"): []})
    assert own.group("ticker", "BRK_B").words("1-day").headline.startswith("BRK_B, 3 events: ")
    assert own.group("size", "very_large").words("1-day").headline.startswith("Size very large, ")


def test_a_group_of_which_no_window_is_known_has_the_one_asked_for() -> None:
    rows = mean(), mean(group="size", value="large")
    known = averages(*rows).group("size", "large")
    known.known.sessions["size", "large"] = ["2026-01-05", "2026-01-05"]
    said = known.words("1-day")
    assert said.headline.startswith("Size large, 3 events: +1.5% on average over 1-day [0, 0], ")
    assert dict(said.sentences)["One by one"] == "No single move can be judged."


def test_the_picture_has_the_average_of_every_window_from_day_0_on() -> None:
    few = mean("5-day", weighted_mean=NAN, low=NAN, high=NAN, pvalue=NAN, n_events=1200)
    first, second = averages(mean("before"), few, mean()).moves()
    assert (first.panel, first.window, first.label) == ("all events", "1-day", "n = 3")
    assert (first.value, first.low, first.high, first.pvalue) == (0.015, -0.01, 0.04, 0.2)
    assert math.isnan(first.ordinary)
    assert (second.window, second.label, second.value) == (
        "5-day", "n = 1,200, plain mean", 0.02,
    )  # fmt: skip


def test_what_is_known_is_grouped_by_all_tickers_roles_and_kinds() -> None:
    known = averages(mean(), pvalue=[0.1, NAN, 0.3]).known
    assert isinstance(known, _Known)
    assert set(known.sessions) == {
        ("all", "all"), ("ticker", "META"), ("ticker", "CRWV"), ("role", "customer"),
        ("role", "supplier"), ("kind", "deal"), ("kind", "own_deal"),
    }  # fmt: skip
    assert known.sessions["kind", "deal"] == ["2026-01-05", "2026-03-02"]
    assert known.judged["kind", "deal", "1-day"] == [0.1, 0.3]
    assert ("kind", "own_deal", "1-day") not in known.judged
    assert known.spans["role", "customer", "before"] == [(-5, -1), (-5, -1)]


def test_rows_that_do_not_fit_their_columns_are_never_cut_short() -> None:
    frame = pd.DataFrame({"ticker": ["B", "A", "B"], "x": [1, 2, 3]})
    assert records(frame)[2] == {"ticker": "B", "x": 3}
    found = by_ticker(frame, "x")
    assert {name: list(own["x"]) for name, own in found.items()} == {"B": [1, 3], "A": [2]}


def test_an_interval_that_touches_zero_does_not_leave_it_out() -> None:
    rows = pd.DataFrame({"low": [0.0, 0.01, -0.02, -0.01], "high": [0.02, 0.02, 0.0, -0.005]})
    assert list(apart(rows)) == [False, True, False, True]


def test_sessions_around_an_event_have_true_minus_signs() -> None:
    assert span({"start": -1, "end": 1}) == interval(-1, 1) == "[−1, +1]"


def test_an_announcement_to_open_with_must_be_among_those_studied() -> None:
    plan, catalog = Experiment.default(), Catalog.bundled().filter(tickers=["NVDA"])
    usual, near = plan.headline.announcements, next(iter(catalog)).id
    check_headline(plan, catalog)  # the default's own may be missing
    named = plan.headline.model_copy(update={"announcements": (*usual, near[:-1])})
    with pytest.raises(ReactionsError, match=rf"'{near[:-1]}' among .*'{near}'"):
        check_headline(plan.model_copy(update={"headline": named}), catalog)
