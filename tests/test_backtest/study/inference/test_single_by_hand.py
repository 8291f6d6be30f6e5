"""Tests of one event by plain loops: what is compared, with how many, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, EventStudyResult, MarketModel, MeanAdjusted, Returns, Window
from backtest.study.inference.single.among_ordinary_days import permutation, sample_quantile
from backtest.study.inference.single.answers import answers, reasons
from backtest.study.inference.single.conformal import cyclic_sums
from backtest.study.inference.single.student import garch_z, student_t
from backtest.study.normal import Volatility
from backtest.study.running_sums import Floats

DAYS = pd.bdate_range("2023-01-02", periods=120)
RETURNS = pd.DataFrame(
    np.random.default_rng(7).normal(0.0005, 0.01, (120, 4)),
    index=DAYS,
    columns=["MKT", "A", "B", "C"],
)


def study(
    places: list[tuple[str, int]],
    window: Window,
    estimation: Window,
    model: MarketModel | MeanAdjusted | None = None,
    frame: pd.DataFrame = RETURNS,
    **more: list[int],
) -> EventStudyResult:
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(places))],
            "ticker": [ticker for ticker, _ in places],
            "event_session": DAYS[[row for _, row in places]],
            **more,
        }
    )
    fit = EventStudy(model or MeanAdjusted(), estimation, {"w": window}, None, skip_after_listing=0)
    return fit.fit(events, Returns.from_frame(frame))


def answer_of(result: EventStudyResult, test: str) -> pd.DataFrame:
    return result.single_tests().query("test == @test").reset_index(drop=True)


# The conformal test: the model fitted to both windows together, stretches around the clock.


def stretches(y: Floats, x: Floats, length: int) -> tuple[float, float]:
    """The last `length` residuals of least squares, and the share of neighbours as far from 0."""
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    sums = [np.roll(left, -start)[:length].sum() for start in range(len(y))]
    own = left[-length:].sum()
    return float(own), float(np.mean(np.abs(sums) >= abs(own) * (1 - 1e-9)))


@pytest.mark.parametrize("market", [False, True])
@pytest.mark.parametrize("length", [1, 3, 5])
def test_the_first_and_the_last_session_of_the_panel_count(market: bool, length: int) -> None:
    """The estimation window begins with the very first return, the event ends with the last."""
    row = 120 - length
    found = study(
        [("A", row)],
        Window(0, length - 1),
        Window(-row, -6),
        MarketModel("MKT") if market else MeanAdjusted(),
    )
    rows = np.r_[0 : row - 5, row:120]
    x = np.column_stack([np.ones(len(rows)), RETURNS["MKT"].to_numpy()[rows]])
    own, share = stretches(RETURNS["A"].to_numpy()[rows], x if market else x[:, :1], length)
    assert found.window("w").n_sessions.tolist() == [length]
    cell = answer_of(found, "conformal").iloc[0]
    assert (cell["statistic"], cell["pvalue"]) == pytest.approx((own, share))
    assert found.estimates["n_obs"].tolist() == [row - 5]


def test_sessions_without_a_return_are_passed_over_in_both_windows() -> None:
    gone = RETURNS.copy()
    gone.loc[DAYS[[20, 40, 41, 81]], "A"] = np.nan
    found = study([("A", 80)], Window(0, 3), Window(-70, -11), frame=gone)
    rows = [*(i for i in range(10, 70) if i not in (20, 40, 41)), 80, 82, 83]
    own, share = stretches(gone["A"].to_numpy()[rows], np.ones((60, 1)), 3)
    cell = answer_of(found, "conformal").iloc[0]
    assert (cell["statistic"], cell["pvalue"]) == pytest.approx((own, share))


def test_stretches_of_one_event_do_not_reach_into_those_of_another() -> None:
    places = [("A", 80), ("B", 90), ("C", 100)]
    together = answer_of(study(places, Window(0, 4), Window(-70, -11)), "conformal")
    for place, (_, row) in zip(places, together.iterrows(), strict=True):
        alone = answer_of(study([place], Window(0, 4), Window(-70, -11)), "conformal")
        assert row["pvalue"] == alone["pvalue"].item()
        assert row["statistic"] == alone["statistic"].item()


@pytest.mark.parametrize("length", [0, 1, 2, 4])
def test_cyclic_sums_of_unequal_rows(length: int) -> None:
    """Whatever stands where a value is not used, and rows of which more or fewer are used."""
    values = np.array([[1.0, 99.0, 2.0, 4.0, 8.0], [3.0, 5.0, 7.0, 11.0, 13.0]])
    used = np.array([[True, False, True, True, True], [True] * 5])
    sums, count = cyclic_sums(values, used, np.array([length, length]))
    assert count.tolist() == [4, 5]
    for row, n in enumerate(count):
        packed = values[row][used[row]]
        wanted = [np.roll(packed, -start)[:length].sum() for start in range(n)]
        assert sums[row, :n].tolist() == wanted


# The sample quantile: standardised sums of the estimation window.


def test_windows_of_unequal_lengths_are_each_compared_with_their_own() -> None:
    """The 1-day window of an uncertain time has two sessions; the order of events is kept."""
    places, ends = [("A", 80), ("B", 90), ("C", 100), ("A", 110)], [0, 1, 0, 1]
    found = study(places, Window(0, 0), Window(-70, -11), first_day_end=ends)
    assert found.window("w").n_sessions.tolist() == [1, 2, 1, 2]
    together = answer_of(found, "sample_quantile")
    assert together["pvalue"].notna().all()
    for place, end, (_, row) in zip(places, ends, together.iterrows(), strict=True):
        alone = study([place], Window(0, 0), Window(-70, -11), first_day_end=[end])
        assert row["pvalue"] == answer_of(alone, "sample_quantile")["pvalue"].item()


def test_the_quantile_of_one_session_counts_residuals_over_their_own_errors() -> None:
    found = study([("A", 80)], Window(0, 0), Window(-70, -11))
    y = RETURNS["A"].to_numpy()
    n, mean, sigma = 60, y[10:70].mean(), y[10:70].std(ddof=1)
    scar = (y[80] - mean) / (sigma * np.sqrt(1 + 1 / n))
    drawn = (y[10:70] - mean) / (sigma * np.sqrt(1 - 1 / n))
    cell = answer_of(found, "sample_quantile").iloc[0]
    assert cell["statistic"] == pytest.approx(scar)
    assert cell["pvalue"] == pytest.approx((1 + (np.abs(drawn) >= abs(scar)).sum()) / (n + 1))


@pytest.mark.parametrize(("length", "answered"), [(12, True), (13, False)])
def test_nineteen_stretches_of_thirty_sessions(length: int, answered: bool) -> None:
    found = study([("A", 80)], Window(0, length - 1), Window(-40, -11))
    cell = answer_of(found, "sample_quantile").iloc[0]
    if answered:
        assert cell["pvalue"] * 20 == pytest.approx(round(cell["pvalue"] * 20))
        assert cell["why_not"] == ""
    else:
        assert cell["why_not"] == "needs at least 19 stretches to compare with"
        assert np.isnan(cell["pvalue"])


def test_a_stretch_exactly_as_far_away_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Residuals of the same size and both signs: all of them reach one of that size."""
    window = study([("A", 80)], Window(0, 0), Window(-70, -11)).window("w")
    drawn = np.where(np.arange(60) % 2, 1.25, -1.25)[None, :]
    drawn[0, :10] = np.nan
    module = import_module(sample_quantile.__module__)
    monkeypatch.setattr(module, "standardised_sums", lambda _: drawn)
    for scar, pvalue in ((1.25, 1.0), (-1.25, 1.0), (1.3, 1 / 51), (0.5, 1.0), (0.0, 1.0)):
        moved = replace(window)
        vars(moved)["scar"] = np.array([scar])
        assert sample_quantile(moved).pvalue.tolist() == pytest.approx([pvalue])


