"""The table for a paper and the summary, line by line, from estimates made by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Prices
from backtest.errors import StudyError
from backtest.study.show.estimates import EVENT, of_averages, of_events, widened
from backtest.study.show.paper import PaperTable, StudySource, Wish, made
from events import Catalog

NAN = math.nan
WINDOWS = {"1-day": (0, 0), "run-up": (-5, -1)}
AVERAGES = (
    "Averages weigh events by their precision; errors in parentheses are the estimate over the "
    "statistic of kp_bmp_shared_t ("
)


def estimate(value: str = "all", group: str = "all", window: str = "1-day", **given: Any) -> Any:
    """+1.5% with an error of 0.5% of 12 events."""
    return {
        "group": group, "group_value": value, "event_id": "", "ticker": "", "window": window,
        "estimate": 0.015, "se": 0.005, "pvalue": 0.003, "n": 12, "why_not": "",
    } | given  # fmt: skip


def paper(*rows: Any, groups: tuple[str, ...] = ("all",), wish: Any = None, **source: Any) -> Any:
    known: dict[str, Any] = {
        "model": "market_adjusted", "benchmark": "SPY", "estimation": (-260, -11),
        "windows": WINDOWS, "prices": "a folder, 2023-01-03 to 2026-06-30", "simulated": False,
    } | source  # fmt: skip
    return made(pd.DataFrame(rows), groups, wish or Wish(), StudySource(**known))


def lines(table: PaperTable) -> list[tuple[str, ...]]:
    return [line for _, panel in table.panels for line in panel]


def test_an_average_has_its_effect_its_error_below_and_n() -> None:
    table = paper(estimate(), estimate(window="run-up", estimate=-0.02, se=0.0123))
    assert table.head == (("", "1-day", "run-up", "n"), ("", "[0, 0]", "[−5, −1]", "events"))
    assert lines(table) == [
        ("All events", "1.50", "−2.00", "12"), ("", "(0.50)", "(1.23)", ""),
    ]  # fmt: skip
    assert (table.caption, table.label) == ("Cumulative abnormal returns, percent", "car")
    assert [title for title, _ in table.panels] == [""]  # a lone panel needs none
    first, averages, prices = table.notes
    assert first == (
        "Notes: abnormal returns in percent by the market-adjusted model on SPY, fitted to the "
        "sessions −260 to −11 of each event; in square brackets the sessions of each window from "
        "the announcement, both ends included."
    )
    assert averages.startswith(AVERAGES)
    assert averages.endswith("; n: events.")
    assert prices == "Prices: a folder, 2023-01-03 to 2026-06-30."


@pytest.mark.parametrize(
    ("given", "cells"),
    [
        ({"estimate": 0.0}, ("0.00", "(0.50)")),
        ({"estimate": -0.00001}, ("0.00", "(0.50)")),
        ({"estimate": 12.3456}, ("1234.56", "(0.50)")),
        ({"se": NAN}, ("1.50", "(–)")),
        ({"se": math.inf}, ("1.50", "(–)")),
    ],
)
def test_numbers_have_two_digits_and_a_true_minus(given: Any, cells: tuple[str, str]) -> None:
    effect, error = lines(paper(estimate(**given), wish=Wish(windows=("1-day",))))
    assert (effect[1], error[1]) == cells


@pytest.mark.parametrize(
    ("p", "stars"),
    [(0.0099, "***"), (0.01, "**"), (0.0499, "**"), (0.05, "*"), (0.1, ""), (NAN, "")],
)
def test_stars_stand_where_asked_for_below_their_levels(p: float, stars: str) -> None:
    wish = Wish(windows=("1-day",), stars=True)
    table = paper(estimate(pvalue=p), wish=wish)
    assert lines(table)[0][1] == f"1.50{stars}"
    assert any(note.startswith("*, **, ***: p below 0.10, 0.05, 0.01") for note in table.notes)
    assert lines(paper(estimate(pvalue=p), wish=Wish(windows=("1-day",))))[0][1] == "1.50"


def test_windows_of_several_sizes_have_all_of_them() -> None:
    table = paper(estimate(), estimate(window="run-up", n=11))
    assert lines(table)[0][-1] == "12/11"
    assert table.notes[1].endswith("; n: events, one number a window where windows differ.")


def test_groups_have_panels_titles_and_readable_names() -> None:
    rows = [
        estimate(), estimate("read_through", "role"), estimate("BRK_B", "ticker"),
        estimate("META, 2026-04-09", EVENT, event_id="a", ticker="META"),
    ]  # fmt: skip
    groups = ("all", "role", "ticker", EVENT)
    table = paper(*rows, groups=groups, wish=Wish(windows=("1-day",)))
    assert [title for title, _ in table.panels] == ["All", "By role", "By ticker", "Single events"]
    assert [line[0] for line in lines(table) if line[0]] == [
        "All events", "read-through", "BRK_B", "META, 2026-04-09",
    ]  # fmt: skip
    assert table.caption == "Cumulative abnormal returns, percent, by role and ticker"
    assert table.label == "car-role-ticker-event"
    assert table.head[1] == ("", "[0, 0]", "")
    assert any(note.startswith("Of single events: errors in par") for note in table.notes)


def test_events_alone_are_of_days_and_no_average_is_spoken_of() -> None:
    table = paper(
        estimate("META, 2026-04-09", EVENT, n=180), groups=(EVENT,), wish=Wish(stars=True)
    )
    assert table.head[1][-1] == "days"
    assert not any(note.startswith("Averages") for note in table.notes)
    assert any("; of single events by their rank among ordinary days too; not" in note
               for note in table.notes)  # fmt: skip


def test_what_was_not_tested_is_named_as_in_its_row() -> None:
    few = {"why_not": "needs 3 events, got 1", "se": NAN, "pvalue": NAN}
    rows = [
        estimate("BRK_B", "ticker", **few), estimate("META", "ticker"),
        estimate("SPX_A", "ticker", **few), estimate("CRWV", "ticker", why_not="another"),
    ]  # fmt: skip
    table = paper(*rows, groups=("ticker",), wish=Wish(windows=("1-day",)))
    assert lines(table) == [
        ("BRK_B", "–", "12"), ("META", "1.50", "12"), ("", "(0.50)", ""), ("SPX_A", "–", "12"),
        ("CRWV", "–", "12"),
    ]  # fmt: skip
    assert "–: not tested, BRK_B, SPX_A (needs 3 events, got 1); CRWV (another)." in table.notes
    alone = paper(estimate(**few), wish=Wish(windows=("1-day",)))
    assert "–: not tested, All events (needs 3 events, got 1)." in alone.notes


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"widened": {"1-day": 1}}, "1-day ends a session later for 1 event of the study, "
         "whose time of day is not known."),
        ({"convention": "estudy2"}, "Errors are those of estudy2."),
        ({"simulated": True}, "SIMULATED prices: no market made these numbers."),
        ({"model": "mean_adjusted", "benchmark": ""}, "Notes: abnormal returns in percent by the "
         "mean-adjusted model, fitted to"),
    ],
)  # fmt: skip
def test_notes_say_what_the_numbers_are_made_of(source: Any, told: str) -> None:
    table = paper(estimate(), **source)
    assert any(note.startswith(told) for note in table.notes)
    assert table.caption.endswith(" (SIMULATED prices)") == bool(source.get("simulated"))
    plain = paper(estimate(), prices="")
    assert not any(note.startswith(("Prices", "Errors are", "1-day ends")) for note in plain.notes)


def test_a_window_that_is_not_shown_is_not_said_to_end_later() -> None:
    table = paper(estimate(), wish=Wish(windows=("1-day",)), widened={"run-up": 3})
    assert not any("session later" in note for note in table.notes)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish(windows=("1-dya",)), "no window '1-dya' in this study; did you mean '1-day'"),
        (Wish(only=("al",)), "all: no group 'al'; did you mean 'all'"),
    ],
)
def test_what_is_not_there_names_the_near_one(wish: Wish, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        paper(estimate(), wish=wish)


def test_more_than_a_hundred_groups_are_no_table() -> None:
    rows = [estimate(f"T{i}", "ticker") for i in range(101)]
    with pytest.raises(StudyError, match="a table of 101 groups is none of a paper, 100 are"):
        paper(*rows, groups=("ticker",))
    assert len(lines(paper(*rows[:100], groups=("ticker",)))) == 200


# what the estimates are made of


@pytest.mark.parametrize("statistic", [-1.5, 1.5])
def test_the_error_of_an_average_is_its_estimate_over_its_statistic(statistic: float) -> None:
    """Without a sign, also where weights set the two on different sides of zero."""
    row = {
        "group": "role", "group_value": "supplier", "window": "1-day", "weighted_mean": -0.03,
        "mean": 0.5, "statistic": statistic, "pvalue": 0.2, "n_events": 7, "why_not": None,
    }  # fmt: skip
    (found,) = of_averages(pd.DataFrame([row])).to_dict("records")
    assert (found["estimate"], found["se"]) == (-0.03, pytest.approx(0.02))
    assert (found["n"], found["why_not"], found["event_id"]) == (7, "", "")


def test_an_event_has_the_larger_p_and_its_ordinary_days() -> None:
    rows = [
        ("a", "META", 0.01, 0.04, 0.005), ("b", "META", 0.2, NAN, 0.005),
        ("c", "CRWV", 0.3, 0.1, NAN),
    ]  # fmt: skip
    windows = pd.DataFrame(rows, columns=["event_id", "ticker", "pvalue", "conformal_p", "car_se"])
    windows = windows.assign(event_session="2026-04-09", window="1-day", car=0.01)
    fits = pd.DataFrame({"event_id": ["a", "b"], "ticker": ["META"] * 2, "n_obs": [120, 130]})
    found = of_events(windows, fits)
    assert found["group_value"].tolist() == [
        "META, 2026-04-09, a", "META, 2026-04-09, b", "CRWV, 2026-04-09",
    ]  # fmt: skip
    assert found["pvalue"].tolist() == [0.04, 0.2, 0.3]
    assert found["n"].tolist() == [120, 130, 0]
    lost = "too few ordinary days, or sessions of the window are missing"
    assert found["why_not"].tolist() == ["", "", lost]


def test_windows_that_end_later_are_counted_by_name() -> None:
    windows = pd.DataFrame({"window": ["1-day"] * 3 + ["run-up"], "end": [0, 1, 1, -1]})
    assert widened(windows, WINDOWS) == {"1-day": 2}


# a result remembers whose errors it has


def test_another_packages_errors_are_said_wherever_the_numbers_go() -> None:
    ours = EventStudy(MarketModel("SPY")).fit(
        Catalog.bundled().filter(tickers=["META"]), Prices.sample()
    )
    told = "Errors are those of estudy2."
    assert told in ours.under("estudy2").paper_table().notes
    assert told in ours.under("estudy2").summary().notes
    assert told not in (*ours.paper_table().notes, *ours.summary().notes)
    assert (
        "[2] Where P>|t| is above 0.05 no effect is shown, which is not the same as no effect."
        in ours.summary().notes
    )
