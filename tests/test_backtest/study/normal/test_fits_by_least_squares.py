"""Every linear model against numpy's least squares, and where there is no fit."""

from __future__ import annotations

import numpy as np
import pytest

from backtest import Window
from backtest.errors import StudyError
from backtest.study import (
    Dimson,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    ScholesWilliams,
)
from backtest.study.normal import Fit
from backtest.study.normal.base import r_squared, residual_sigma
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares
from backtest.study.normal.market import benchmark_difference
from backtest.study.running_sums import Floats, RunningMoments, RunningSums

T = 80
RNG = np.random.default_rng(5)
X = RNG.normal(0.001, 0.01, (T, 2, 3))  # sessions, securities, regressors
X[..., 2] = np.abs(X[..., 2]) / 50  # as a risk-free return
Y = 0.002 + X @ np.array([1.3, -0.4, 1.0]) + RNG.normal(0, 0.01, (T, 2))
USED = np.ones((T, 2), dtype=bool)
USED[[3, 17, 18, 40], 1] = False
FIRST, LAST = 5, 64
ROWS = [np.flatnonzero(USED[FIRST : LAST + 1, k]) + FIRST for k in range(2)]


def moments(size: int, y: Floats = Y, x: Floats = X) -> RunningMoments:
    """Of both securities over the same window, on the first so many regressors."""
    ends = np.full(2, FIRST), np.full(2, LAST)
    return RunningSums(y, x[..., :size], USED).over(*ends, np.arange(2))


def regression(y: Floats, x: Floats) -> tuple[Floats, float, float]:
    """Coefficients, residual spread and share explained of y on a constant and x."""
    full = np.column_stack([np.ones(len(y)), x])
    found = np.asarray(np.linalg.lstsq(full, y, rcond=None)[0], np.float64)
    squares = float(((y - full @ found) ** 2).sum())
    spread = float(((y - y.mean()) ** 2).sum())
    return found, float(np.sqrt(squares / (len(y) - full.shape[1]))), 1 - squares / spread


@pytest.mark.parametrize("size", [1, 2, 3])
def test_factors_are_a_regression(size: int) -> None:
    model = MarketModel("M") if size == 1 else MultiFactor(("A", "B", "C")[:size])
    fit = model.fit(moments(size))
    for k, rows in enumerate(ROWS):
        (alpha, *slopes), sigma, r2 = regression(Y[rows, k], X[rows, k, :size])
        assert fit.intercept[k] == pytest.approx(alpha, rel=1e-9)
        assert fit.slopes[k] == pytest.approx(slopes, rel=1e-9)
        assert (fit.sigma[k], fit.r2[k]) == pytest.approx((sigma, r2), rel=1e-9)
        assert (fit.n_obs[k], fit.df[k]) == (len(rows), len(rows) - size - 1)
        assert fit.centre[k] == pytest.approx(X[rows, k, :size].mean(axis=0))


def test_in_excess_of_the_risk_free_return() -> None:
    """The regression is of y - rf on the factors; the prediction adds rf again."""
    fit = MultiFactor(("A", "B"), risk_free="RF").fit(moments(3))
    for k, rows in enumerate(ROWS):
        (alpha, *slopes), sigma, r2 = regression(Y[rows, k] - X[rows, k, 2], X[rows, k, :2])
        assert fit.intercept[k] == pytest.approx(alpha, rel=1e-9)
        assert fit.slopes[k] == pytest.approx([*slopes, 1.0], rel=1e-9)
        assert (fit.sigma[k], fit.r2[k]) == pytest.approx((sigma, r2), rel=1e-9)
        assert fit.df[k] == len(rows) - 3
        assert fit.spread_inverse[k][2].tolist() == [0, 0, 0]
        assert fit.spread_inverse[k][:, 2].tolist() == [0, 0, 0]


def test_the_mean_of_a_security_is_its_normal_return() -> None:
    fit = MeanAdjusted().fit(moments(0))
    for k, rows in enumerate(ROWS):
        y = Y[rows, k]
        assert (fit.intercept[k], fit.sigma[k]) == pytest.approx((y.mean(), y.std(ddof=1)))
        assert (fit.n_obs[k], fit.df[k], fit.r2[k]) == (len(y), len(y) - 1, 0)
        assert fit.estimated[k]


def test_the_difference_to_the_market_has_its_own_spread_about_its_mean() -> None:
    fit = MarketAdjusted("M").fit(moments(1))
    for k, rows in enumerate(ROWS):
        left = Y[rows, k] - X[rows, k, 0]
        about = float(((left - left.mean()) ** 2).sum())
        total = float(((Y[rows, k] - Y[rows, k].mean()) ** 2).sum())
        assert fit.sigma[k] == pytest.approx(left.std(ddof=1))
        assert fit.r2[k] == pytest.approx(1 - about / total)
        assert (fit.intercept[k], fit.slopes[k, 0], fit.df[k]) == (0, 1, len(rows) - 1)
        assert not fit.estimated[k]