# Permutations.


@pytest.mark.parametrize("length", [1, 3])
def test_permutations_draw_from_estimation_and_event_together(length: int) -> None:
    found = study([("A", 80)], Window(0, length - 1), Window(-70, -11))
    y = RETURNS["A"].to_numpy()
    mean, sigma = y[10:70].mean(), y[10:70].std(ddof=1)
    sar = (y[80 : 80 + length] - mean) / (sigma * np.sqrt(1 + 1 / 60))
    pool = np.r_[(y[10:70] - mean) / sigma, sar]
    rng = np.random.default_rng(1)
    drawn = [pool[rng.choice(len(pool), length, replace=False)].sum() for _ in range(999)]
    reached = sum(abs(one) >= abs(sar.sum()) * (1 - 1e-9) for one in drawn)
    cell = answer_of(found, "permutation").iloc[0]
    assert cell["statistic"] == pytest.approx(sar.sum() / np.sqrt(length))
    assert cell["pvalue"] == pytest.approx((1 + reached) / 1000)
    assert np.isnan(cell["df"])


def test_an_event_of_nothing_is_reached_by_every_draw() -> None:
    window = study([("A", 80)], Window(0, 0), Window(-70, -11)).window("w")
    vars(window.abnormal)["abnormal"] = np.zeros_like(window.abnormal.abnormal)
    assert permutation(window).pvalue.tolist() == [1.0]


