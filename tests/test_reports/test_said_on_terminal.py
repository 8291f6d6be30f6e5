"""What a study says on the terminal and to machines, from tables made by hand."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from backtest.study.inference import HEADLINE_TEST
from events import Announcement, Catalog
from reports.commands.terminal.summary import (
    _calibration,
    _row,
    _together,
    backtest_lines,
    backtest_summary,
    large_lines,
    show_study,
    study_summary,
)
from reports.experiment.plan import Spec
from reports.page.headline import headline_lines, in_words
from reports.rows import Row
from reports.run.findings import Findings
from reports.words import SIMULATED

NAN = math.nan
SPEC = Spec(model="market", benchmark="SPY")
WINDOWS = {"run-up": (-5, -1), "1-day": (0, 0), "5-day": (0, 4)}


def news(name: str, headline: str) -> Announcement:
    """An announcement of Meta's, of which only the date is known."""
    return Announcement(
        id=name, headline=headline, announced_at=date(2026, 1, 5),
        parties=[{"name": "Meta", "ticker": "META", "roles": ["customer"]}],
        sources=[{"name": "a paper", "url": "https://example.org/"}],
    )  # fmt: skip


def event(name: str, window: str = "1-day", ticker: str = "META", **given: object) -> Row:
    """A row of windows.csv: +2% moved, +1.5% abnormal, p 0.4 by t and 0.5 by rank."""
    start, end = WINDOWS[window]
    return {
        "event_id": name, "ticker": ticker, "window": window, "start": start, "end": end,
        "event_session": pd.Timestamp("2026-01-05"), "raw_return": 0.02, "car": 0.015,
        "car_low": -0.025, "car_high": 0.055, "pvalue": 0.4, "conformal_p": 0.5, "mde80": 0.06,
        "scar": 0.8, "flags": "",
    } | given  # fmt: skip


def judged(window: str = "1-day", **given: object) -> Row:
    """A row of tests.csv: the headline test over all events."""
    return {
        "group": "all", "test": HEADLINE_TEST, "window": window, "statistic": 1.234,
        "pvalue": 0.2346, "pvalue_adjusted": 0.4, "n_eff": 2.5, "n_events": 3, "why_not": "",
    } | given  # fmt: skip


def run(
    *events: Row, tests: tuple[Row, ...] = (), headline: tuple[str, ...] = (), dropped: int = 0,
    simulated: bool = False, understood: bool = True, notes: tuple[str, ...] = (),
    of_prices: tuple[str, ...] = (), backtests: tuple[Any, ...] = (), **tables: pd.DataFrame,
) -> Findings:  # fmt: skip
    """A run that nobody ran, of these rows."""
    windows = pd.DataFrame(events) if events else pd.DataFrame([event("")]).iloc[:0]
    names = list(dict.fromkeys(windows["event_id"]))
    lost = [("x", f"T{i}", f"reason {i}") for i in range(dropped)]
    keys = windows[["event_id", "ticker"]].drop_duplicates()
    known: dict[str, pd.DataFrame] = {
        "windows": windows,
        "estimates": keys.assign(n_obs=[100 + i for i in range(len(keys))]),
        "tests": pd.DataFrame(list(tests) or [judged()]),
        "averages": pd.DataFrame(
            [("all", name, 0.0123) for name in WINDOWS],
            columns=["group", "window", "weighted_mean"],
        ),
        "differences": pd.DataFrame(columns=["group", "group_value", "window"]),
        "dropped": pd.DataFrame(lost, columns=["event_id", "ticker", "why"]),
        **tables,
    }
    made = SimpleNamespace(
        tables=known, of_primary=lambda name, *_: known[name], primary=SimpleNamespace(events=keys),
        catalog=Catalog(tuple(news(one, f"The news {one}") for one in names or ["none"])),
        left_out=known["dropped"], notes=notes, own_size_words="", backtests=backtests,
        searched=None,
        prices=SimpleNamespace(simulated=simulated, understood=understood, notes=of_prices),
        experiment=SimpleNamespace(
            headline=SimpleNamespace(announcements=headline, tickers=("META", "CRWV")),
            study=SimpleNamespace(primary=SPEC, windows=WINDOWS, by=(), compare=()),
        ),
    )  # fmt: skip
    return cast("Findings", made)


# one share over one window

ALL = "moved +2.0%, abnormal return +1.5% (95% interval −2.5% to +5.5%, p = 0.500, from 120 ordinary days); only moves beyond ±6.0% would be found reliably"  # noqa: E501