@pytest.mark.parametrize("lags", [1, 2])
def test_dimson_adds_the_slopes_of_lags_and_leads(lags: int) -> None:
    """The regressors are today's, then the others; alpha and error follow from the sum."""
    size = 1 + 2 * lags
    x = np.random.default_rng(6).normal(0, 0.01, (T, 2, size))
    y = x.sum(axis=2) * 0.4 + RNG.normal(0, 0.01, (T, 2))
    fit = Dimson("M", lags=lags).fit(moments(size, y, x))
    for k, rows in enumerate(ROWS):
        beta = regression(y[rows, k], x[rows, k])[0][1:].sum()
        left = y[rows, k] - beta * x[rows, k, 0]
        assert fit.slopes[k].tolist() == pytest.approx([beta])
        assert fit.intercept[k] == pytest.approx(left.mean())
        assert fit.sigma[k] == pytest.approx(left.std(ddof=0) * np.sqrt(len(rows) / fit.df[k]))
        assert fit.df[k] == len(rows) - 2
        spread = ((y[rows, k] - y[rows, k].mean()) ** 2).sum()
        assert fit.r2[k] == pytest.approx(1 - ((left - left.mean()) ** 2).sum() / spread)


def test_scholes_and_williams_by_three_regressions() -> None:
    fit = ScholesWilliams("M").fit(moments(3))
    for k, rows in enumerate(ROWS):
        y, x = Y[rows, k], X[rows, k]
        slopes = [np.polyfit(x[:, r], y, 1)[0] for r in range(3)]
        beta = sum(slopes) / (1 + 2 * np.corrcoef(x[:, 0], x[:, 1])[0, 1])
        assert fit.slopes[k].tolist() == pytest.approx([beta])
        assert fit.intercept[k] == pytest.approx(y.mean() - beta * x[:, 0].mean())


@pytest.mark.parametrize(("share", "there"), [(0.9, False), (0.1, True), (-0.5, True)])
def test_a_market_that_turns_back_every_day_has_no_scholes_williams_beta(
    share: float, there: bool
) -> None:
    """Where yesterday's market is minus today's, rho is under -1/2 and 1 + 2 rho below 0."""
    x = X.copy()
    x[..., 1] = -share * X[..., 0] + (1 - abs(share)) * X[..., 1]
    assert np.isfinite(ScholesWilliams("M").fit(moments(3, Y, x)).slopes).all() == there


@pytest.mark.parametrize("model", [Dimson("M"), ScholesWilliams("M")])
def test_models_of_thin_trading_forecast_in_the_form_of_the_market_model(model: Dimson) -> None:
    """By today's benchmark alone: its mean and spread, whatever the lags are."""
    fit = model.fit(moments(3))
    found = fit.forecast_variance(np.full(2, 4.0), np.full((2, 1), 0.03))
    for k, rows in enumerate(ROWS):
        x = X[rows, k, 0]
        away = 0.03 - 4 * x.mean()
        wanted = 4 + 16 / len(rows) + away**2 / ((x - x.mean()) ** 2).sum()
        assert found[k] == pytest.approx(fit.sigma[k] ** 2 * wanted)
        assert (fit.n_obs[k], fit.df[k], bool(fit.estimated[k])) == (len(rows), len(rows) - 2, True)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_a_factor_changes_its_slope_and_nothing_else(unit: float) -> None:
    model = MultiFactor(("A", "B", "C"))
    plain, scaled = model.fit(moments(3)), model.fit(moments(3, Y, X * unit))
    np.testing.assert_allclose(scaled.slopes * unit, plain.slopes, rtol=1e-9)
    for name in ("intercept", "sigma", "r2"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(plain, name), rtol=1e-9)


# Forecast errors.


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize("length", [1, 4])
def test_the_error_of_a_forecast_sum_by_matrices(size: int, length: int) -> None:
    """sigma^2 (L + s'(X'X)^-1 s), s the sum of the window's rows of X, constant and all."""
    fit = (MeanAdjusted() if size == 0 else MultiFactor(("A", "B", "C")[:size])).fit(moments(size))
    ahead = X[70 : 70 + length, :, :size]
    found = fit.forecast_variance(np.full(2, float(length)), ahead.sum(axis=0))
    for k, rows in enumerate(ROWS):
        full = np.column_stack([np.ones(len(rows)), X[rows, k, :size]])
        s = np.r_[length, ahead[:, k].sum(axis=0)]
        wanted = fit.sigma[k] ** 2 * (length + s @ np.linalg.inv(full.T @ full) @ s)
        assert found[k] == pytest.approx(wanted, rel=1e-8)


