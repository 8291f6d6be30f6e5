"""Tests of means worked out from their formulas, and what they refuse (docs/methods.md)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from backtest.study import TESTS
from backtest.study.inference import CrossSection
from backtest.study.running_sums import Floats
from tests.test_backtest.study.inference.by_hand import APART as LONG
from tests.test_backtest.study.inference.by_hand import equal, section

APART = LONG[:5]

CAR = [0.04, -0.01, 0.03, 0.02, 0.00]
SE = [0.02, 0.01, 0.03, 0.02, 0.01]


def two_sided(z: float) -> float:
    return float(2 * stats.norm.sf(abs(z)))


# The mean CAR over its forecast error.


def test_the_mean_car_over_its_own_error_as_if_events_were_independent() -> None:
    found = TESTS["ts_indep_z"](section(APART, car=CAR, car_se=SE))
    z = 0.08 / np.sqrt(4e-4 + 1e-4 + 9e-4 + 4e-4 + 1e-4)
    assert found.statistic == pytest.approx(z)
    assert found.pvalue == pytest.approx(two_sided(z))
    assert found.n_eff == pytest.approx(5)
    assert np.isnan(found.df)


@pytest.mark.parametrize("r", [0.0, 0.25, 1.0])
def test_the_mean_car_of_events_that_correlate(r: float) -> None:
    """sum_ij C_ij S_i S_j = (1 - r) sum S^2 + r (sum S)^2."""
    found = TESTS["caar_exact_z"](section(APART, car=CAR, car_se=SE, correlation=equal(5, r)))
    variance = (1 - r) * 19e-4 + r * 0.09**2
    assert found.statistic == pytest.approx(0.08 / np.sqrt(variance))
    assert found.n_eff == pytest.approx(5 * 19e-4 / variance)


def test_windows_that_share_no_session_are_independent_whatever_their_residuals() -> None:
    together = section(APART, car=CAR, car_se=SE, correlation=equal(5, 0.9))
    alone = TESTS["ts_indep_z"](together)
    assert TESTS["caar_overlap_z"](together).statistic == pytest.approx(alone.statistic)


@pytest.mark.parametrize(("lag", "shared"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_windows_of_three_sessions_that_share_some(lag: int, shared: int) -> None:
    two = section(
        [200, 200 + lag], car=[0.03, 0.02], car_se=[0.02, 0.01], correlation=equal(2, 0.6)
    )
    variance = 4e-4 + 1e-4 + 2 * 0.6 * shared / 3 * 2e-4
    assert TESTS["caar_overlap_z"](two).statistic == pytest.approx(0.05 / np.sqrt(variance))


# Patell, from standardised CARs.

SCAR = [2.0, -1.0, 1.0, 1.5, 0.5]


def test_patell_weighs_by_the_variance_of_student_t() -> None:
    """119 degrees of freedom: Q = 119 / 117 for every event."""
    found = TESTS["patell_z"](section(APART, scar=SCAR))
    assert found.statistic == pytest.approx(4 / np.sqrt(5 * 119 / 117))
    assert found.n_eff == pytest.approx(5)


@pytest.mark.parametrize("r", [0.1, 0.5])
def test_patell_of_events_that_correlate(r: float) -> None:
    events = section(APART, scar=SCAR, correlation=equal(5, r))
    inflation = 1 + 4 * r
    for key in ("patell_exact_z", "kp_patell_z"):
        found = TESTS[key](events)
        assert found.statistic == pytest.approx(4 / np.sqrt(5 * 119 / 117 * inflation))
        assert found.n_eff == pytest.approx(5 / inflation)
    assert TESTS["patell_overlap_z"](events).n_eff == pytest.approx(5)


def test_bmp_is_the_t_of_the_scars_and_knows_no_scale() -> None:
    t, p = stats.ttest_1samp(SCAR, 0)
    for scale in (1.0, 7.0):
        found = TESTS["bmp_t"](section(APART, scar=scale * np.array(SCAR)))
        assert (found.statistic, found.pvalue, found.df) == pytest.approx((t, p, 4))


@pytest.mark.parametrize("key", ["kp_bmp_t", "kp_bmp_exact_t"])
@pytest.mark.parametrize("r", [0.0, 0.2, 0.95])
def test_kolari_and_pynnonen(key: str, r: float) -> None:
    found = TESTS[key](section(APART, scar=SCAR, correlation=equal(5, r)))
    t = stats.ttest_1samp(SCAR, 0).statistic * np.sqrt((1 - r) / (1 + 4 * r))
    assert found.statistic == pytest.approx(t)
    assert found.df == 4
    assert found.n_eff == pytest.approx(5 / (1 + 4 * r))


def test_correlations_near_the_lowest_there_can_be_do_not_make_a_statistic_explode() -> None:
    """Of five events no mean correlation is below -1/4: the variance of a mean is held at 5%."""
    r = -0.24
    events = section(APART, scar=SCAR, correlation=equal(5, r))
    t = stats.ttest_1samp(SCAR, 0).statistic * np.sqrt(1.24 / 0.05)
    assert TESTS["kp_bmp_exact_t"](events).statistic == pytest.approx(t)
    assert TESTS["kp_bmp_t"](events).statistic == pytest.approx(t / np.sqrt(1.24 / 0.05))
    z = TESTS["patell_exact_z"](events).statistic  # of the sum as it is
    assert z == pytest.approx(4 / np.sqrt(5 * 119 / 117 * 0.04))


@pytest.mark.parametrize(("r", "df"), [(0.0, 4), (0.2, 5 / 1.8 - 1), (0.95, 1)])
def test_degrees_of_freedom_of_the_effective_events_are_never_below_one(
    r: float, df: float
) -> None:
    found = TESTS["kp_bmp_exact_neff_t"](section(APART, scar=SCAR, correlation=equal(5, r)))
    assert found.df == pytest.approx(df)
    assert found.n_eff == pytest.approx(5 / (1 + 4 * r))
    assert found.pvalue == pytest.approx(2 * stats.t.sf(abs(found.statistic), df))


# By date, by calendar day, by the spread of the average.


def test_dates_are_the_clusters_of_cr2() -> None:
    """Three dates of 2, 2 and 1 events: deviations add up to -1, 1.2 and -0.2 of the mean 0.8."""
    found = TESTS["cr2_date_t"](section([150, 150, 180, 180, 210], scar=[1.1, -0.5, 2, 0.8, 0.6]))
    variance = (1.0 / 0.6 + 1.2**2 / 0.6 + 0.2**2 / 0.8) / 25
    assert found.statistic == pytest.approx(0.8 / np.sqrt(variance))
    assert (found.df, found.n_eff, found.n_events) == (2, 3, 5)
    assert found.pvalue == pytest.approx(2 * stats.t.sf(found.statistic, 2))


def test_two_dates_are_too_few_for_cr2() -> None:
    found = TESTS["cr2_date_t"](section([150, 150, 180, 180, 180], scar=SCAR))
    assert (found.why_not, found.n_events) == ("needs at least 3 dates, got 2", 5)


def test_every_date_of_one_event_is_the_ordinary_t_of_scars() -> None:
    """CR2 of single events: N / (N - 1) sum of squares over N^2, the variance of a mean."""
    found = TESTS["cr2_date_t"](section(APART, scar=SCAR))
    assert found.statistic == pytest.approx(stats.ttest_1samp(SCAR, 0).statistic)


def test_calendar_days_add_up_their_own_portfolios() -> None:
    """Two windows of 3 sessions, the second 2 later: 5 days, the third of both events."""
    events = section([200, 202], correlation=equal(2, 0.5))
    abnormal = events.window.abnormal
    sigma = abnormal.fit.sigma
    first, second = (abnormal.abnormal[i, np.isin(abnormal.days, [0, 1, 2])] for i in range(2))
    both = np.sqrt(sigma[0] ** 2 + sigma[1] ** 2 + 2 * 0.5 * sigma[0] * sigma[1])
    days = [*(first[:2] / sigma[0]), (first[2] + second[0]) / both, *(second[1:] / sigma[1])]
    found = TESTS["calendar_time_z"](events)
    assert found.statistic == pytest.approx(sum(days) / np.sqrt(5))
    assert found.pvalue == pytest.approx(two_sided(found.statistic))


def with_days(events: CrossSection, residuals: list[float], inside: list[float]) -> CrossSection:
    """Two events whose sums of estimation residuals and of returns are these, day by day."""
    ones = [np.full(len(of), 2) for of in (residuals, inside)]
    vars(events)["days"] = SimpleNamespace(
        residuals=(np.array(residuals), ones[0]), returns=(np.array(inside), ones[1])
    )
    return events


def test_the_average_over_the_spread_of_earlier_averages() -> None:
    """Averages 1, 2, 3 spread by 1; the window's 2 and 4 add up to 6."""
    found = TESTS["crude_dep_t"](with_days(section([150, 150]), [2, 4, 6], [4, 8]))
    assert found.statistic == pytest.approx(6 / np.sqrt(2))
    assert (found.df, found.n_events) == (2, 2)