@pytest.mark.parametrize(
    ("given", "days", "told"),
    [
        ({}, 120, ALL),
        ({"conformal_p": NAN}, 120, ALL.replace("0.500", "0.400")),
        ({"conformal_p": 0.1}, 120, ALL.replace("0.500", "0.400")),
        ({"pvalue": 0.0002, "conformal_p": 0.0004}, 120, ALL.replace("p = 0.500", "p < 0.001")),
        ({}, 1, ALL.replace("120 ordinary days", "1 ordinary day")),
        ({}, 1200, ALL.replace("120 ordinary", "1,200 ordinary")),
        ({"mde80": NAN}, 120, ALL.partition(";")[0]),
        ({"car": 0.0}, 120, ALL.replace("+1.5%", "0.0%")),
        ({"car": NAN}, 120, "cannot be measured: its sessions are not all there"),
        (
            {"pvalue": NAN}, 12,
            "moved +2.0%, abnormal return +1.5%; it cannot be judged for want of history",
        ),
        (
            {"car_low": NAN, "flags": "missing_days"}, 12,
            "moved +2.0%, abnormal return +1.5%; it cannot be judged for want of history"
            " (not all of its sessions have a return)",
        ),
    ],
)  # fmt: skip
def test_a_share_says_how_it_moved_and_how_sure_that_is(given: Row, days: int, told: str) -> None:
    assert in_words(event("a") | given, days) == told


def test_the_headline_has_a_line_an_announcement_and_one_a_share_and_window() -> None:
    rows = (
        event("a", "run-up"), event("a"), event("a", "5-day", mde80=NAN), event("b", ticker="CRWV"),
        event("c"),
    )  # fmt: skip
    lines = list(headline_lines(run(*rows, headline=("a", "b"))))
    usual = ALL.replace("120", "100")
    assert lines[:5] == [
        "a: The news a",
        f"  META 1-day [0, 0]: {usual}",
        f"  META 5-day [0, +4]: {usual.partition(';')[0]}",
        "b: The news b",
        f"  CRWV 1-day [0, 0]: {ALL.replace('120', '101')}",
    ]
    assert lines[5:] == [
        "Each p is the larger of two tests’, by t and by rank among ordinary days; "
        "the interval is that of t."
    ]
    unranked = list(headline_lines(run(event("a", conformal_p=NAN))))
    assert len(unranked) == 2
    assert not [line for line in lines if "run-up" in line or "news c" in line]
    assert list(headline_lines(run(event("a"), event("b")))) == []


# a study in numbers


def test_a_study_in_numbers_has_its_averages_and_what_the_test_is_of() -> None:
    """The plain mean is of the CARs with an error: (1 + 3) / 2 = 2%."""
    rows = (event("a", car=0.01), event("b", car=0.03), event("c", car=0.9, scar=NAN))
    tests = (judged(), judged("5-day", pvalue=NAN, why_not="few"))
    told = study_summary(run(*rows, tests=tests, dropped=2))
    assert (told["events"], told["dropped"], told["why_nothing"]) == (3, 2, [])
    assert (told["model"], told["benchmark"], told["test"]) == ("market", "SPY", HEADLINE_TEST)
    assert told["times_known"] == {"exact": 0, "bounded": 0, "part": 0, "dated": 3}
    first, second = told["windows"]
    assert first == {
        "window": "1-day", "n_events": 3, "caar": pytest.approx(0.02), "weighted_mean": 0.0123,
        "statistic": 1.234, "pvalue": 0.2346, "pvalue_adjusted": 0.4, "n_eff": 2.5,
        "own_size": None, "why_not": "",
    }  # fmt: skip
    assert (second["caar"], second["pvalue"], second["why_not"]) == (None, None, "few")


def test_other_tests_and_groups_are_none_of_the_summary() -> None:
    rows = (judged(), judged(test="cross_t"), judged(group="ticker"))
    assert len(study_summary(run(event("a"), tests=rows))["windows"]) == 1


def test_what_the_test_rejects_on_this_catalog_stands_beside_it() -> None:
    size = pd.DataFrame({"window": ["1-day", "5-day"], "rejected": [0.051, NAN]})
    (told,) = study_summary(run(event("a"), own_size=size))["windows"]
    assert told["own_size"] == 0.051


@pytest.mark.parametrize(
    ("given", "cells"),
    [
        ({}, ("1-day", "+1.23%", "−0.40%", "2.12", "<0.001", "0.041", "3")),
        ({"pvalue_adjusted": None}, ("1-day", "+1.23%", "−0.40%", "2.12", "<0.001", "–", "3")),
        ({"why_not": "few"}, ("1-day", "+1.23%", "−0.40%", "few", "", "", "3")),
        ({"weighted_mean": None}, ("1-day", "–", "−0.40%", "2.12", "<0.001", "0.041", "3")),
    ],
)
def test_a_window_is_a_row_of_cells(given: Row, cells: tuple[str, ...]) -> None:
    window = {
        "window": "1-day", "weighted_mean": 0.0123, "caar": -0.004, "statistic": 2.1249,
        "pvalue": 0.0004, "pvalue_adjusted": 0.041, "n_events": 3, "why_not": "",
    }  # fmt: skip
    assert _row(window | given) == cells


