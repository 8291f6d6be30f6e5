"""Estimates, prediction errors and forecast variances agree with statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray

from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    Window,
)

Floats = NDArray[np.float64]
ROWS, EVENT = 400, 300
ESTIMATION = Window(-260, -11)
MODELS = {
    "mean": MeanAdjusted(),
    "market": MarketModel("M"),
    "factors": MultiFactor(("M", "F", "G")),
}


def made_returns() -> Returns:
    """A security with holes, on three correlated factors far from zero."""
    rng = np.random.default_rng(7)
    factors = (
        rng.normal(0.0, 0.01, (ROWS, 3))
        @ np.array([[1.0, 0.4, 0.2], [0.0, 1.0, 0.3], [0.0, 0.0, 1.0]])
        + 0.003
    )
    own = 0.001 + factors @ np.array([1.2, -0.4, 0.7]) + rng.normal(0, 0.02, ROWS)
    own[[60, 61, 150, EVENT + 7]] = np.nan
    table = pd.DataFrame(
        factors, columns=["M", "F", "G"], index=pd.bdate_range("2024-01-02", periods=ROWS)
    )
    return Returns.from_frame(table.assign(A=own))


def studied(model: object, returns: Returns) -> EventStudyResult:
    event = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["A"], "event_session": [returns.sessions[EVENT]]}
    )
    return EventStudy(model, ESTIMATION, exclude=None).fit(event, returns)  # parametrised


def design(model: object, returns: Returns, rows: Floats) -> tuple[Floats, Floats]:
    """y and X with its constant on the given rows."""
    names = getattr(model, "factors", None) or (
        [model.benchmark] if isinstance(model, MarketModel) else []
    )
    columns = [returns.column(name)[rows] for name in names]
    return returns.column("A")[rows], np.column_stack([np.ones(len(rows)), *columns])


def estimation_rows(returns: Returns) -> NDArray[np.int64]:
    rows = np.arange(EVENT + ESTIMATION.start, EVENT + ESTIMATION.end + 1)
    return rows[np.isfinite(returns.column("A")[rows])]


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest) -> object:
    return MODELS[request.param]


def test_least_squares(model: object) -> None:
    returns = made_returns()
    y, x = design(model, returns, estimation_rows(returns))
    ours, theirs = studied(model, returns).measured.fit, sm.OLS(y, x).fit()
    assert ours.n_obs[0] == theirs.nobs == 247
    assert ours.df[0] == theirs.df_resid
    np.testing.assert_allclose([ours.intercept[0], *ours.slopes[0]], theirs.params, atol=1e-10)
    assert ours.sigma[0] == pytest.approx(np.sqrt(theirs.scale), abs=1e-10)
    assert ours.r2[0] == pytest.approx(theirs.rsquared, abs=1e-10)


def test_coefficients_and_their_errors(model: object) -> None:
    returns = made_returns()
    theirs = sm.OLS(*design(model, returns, estimation_rows(returns))).fit()
    table = studied(model, returns).coefficients
    np.testing.assert_allclose(table["value"], theirs.params, atol=1e-10)
    np.testing.assert_allclose(table["se"], theirs.bse, atol=1e-10)
    assert table["regressor"].tolist() == ["alpha", *["M", "F", "G"][: len(theirs.params) - 1]]


def test_residuals(model: object) -> None:
    returns = made_returns()
    y, x = design(model, returns, estimation_rows(returns))
    residuals = studied(model, returns).measured.residuals[0]
    np.testing.assert_allclose(
        residuals[np.isfinite(residuals)], sm.OLS(y, x).fit().resid, atol=1e-10
    )


def test_prediction_and_forecast_error_of_every_session(model: object) -> None:
    returns = made_returns()
    y, x = design(model, returns, estimation_rows(returns))
    table = studied(model, returns).abnormal
    _, x_event = design(model, returns, EVENT + table["day"].to_numpy())
    theirs = sm.OLS(y, x).fit().get_prediction(x_event).summary_frame()
    there = table["abnormal"].notna().to_numpy()
    assert (~there).sum() == 1
    np.testing.assert_allclose(table["normal"][there], theirs["mean"][there], atol=1e-10)
    predicted_se = studied(model, returns).measured.fit.sigma[0] ** 2 + theirs["mean_se"] ** 2
    np.testing.assert_allclose(table["se"][there], np.sqrt(predicted_se)[there], atol=1e-10)


@pytest.mark.parametrize("window", ["1-day", "5-day", "1-month", "run-up"])
def test_the_sum_of_day_dummies(model: object, window: str) -> None:
    """Karafiath (1988).

    One dummy a day of the window; the CAR is their sum, its error comes from their covariance.
    """
    returns = made_returns()
    row = studied(model, returns).windows.set_index("window").loc[window]
    days = EVENT + np.arange(row["start"], row["end"] + 1)
    days = days[np.isfinite(returns.column("A")[days])]
    y, x = design(model, returns, np.concatenate([estimation_rows(returns), days]))
    dummies = np.zeros((len(y), len(days)))
    dummies[-len(days) :] = np.eye(len(days))
    fitted = sm.OLS(y, np.hstack([x, dummies])).fit()
    theirs = fitted.t_test(np.concatenate([np.zeros(x.shape[1]), np.ones(len(days))]))
    assert row["n_valid"] == len(days)
    assert row["car"] == pytest.approx(theirs.effect.item(), abs=1e-10)
    assert row["car_se"] == pytest.approx(theirs.sd.item(), abs=1e-10)
    assert row["t"] == pytest.approx(theirs.tvalue.item(), abs=1e-8)
    assert row["pvalue"] == pytest.approx(theirs.pvalue.item(), abs=1e-10)
    assert row["df"] == theirs.df_denom
