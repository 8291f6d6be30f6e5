"""Slopes against pre-event days: their algebra, and size and gain where events share a factor."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import statsmodels.api as sm

from backtest.study.check.prologue import (
    Components,
    Prologue,
    against_shifts,
    covariance,
    fitted,
    placebo_ts,
    prologue,
)
from backtest.study.check.regression import wild
from backtest.study.running_sums import Floats


def drawn(rng: np.random.Generator, n: int, s: int, loading: Floats) -> Floats:
    """CARs (n, s): one factor the events load on, and their own noise."""
    return loading[:, None] * rng.standard_normal(s) + rng.standard_normal((n, s))


def test_slopes_and_errors_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(20), rng.standard_normal(20)])
    y, loading = rng.standard_normal(20), rng.standard_normal((20, 3))
    omega = Components(loading, rng.uniform(0.1, 2.0, 20), rng.uniform(0.5, 3.0, 20))
    for mine, theirs in (
        (fitted(y, x, omega), sm.GLS(y, x, sigma=omega.whole).fit()),
        (fitted(y, x), sm.OLS(y, x).fit()),
    ):
        np.testing.assert_allclose(mine[0], theirs.params)
        np.testing.assert_allclose(mine[1], theirs.bse)
    some = y > 0
    laid = omega.whole[np.ix_(some, some)]
    np.testing.assert_allclose(omega.take(some).solve(y[some]), np.linalg.solve(laid, y[some]))
    cars = rng.standard_normal((20, 3))
    cars[:11, 1] = np.nan  # a shift that fewer than half of the events have
    kept = [sm.OLS(one, x).fit().tvalues for one in (cars[:, 0], cars[:, 2])]
    np.testing.assert_allclose(placebo_ts(cars, x), kept)


def test_the_covariance_is_that_of_the_factor() -> None:
    rng = np.random.default_rng(2)
    loading = np.linspace(0.5, 2.0, 15)
    found = covariance(drawn(rng, 15, 4000, loading))
    truth = np.outer(loading, loading) + np.eye(15)
    assert found.n_components == 1
    np.testing.assert_allclose(found.whole, truth, atol=0.25)


def test_independent_events_have_no_component() -> None:
    counts = [
        covariance(np.random.default_rng(seed).standard_normal((20, 200))).n_components
        for seed in range(40)
    ]
    assert np.mean(counts) < 0.3


def test_too_few_shifts() -> None:
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(12), rng.standard_normal(12)])
    told = prologue(rng.standard_normal(12), x, rng.standard_normal((12, 18)))
    assert isinstance(told, str)
    assert "needs 19 placebo days" in told
    assert told.endswith("and there are 18")
    same = np.column_stack([np.ones(12), np.arange(12) == 3])
    holes = rng.standard_normal((12, 60))
    holes[3] = np.nan
    assert "collinear" in str(prologue(rng.standard_normal(12), same, holes))


def test_an_event_that_no_shift_has_is_left_out_and_said() -> None:
    """Listed too late for any placebo day: it took the slopes of all the others with it."""
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(12), rng.standard_normal(12)])
    y, holes = rng.standard_normal(12), rng.standard_normal((12, 60))
    holes[3] = np.nan
    others = np.arange(12) != 3
    found, alone = prologue(y, x, holes), prologue(y[others], x[others], holes[others])
    assert isinstance(found, Prologue)
    assert isinstance(alone, Prologue)
    np.testing.assert_array_equal(found.gls, alone.gls)
    np.testing.assert_array_equal(found.placebo_t, alone.placebo_t)
    assert found.note == "generalised least squares without 1 event that no placebo day has"
    assert alone.note == ""


def test_share_and_error_by_counting() -> None:
    """A slope of -4 with an error of 2 is a t of -2: of four shifts two are as far from zero."""
    placebo_t = np.array([[1.0], [-2.0], [0.5], [3.0]])
    error, share = against_shifts(np.array([-4.0]), np.array([2.0]), placebo_t)
    assert error[0] == pytest.approx(2.0 * np.sqrt((1 + 4 + 0.25 + 9) / 4))
    assert share[0] == pytest.approx((1 + 2) / 5)


def sampled(seed: int, event: float = 1.0) -> tuple[Floats, Floats, Floats]:
    """Events (20,) whose attribute goes with their loading, the attribute, and CARs of 120 shifts.

    The events' own noise is `event` times as wide as that of the shifts.
    """
    rng = np.random.default_rng(seed)
    loading = 2 * rng.standard_normal(20)
    x = np.column_stack([np.ones(20), loading / 2 + rng.standard_normal(20)])
    y = drawn(rng, 20, 1, loading)[:, 0] + np.sqrt(event**2 - 1) * rng.standard_normal(20)
    return y, x, drawn(rng, 20, 120, loading)


def test_size_and_the_gain_of_gls() -> None:
    """200 samples whose attribute goes with the loading.

    5% both ways, and a slope half as wide by GLS.
    """
    rejected, ols, gls = np.zeros(2), [], []
    for seed in range(200):
        y, x, cars = sampled(seed)
        found = prologue(y, x, cars)
        assert isinstance(found, Prologue)
        plain, error = fitted(y, x)
        rejected[0] += against_shifts(plain, error, placebo_ts(cars, x))[1][1] <= 0.05
        rejected[1] += found.columns["pvalue_gls"][1] <= 0.05
        ols.append(plain[1])
        gls.append(found.gls[1])
    assert (rejected >= 2).all()
    assert (rejected <= 21).all(), rejected
    assert np.std(gls) < 0.75 * np.std(ols)


def test_events_more_volatile_than_the_days_before_reject_no_more() -> None:
    """Three times as wide at the event.

    Plain slopes against plain slopes rejected in half of the samples.
    """
    ours = plain = 0
    for seed in range(200):
        y, x, cars = sampled(seed, event=3.0)
        found = prologue(y, x, cars)
        assert isinstance(found, Prologue)
        ours += found.columns["pvalue_gls"][1] <= 0.05
        slopes = [fitted(car, x, covariance(cars))[0][1] for car in cars.T]
        plain += (1 + (np.abs(slopes) >= abs(found.gls[1])).sum()) / 121 <= 0.05
    assert ours <= 21
    assert plain >= 60


def test_of_very_many_events_no_table_of_pairs_is_made() -> None:
    """5,000 events: a table of pairs has 200 MB, one of draws by events 40."""
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(5_000), rng.standard_normal(5_000)])
    y, cars = rng.standard_normal(5_000), drawn(rng, 5_000, 40, rng.standard_normal(5_000))
    tracemalloc.start()
    found = prologue(y, x, cars)
    pvalues = wild(y, x, np.arange(5_000) % 100)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, Prologue)
    assert found.n_components == 1
    assert ((pvalues > 0) & (pvalues <= 1)).all()
    assert most < 30e6