def test_a_study_is_shown_from_prices_to_averages(capsys: pytest.CaptureFixture[str]) -> None:
    show_study(run(event("a"), event("b"), simulated=True, notes=("a note",), dropped=1))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        SIMULATED,
        "note: a note",
        "times of the announcements: 2 by the date alone",
        "window\taverage abnormal return\tplain mean\tt\tp\tp adjusted\tevents",
        "1-day\t+1.23%\t+1.50%\t1.23\t0.235\t0.400\t3",
        "market model on SPY: 2 events, 1 left out",
        "the average and its t and p weigh events by their precision, the plain mean does not",
    ]


def test_a_study_of_nothing_says_why_and_no_more_than_five_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = run(dropped=7)
    show_study(found)
    lines = capsys.readouterr().out.splitlines()
    told = [f"  x, T{i}: reason {i}" for i in range(5)]
    assert lines[:7] == ["no event could be studied:", *told, "  and 2 more in tables/dropped.csv"]
    assert "market model on SPY: 0 events, 7 left out" in lines
    assert not [line for line in lines if line.startswith("the average")]
    assert len(study_summary(found)["why_nothing"]) == 7


# how often tests reject

RATES = [
    ("1-day", 0.0, 0.01, 0.012, 0.011), ("1-day", 0.0, 0.05, 0.0512, 0.0221),
    ("1-day", 0.0, 0.10, NAN, NAN), ("1-day", 0.01, 0.05, 0.6, NAN),
    ("1-day", 0.01, 0.01, 0.3, 0.1), ("1-day", -0.02, 0.05, 1.0, 0.0),
]  # fmt: skip


def rates(n: int, **given: object) -> pd.DataFrame:
    columns = ["window", "effect", "level", "rejected", "mc_error"]
    table = pd.DataFrame(RATES, columns=columns).assign(test="cross_t", why_not="")
    return table.assign(n_replications=n, **given)


@pytest.mark.parametrize(
    ("n", "told"), [(1, "1 placebo catalog"), (1200, "1,200 placebo catalogs")]
)
def test_rejections_are_shown_without_an_effect_and_then_with_each(n: int, told: str) -> None:
    """At 5% with an effect; at the other levels without one alone."""
    title, head, rows = _calibration(rates(n))
    assert title == f"how often each test rejects on {told} (± Monte Carlo error)"
    assert head[2:] == (
        "no effect at 1%", "no effect at 5%", "no effect at 10%", "−2.0% at 5%", "+1.0% at 5%",
    )  # fmt: skip
    assert rows == [("1-day", "cross_t", "1.2% ±1.1%", "5.1% ±2.2%", "–", "100.0% ±0.0%", "60.0%")]


def test_where_nothing_could_be_drawn_the_title_says_why() -> None:
    title, _, rows = _calibration(rates(0, rejected=NAN, why_not="no dates without news"))
    assert title.endswith("(± Monte Carlo error); no dates without news")
    assert set(rows[0][2:]) == {"–"}


# notes


def test_what_is_true_of_several_tickers_is_said_once() -> None:
    notes = ("META: no volume", "all of it", "CRWV: no volume", "META: no volume", "all of it")
    assert _together(notes) == ("META, CRWV: no volume", "all of it")
    many = tuple(f"T{i}: thin" for i in range(7))
    assert _together(many) == ("T0, T1, T2, T3, T4 and 2 more: thin",)


@pytest.mark.parametrize(("understood", "n"), [(True, 13), (False, 0)])
def test_notes_on_prices_are_at_most_twelve_and_of_files_alone(understood: bool, n: int) -> None:
    notes = tuple(f"T{i}: note {i}" for i in range(15))
    lines = list(backtest_lines(run(understood=understood, of_prices=notes)))
    assert len(lines) == n
    assert lines[12:] == (["note: and 3 more on the prices in manifest.json"] if n else [])


def test_large_tables_are_named_with_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.export.tables.large_tables", lambda _: {"abnormal": 1234567})
    assert list(large_lines(run())) == ["tables/abnormal.parquet: 1,234,567 rows, too many for CSV"]


def test_a_backtest_for_machines_has_its_notes_and_searches() -> None:
    one = SimpleNamespace(
        name="drift", evaluation=SimpleNamespace(summary=pd.DataFrame({"n_trades": [3]}))
    )
    told = backtest_summary(run(notes=("a note",), backtests=(one,), simulated=True))
    assert told == {
        "simulated_prices": True, "strategies": [{"name": "drift", "n_trades": 3}],
        "searched": [], "notes": ["note: a note"],
    }  # fmt: skip