def test_what_is_not_estimated_has_no_estimation_error() -> None:
    fit = MarketAdjusted("M").fit(moments(1))
    found = fit.forecast_variance(np.full(2, 3.0), np.full((2, 1), 9.0))
    assert found == pytest.approx(3 * fit.sigma**2)


def test_days_laid_out_side_by_side_have_each_their_error() -> None:
    fit = MultiFactor(("A", "B")).fit(moments(2))
    table = fit.forecast_variance(np.ones((2, 5)), X[70:75, :, :2].swapaxes(0, 1))
    for day in range(5):
        alone = fit.forecast_variance(np.ones(2), X[70 + day, :, :2])
        assert table[:, day] == pytest.approx(alone)


def test_a_prediction_is_the_intercept_and_the_slopes_on_every_session() -> None:
    fit = MultiFactor(("A", "B")).fit(moments(2))
    x = X[70:73, :, :2].swapaxes(0, 1)
    for k in range(2):
        wanted = fit.intercept[k] + x[k] @ fit.slopes[k]
        assert fit.predict(x)[k] == pytest.approx(wanted)


# Where there is no fit.


def no_fit(fit: Fit) -> bool:
    return bool(np.isnan(fit.sigma).all() and np.isnan(fit.slopes).all())


def test_a_regressor_that_does_not_vary_or_is_another_has_no_slope() -> None:
    still, twice = X.copy(), X.copy()
    still[..., 1] = 0.25
    twice[..., 1] = 2 * X[..., 0]
    assert no_fit(least_squares(moments(2, Y, still)))
    assert no_fit(least_squares(moments(2, Y, twice)))
    nearly = twice.copy()
    nearly[..., 1] += X[..., 2] * 0.1
    assert not no_fit(least_squares(moments(2, Y, nearly)))


def test_the_benchmark_itself_is_explained_and_leaves_no_error_to_judge_by() -> None:
    fit = MarketModel("M").fit(moments(1, X[..., 0]))
    assert fit.slopes[:, 0] == pytest.approx([1, 1])
    assert np.isnan(fit.sigma).all()
    assert fit.r2 == pytest.approx([1, 1])


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4])
def test_fewer_sessions_than_parameters(length: int) -> None:
    """A market model has a spread from its third session on, a mean from its second."""
    sums = RunningSums(Y, X[..., :1], np.ones((T, 2), dtype=bool))
    one = np.array([10]), np.array([9 + length]), np.array([0])
    fit = MarketModel("M").fit(sums.over(*one))
    assert np.isfinite(fit.sigma[0]) == (length > 2)
    assert (fit.n_obs[0], fit.df[0]) == (length, length - 2)
    mean = MeanAdjusted().fit(sums.over(*one))
    assert np.isfinite(mean.sigma[0]) == (length > 1)
    assert np.isfinite(mean.intercept[0]) == (length > 0)


def test_spreads_of_rounding_and_of_nothing() -> None:
    found = residual_sigma(np.array([-1e-18, 8.0, 8.0, 8.0]), np.array([2, 2, 0, -1]))
    np.testing.assert_array_equal(found, [0.0, 2.0, np.nan, np.nan])
    shares = r_squared(np.array([1.0, 0.0]), np.array([4.0, 0.0]))
    np.testing.assert_array_equal(shares, [0.25, np.nan])


def test_what_a_short_history_still_allows() -> None:
    """The difference to the benchmark's own columns, and without a benchmark nothing."""
    fit = benchmark_difference(moments(3), Design(("A", "B", "RF"), benchmark=(0, 2)))
    assert fit.slopes.tolist() == [[1, 0, 1]] * 2
    assert fit.intercept.tolist() == [0, 0]
    assert np.isnan(fit.sigma).all()
    assert np.isnan(fit.r2).all()
    assert fit.n_obs.tolist() == [60, 57]
    assert np.isnan(benchmark_difference(moments(0), Design(benchmark=())).intercept).all()


@pytest.mark.parametrize(("trim", "length", "there"), [(1, 3, True), (1, 2, False), (2, 5, True)])
def test_lags_lie_inside_the_estimation_window(trim: int, length: int, there: bool) -> None:
    design, asked = Design(("M",), lags=(-1, 1), trim=trim), Window(-20, -21 + length)
    if there:
        assert design.inside(asked) == Window(-20 + trim, -21 + length - trim)
    else:
        with pytest.raises(StudyError, match="too short for 1 sessions of lead and lag"):
            design.inside(asked)


@pytest.mark.parametrize(("weight", "there"), [(0.0, True), (0.99, True), (1.0, False)])
def test_a_share_is_less_than_the_whole_of_its_benchmark(weight: float, there: bool) -> None:
    if there:
        assert Design(("M",), own_weights={"A": weight}).own_weights == {"A": weight}
    else:
        with pytest.raises(StudyError, match="give a fraction from 0 to below 1"):
            Design(("M",), own_weights={"A": weight})