# Student's t, and the normal where the variance moves.


def test_the_t_of_one_event_has_the_degrees_of_its_fit() -> None:
    found = study([("A", 80), ("B", 90)], Window(0, 2), Window(-70, -11), MarketModel("MKT"))
    table = answer_of(found, "student_t")
    assert table["df"].tolist() == [58, 58]
    np.testing.assert_allclose(table["pvalue"], 2 * stats.t.sf(table["statistic"].abs(), 58))
    assert answer_of(found, "garch_z")["why_not"].eq("no GARCH fit: least squares").all()


def test_an_event_whose_variance_moves_is_read_in_garch_and_the_others_in_t() -> None:
    window = study([("A", 80), ("B", 90)], Window(0, 0), Window(-70, -11)).window("w")
    wide = np.full(window.abnormal.returns.shape, 4e-4)
    moving = Volatility(wide, np.full(2, 0.9), np.full(2, 4e-4), np.array([True, False]))
    mixed = replace(window, abnormal=replace(window.abnormal, volatility=moving))
    garch, student = garch_z(mixed), student_t(mixed)
    assert garch.why_not.tolist() == ["", "no GARCH fit: least squares"]
    assert student.why_not.tolist() == ["the variance moves: read garch_z", ""]
    assert np.isnan(garch.df).all()
    assert np.isnan(student.df[0])
    assert student.df[1] == 59


# Reasons.


def test_the_first_reason_that_holds_is_given_and_blanks_the_numbers() -> None:
    why = reasons({"one": np.array([True, False, False]), "two": np.array([True, True, False])}, 3)
    assert why.tolist() == ["one", "two", ""]
    three = np.array([1.0, 2.0, 3.0])
    found = answers(three, three / 10, why)
    assert np.isnan(found.statistic[:2]).all()
    assert np.isnan(found.pvalue[:2]).all()
    assert (found.statistic[2], found.pvalue[2]) == (3.0, 0.3)
    assert np.isnan(found.df).all()
    np.testing.assert_array_equal(answers(three, three, why, three).df, [np.nan, np.nan, 3.0])


@pytest.mark.parametrize("model", [MarketModel("MKT"), MeanAdjusted()])
@pytest.mark.parametrize("test", ["student_t", "conformal", "sample_quantile", "permutation"])
def test_what_cannot_be_measured_is_blank_beside_what_can(
    test: str, model: MarketModel | MeanAdjusted
) -> None:
    """A window beyond the prices, a history of 29 sessions, and one of 30.

    A short history leaves the difference to a benchmark, and without a benchmark nothing.
    """
    found = study([("A", 118), ("B", 39), ("C", 40)], Window(0, 2), Window(-70, -11), model)
    table = answer_of(found, test)
    reason = table["why_not"].tolist()
    assert reason[:2] == [
        "the window is not covered by the prices",
        "fewer than 30 sessions to estimate on",
    ]
    assert table["pvalue"].isna().tolist() == [True, True, reason[2] != ""]
    assert reason[2] == ""
