"""Variances that move, session by session in a loop, and which fits count as such."""

from __future__ import annotations

import numpy as np
import pytest

from backtest.study import GarchMarketModel
from backtest.study.normal import Days, Volatility
from backtest.study.normal import garch as module
from backtest.study.normal.garch import _Estimates, _filtered, _merged, _volatility
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import Floats, RunningSums

GOOD = _Estimates(0.001, 1.2, 2e-6, 0.08, 0.9, 1.5e-4, True)
NAN = float("nan")


@pytest.mark.parametrize(
    ("changed", "interior"),
    [
        ({}, True),
        ({"converged": False}, False),
        ({"omega": 0.0}, False),
        ({"a": 1e-4}, False),
        ({"a": 2e-4}, True),
        ({"b": 1e-4, "a": 0.9}, False),
        ({"b": 0.92}, False),  # a + b is 1
        ({"b": 0.9199}, False),
        ({"b": 0.9198}, True),
    ],
)
def test_a_fit_counts_away_from_its_bounds(changed: dict[str, float], interior: bool) -> None:
    assert GOOD._replace(**changed).interior is interior


def test_each_variance_follows_from_the_day_before() -> None:
    """Nothing before the first; a session without a return counts as if it had been as expected."""
    e = np.array([9.0, 0.01, NAN, -0.03, 0.02])
    h1 = 1.5e-4
    h2 = 2e-6 + 0.08 * 0.01**2 + 0.9 * h1
    h3 = 2e-6 + 0.98 * h2
    h4 = 2e-6 + 0.08 * 0.03**2 + 0.9 * h3
    np.testing.assert_allclose(_filtered(e, 1, GOOD), [NAN, h1, h2, h3, h4], rtol=1e-12)


def path(start: float, long_run: float, persistence: float, length: int) -> Floats:
    """Forecasts from a session's variance: each goes the same share of the way to the long run."""
    found = [start]
    for _ in range(length - 1):
        found.append(long_run + persistence * (found[-1] - long_run))
    return np.array(found)


MOVING = Volatility(
    np.array([[4.0, 1.0, 2.0, 3.0, 5.0], [1.0, 8.0, 9.0, 7.0, 6.0]]),
    np.array([0.5, 0.9]),
    np.array([2.0, 4.0]),
    np.array([True, True]),
)


@pytest.mark.parametrize(("first", "last"), [(0, 4), (1, 1), (2, 4), (4, 4)])
def test_a_window_is_seen_from_before_its_first_session(first: int, last: int) -> None:
    inside = np.zeros((2, 5), dtype=bool)
    inside[:, first : last + 1] = True
    wanted = [
        path(start, long_run, share, last - first + 1).sum()
        for start, long_run, share in zip(
            MOVING.filtered[:, first], [2, 4], [0.5, 0.9], strict=True
        )
    ]
    assert MOVING.of_sum(inside) == pytest.approx(wanted)


def test_a_session_that_is_missing_adds_nothing_and_time_goes_on() -> None:
    inside = np.array([[False, True, False, True, False], [True, False, False, False, True]])
    one, other = path(1.0, 2.0, 0.5, 3), path(1.0, 4.0, 0.9, 5)
    assert MOVING.of_sum(inside) == pytest.approx([one[0] + one[2], other[0] + other[4]])


def test_days_before_the_event_are_as_filtered_and_from_it_on_as_forecast_on_its_eve() -> None:
    found = MOVING.of_days(np.arange(-2, 3))
    assert found[0] == pytest.approx([4.0, 1.0, *path(2.0, 2.0, 0.5, 3)])
    assert found[1] == pytest.approx([1.0, 8.0, *path(9.0, 4.0, 0.9, 3)])


def test_events_keep_their_own_volatility_when_some_are_taken() -> None:
    part = MOVING.take(np.array([1]))
    assert part.filtered.tolist() == [[1.0, 8.0, 9.0, 7.0, 6.0]]
    assert (part.persistence.tolist(), part.long_run.tolist()) == ([0.9], [4.0])


# From a model to its numbers.


def two_events() -> tuple[Days, RunningSums]:
    """50 sessions to estimate on, then 5 of a horizon; the first event lacks two of them."""
    rng = np.random.default_rng(3)
    x = rng.normal(0, 0.01, (2, 55, 1))
    y = 0.001 + 1.1 * x[..., 0] + rng.normal(0, 0.01, (2, 55))
    used = np.zeros((2, 55), dtype=bool)
    used[:, :50] = True
    used[0, [0, 20]] = False
    sums = RunningSums(y.T, x.transpose(1, 0, 2), used.T)
    return Days(y, x, used, 50), sums


def test_events_with_estimates_have_theirs_and_the_others_least_squares() -> None:
    days, sums = two_events()
    plain = least_squares(sums.over(np.zeros(2, int), np.full(2, 49), np.arange(2)))
    fit = _merged(plain, days, {0: GOOD})
    y, x = days.y[0, days.used[0]], days.x[0, days.used[0], 0]
    left = y - 0.001 - 1.2 * x
    assert (fit.intercept[0], fit.slopes[0, 0]) == (0.001, 1.2)
    assert fit.sigma[0] == pytest.approx(np.sqrt((left**2).sum() / 46))
    assert fit.r2[0] == pytest.approx(1 - (left**2).sum() / ((y - y.mean()) ** 2).sum())
    assert fit.estimated.tolist() == [False, True]
    for name in ("intercept", "slopes", "sigma", "r2"):
        np.testing.assert_array_equal(getattr(fit, name)[1], getattr(plain, name)[1])


def test_the_filter_begins_with_the_first_session_used() -> None:
    days, _ = two_events()
    found = _volatility(days, {0: GOOD})
    residuals = days.y[0] - 0.001 - 1.2 * days.x[0, :, 0]
    variance, seen = 1.5e-4, []
    for day in range(1, 55):
        seen.append(variance)
        variance = 2e-6 + 0.08 * residuals[day] ** 2 + 0.9 * variance
    assert found.filtered[0] == pytest.approx(seen[-5:])
    assert found.persistence[0] == pytest.approx(0.98)
    assert found.long_run[0] == pytest.approx(2e-6 / 0.02)
    assert found.given.tolist() == [True, False]
    assert np.isnan(found.filtered[1]).all()


@pytest.mark.parametrize(("minimum", "asked"), [(48, [0, 1]), (49, [1]), (50, [1]), (51, [])])
def test_only_events_with_enough_sessions_are_fitted(
    minimum: int, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    days, sums = two_events()
    plain = least_squares(sums.over(np.zeros(2, int), np.full(2, 49), np.arange(2)))
    given = []

    def estimate(y: Floats, x: Floats) -> _Estimates:
        given.append((y, x))
        return GOOD

    monkeypatch.setattr(module, "_quasi_likelihood", estimate)
    _, found = GarchMarketModel("M", minimum=minimum).refine(plain, days)
    assert np.flatnonzero(found.given).tolist() == asked
    for event, (y, x) in zip(asked, given, strict=True):
        np.testing.assert_array_equal(y, days.y[event, days.used[event]])
        np.testing.assert_array_equal(x, days.x[event, days.used[event], 0])


def test_a_fit_at_its_bounds_is_left_to_least_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    days, sums = two_events()
    plain = least_squares(sums.over(np.zeros(2, int), np.full(2, 49), np.arange(2)))
    monkeypatch.setattr(module, "_quasi_likelihood", lambda y, x: GOOD._replace(converged=False))
    fit, found = GarchMarketModel("M", minimum=10).refine(plain, days)
    assert not found.given.any()
    np.testing.assert_array_equal(fit.slopes, plain.slopes)
