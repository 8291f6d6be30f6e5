"""The studentised shift, the variance by date and the refusal of stale prices.

By enumeration and algebra.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.prices import Returns
from backtest.study import TESTS, EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.study.inference import COMPANION_TEST, CrossSection
from backtest.study.inference.nonparametric.bmp_shift import bmp_shift
from backtest.study.inference.parametric.clustered import cr2_date_t
from backtest.study.inference.parametric.shared_shock import mean_test
from backtest.study.measure.shifted import standardised_sums
from backtest.study.running_sums import Floats

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def result(design: str, n_events: int, seed: int = 3) -> EventStudyResult:
    market = SIMULATED[design](np.random.default_rng(seed), n_events)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    return study.fit(market.events, market.returns)


def normal_score(events: CrossSection, values: Floats) -> float:
    """The t of the events' headline test on other values, as the normal value of its p."""
    moved = CrossSection(events.window, events.rho, events.correlation)
    vars(moved.window)["scar"] = values
    test = mean_test(moved)
    assert test is not None
    t = test.statistic(values)
    return float(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), test.df)))


@pytest.mark.parametrize("design", ["same_day_industry", "shared_strongly"])
def test_every_shift_by_the_headline_test_itself(design: str) -> None:
    """Shift by shift the statistic is that of `kp_bmp_shared_t`, delta and degrees and all."""
    section = result(design, 12).cross_section("[0,0]")
    own = mean_test(section)
    assert own is not None
    t, outcome = own.statistic(section.scar), bmp_shift(section)
    assert outcome.statistic == pytest.approx(t)
    mine = normal_score(section, section.scar.copy())
    shifted = standardised_sums(section.window)
    assert np.isfinite(shifted).all()
    drawn = np.array([normal_score(section, column.copy()) for column in shifted.T])
    share = (1 + (np.abs(drawn) >= abs(mine)).sum()) / (len(drawn) + 1)
    student = 2 * stats.t.sf(abs(t), own.df)
    assert outcome.pvalue == pytest.approx(max(share, student))


def test_missing_sessions_leave_the_other_events(golden_section: CrossSection) -> None:
    """Events of one ticker have holes in their estimation windows; the shifts still count."""
    shifted = standardised_sums(golden_section.window)
    assert np.isnan(shifted).any()
    outcome = bmp_shift(golden_section)
    assert not outcome.why_not
    assert 0 < outcome.pvalue <= 1


@pytest.fixture(scope="module")
def golden_section(golden_returns: Returns, golden_events: pd.DataFrame) -> CrossSection:
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
    return study.fit(golden_events, golden_returns).cross_section("[0,0]")


def test_long_overlaps_and_few_shifts_are_refused() -> None:
    overlapping = result("overlap", 12).cross_section("[0,20]")
    assert "21 sessions overlap" in bmp_shift(overlapping).why_not
    few = bmp_shift(result("short_history", 5).cross_section("[0,20]")).why_not
    assert "needs at least 210 shifts" in few or "21 sessions overlap" in few
    dense = result("dense_ticker", 12)
    assert "of their ticker" in bmp_shift(dense.cross_section("[0,4]")).why_not
    assert not bmp_shift(dense.cross_section("[0,0]")).why_not
    two = overlapping.take(np.arange(2))
    assert "at least 3 events" in bmp_shift(two).why_not


def test_the_companion_survives_skew_in_small() -> None:
    """60 studies of 10 events of skewness 2.8.

    The headline rejects 12 to 14% on day 0, the shift about 5%.
    """
    rejected = dict.fromkeys(("kp_bmp_shared_t", COMPANION_TEST), 0)
    for seed in range(60):
        section = result("skewed", 10, seed).cross_section("[0,0]")
        for key in rejected:
            rejected[key] += TESTS[key](section).pvalue <= 0.05
    assert rejected[COMPANION_TEST] <= 8
    assert rejected[COMPANION_TEST] < rejected["kp_bmp_shared_t"]


def test_cr2_by_matrices() -> None:
    """(I - H)^(-1/2) of every cluster by its eigenvalues, for clusters of different sizes."""
    section = result("catalog", 24).cross_section("[0,0]")
    row, x, n = section.window.abnormal.events.row, section.scar, len(section)
    away, meat = x - x.mean(), 0.0
    for date in np.unique(row):
        own = row == date
        block = np.eye(own.sum()) - 1 / n
        values, vectors = np.linalg.eigh(block)
        root = vectors @ np.diag(values**-0.5) @ vectors.T
        meat += float(np.ones(own.sum()) @ root @ away[own]) ** 2
    outcome = cr2_date_t(section)
    assert outcome.statistic == pytest.approx(x.mean() / np.sqrt(meat / n**2))
    assert outcome.df == len(np.unique(row)) - 1


def test_cr2_with_every_event_its_own_date_is_bmp() -> None:
    section = result("independent", 15).cross_section("[0,0]")
    assert len(np.unique(section.window.abnormal.events.row)) == 15
    assert cr2_date_t(section).statistic == pytest.approx(TESTS["bmp_t"](section).statistic)
    assert "at least 3 dates" in cr2_date_t(section.take(np.arange(2))).why_not


def test_stale_prices_are_flagged_and_long_overlaps_refused() -> None:
    stale = result("stale", 12)
    assert not TESTS["kp_bmp_shared_t"](stale.cross_section("[0,0]")).why_not
    for window in ("[0,4]", "[0,20]"):
        for key in ("kp_bmp_shared_t", COMPANION_TEST):
            why_not = TESTS[key](stale.cross_section(window)).why_not
            assert "stale prices" in why_not or "sessions overlap" in why_not
        rows = stale.windows[stale.windows["window"] == window]
        assert rows["flags"].str.contains("stale_window").all()
    assert (
        not stale.windows.loc[stale.windows["window"] == "[0,0]", "flags"]
        .str.contains("stale_window")
        .any()
    )
    averages = stale.averages().set_index("window")
    assert np.isnan(averages.loc["[0,20]", "low"])
    assert np.isfinite(averages.loc["[0,0]", "low"])


def test_fresh_prices_are_not_refused() -> None:
    fresh = result("overlap", 12)
    assert not TESTS["kp_bmp_shared_t"](fresh.cross_section("[0,20]")).why_not
    assert not fresh.windows["flags"].str.contains("stale_window").any()