def test_two_days_have_no_spread_to_speak_of() -> None:
    found = TESTS["crude_dep_t"](with_days(section([150, 150]), [2, 4], [4, 8]))
    assert found.why_not == "needs at least 1 event and 3 estimation days, got 2 and 2"
    assert found.n_events == 2


# What no test answers.

NOTHING = {"correlation": np.zeros((5, 5))}
ONE = {"correlation": np.ones((5, 5))}


@pytest.mark.parametrize(
    ("key", "given", "why"),
    [
        ("caar_exact_z", NOTHING, "variance of the mean is not positive"),
        (
            "caar_overlap_z",
            NOTHING,
            "variance of the mean is not positive",
        ),
        (
            "patell_exact_z",
            NOTHING,
            "variance of the sum is not positive",
        ),
        ("calendar_time_z", NOTHING, "day's portfolio is not positive"),
        ("cr2_date_t", {"scar": np.ones(5)}, "the SCARs do not vary"),
        ("kp_bmp_t", ONE, "all events are the same observation"),
        ("kp_bmp_exact_t", ONE, "all events are the same observation"),
        ("bmp_t", {"scar": np.ones(5)}, "the statistic is not finite: there is no variation"),
        ("cross_t", {"car": np.ones(5)}, "the statistic is not finite: there is no variation"),
    ],
)
def test_what_does_not_vary_is_refused_with_its_events(
    key: str, given: dict[str, Floats], why: str
) -> None:
    found = TESTS[key](section(APART, **given))
    assert why in found.why_not
    assert found.n_events == 5
    assert np.isnan([found.statistic, found.pvalue, found.pvalue_upper, found.pvalue_lower]).all()


@pytest.mark.parametrize("key", TESTS)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_of_how_few_events_an_answer_is_stands_beside_it(key: str, n: int) -> None:
    found = TESTS[key](section(APART).take(np.arange(n)))
    assert found.n_events == n
    if n == 0:
        assert found.why_not.startswith("needs at least ")
        assert ("got 0" in found.why_not) or "a CAR that is not 0" in found.why_not
