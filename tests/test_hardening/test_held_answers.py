"""Lines of the answer itself that a change of one sign or number would break in silence."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, MarketModel, Returns, Window
from backtest.study.inference.cross_section import CrossSection
from backtest.study.measure.event_windows import EventWindow
from reports.page.headline import headline_events, headline_tickers
from reports.page.phrases import who_stands_out
from reports.rows import least_sure


@pytest.mark.parametrize(
    ("pvalue", "conformal", "told"),
    [(0.01, 0.20, 0.20), (0.20, 0.01, 0.20), (0.03, 0.03, 0.03), (0.03, math.nan, 0.03)],
)
def test_a_move_is_as_sure_as_its_less_sure_test(
    pvalue: float, conformal: float, told: float
) -> None:
    assert least_sure({"pvalue": pvalue, "conformal_p": conformal}) == told


def test_nothing_is_sure_where_the_first_test_has_no_answer() -> None:
    assert math.isnan(least_sure({"pvalue": math.nan, "conformal_p": math.nan}))


@pytest.mark.parametrize(
    ("pvalue", "conformal", "stands"),
    [(0.01, 0.06, False), (0.06, 0.01, False), (0.049, 0.049, True), (0.05, 0.01, False)],
)
def test_a_share_stands_out_only_where_both_tests_say_so(
    pvalue: float, conformal: float, stands: bool
) -> None:
    row = {"pvalue": pvalue, "conformal_p": conformal, "ticker": "META"}
    told = who_stands_out([{**row, "event_session": pd.Timestamp("2026-04-09")}])
    assert told.startswith("META on 2026-04-09 stands out") is stands


@pytest.mark.parametrize("df", [3, 28, 248])
def test_the_interval_reaches_as_far_as_students_t_says(df: int) -> None:
    low, high = _interval(0.02, df)
    # 95% of a Student t lies within: 2.5% beyond either end
    assert 2 * stats.t.sf((high - low) / 2 / 0.02, df) == pytest.approx(0.05, abs=1e-12)
    assert low + high == pytest.approx(2 * 0.01)


def test_no_interval_without_an_error() -> None:
    assert all(map(math.isnan, _interval(math.nan, 20)))


def _interval(se: float, df: float) -> tuple[float, float]:
    """The interval of one CAR of 1%, as a window of a study gives it."""
    measured = SimpleNamespace(reference_df=np.array([df]))
    window: Any = SimpleNamespace(car=np.array([0.01]), car_se=np.array([se]), abnormal=measured)
    low, high = vars(EventWindow)["interval"].func(window)
    return float(low[0]), float(high[0])


def _section(r: float) -> CrossSection:
    """Five events on one session whose CARs have this correlation with each other."""
    random = np.random.default_rng(1)
    days = pd.bdate_range("2024-01-02", periods=400)
    names = [f"S{i}" for i in range(5)]
    frame = pd.DataFrame(random.normal(0, 0.01, (400, 6)), index=days, columns=["SPY", *names])
    events = pd.DataFrame(
        {"event_id": names, "ticker": names, "event_session": [days[330]] * 5}
    )  # fmt: skip
    study = EventStudy(MarketModel("SPY"), windows={"w": Window(0, 0)})
    found = study.fit(events, Returns.from_frame(frame)).cross_section("w")
    return replace(found, correlation=np.full((5, 5), r) + (1 - r) * np.eye(5))


@pytest.mark.parametrize(
    ("r", "inflation"),
    [(0.5, 3.0), (0.0, 1.0), (-0.2, 0.2), (-0.2375, 0.05), (-0.25, 0.05), (-0.9, 0.05)],
)
def test_the_inflation_of_a_variance_has_a_floor(r: float, inflation: float) -> None:
    section = _section(r)
    assert section.inflation == pytest.approx(inflation, abs=1e-12)
    assert section.n_eff == pytest.approx(5 / inflation)


def test_a_negative_mean_correlation_never_shrinks_the_crude_ones() -> None:
    section = _section(-0.2)
    section = replace(section, rho=np.full((5, 5), -0.2) + 1.2 * np.eye(5))
    assert section.r_bar == 0.0
    assert section.r_overlap == 0.0


def _opening(rows: list[tuple[str, str, str, str, float]], **headline: Any) -> Any:
    """Findings with these rows (event, ticker, session, window, CAR).

    All that the headline reads.
    """
    names = ["event_id", "ticker", "event_session", "window", "car"]
    table = pd.DataFrame(rows, columns=names).assign(start=0)
    plan = SimpleNamespace(
        study=SimpleNamespace(windows={"1-day": (0, 0), "5-day": (0, 4)}),
        headline=SimpleNamespace(
            announcements=headline.get("announcements", ()), tickers=headline.get("tickers", ())
        ),
        title="A title",
    )
    return SimpleNamespace(
        experiment=plan,
        of_primary=lambda *_: table,
        primary=SimpleNamespace(events=table),
        catalog=(),
    )


ROWS = [
    ("late", "META", "2026-05-20", "1-day", 0.01),
    ("early", "META", "2026-04-09", "1-day", 0.02),
    ("early", "CRWV", "2026-04-09", "1-day", 0.03),
    ("latest", "META", "2026-06-01", "1-day", math.nan),
    ("latest", "META", "2026-06-01", "5-day", 0.05),
    ("other", "ORCL", "2026-04-01", "1-day", 0.01),
    ("nothing", "META", "2026-06-02", "1-day", math.nan),
]


def test_the_headline_is_earliest_first_and_only_of_what_was_measured_in_some_window() -> None:
    findings = _opening(ROWS, announcements=("latest", "nothing", "late", "early"))
    assert headline_events(findings) == ["early", "late", "latest"]


def test_a_lone_announcement_leads_and_several_unnamed_ones_do_not() -> None:
    assert headline_events(_opening(ROWS[:1])) == ["late"]
    assert headline_events(_opening(ROWS)) == []
    assert headline_events(_opening([ROWS[3]])) == []
    assert headline_events(_opening([ROWS[4]])) == ["latest"]


def test_the_tickers_of_the_headline_are_those_wanted_or_the_first_two() -> None:
    named = ("early", "other")
    findings = _opening(ROWS, announcements=named, tickers=("CRWV", "NVDA", "META"))
    assert headline_tickers(findings, ["early"]) == ["CRWV", "META"]
    assert headline_tickers(findings, ["other"]) == ["ORCL"]
    many = [("e", f"T{i}", "2026-04-09", "1-day", 0.0) for i in range(8)]
    assert headline_tickers(_opening(many, announcements=("e",)), ["e"]) == ["T0", "T1"]
    wanted = tuple(f"T{i}" for i in range(8))
    asked = _opening(many, announcements=("e",), tickers=wanted)
    assert headline_tickers(asked, ["e"]) == list(wanted[:6])
    # one that leads because it is the only one has all of its own
    assert headline_tickers(_opening(many, tickers=("T3",)), ["e"]) == list(wanted[:6])
