"""Diagnostics of each event's regression agree with statsmodels run on the data themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox, het_arch
from statsmodels.stats.stattools import durbin_watson, jarque_bera

from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    ScholesWilliams,
    Window,
    fama_french,
)
from backtest.study.measure.fits import diagnostics

DATES = pd.bdate_range("2024-01-02", periods=400)
FACTORS = ["Mkt-RF", "SMB", "HML"]
ROBUST = ["alpha_se", "alpha_se_hc", "alpha_se_hac", "beta_se", "beta_se_hc", "beta_se_hac"]


def made_returns() -> Returns:
    """Errors with clusters, fat tails and some autocorrelation."""
    rng = np.random.default_rng(4)
    factors = rng.normal(0, 0.01, (400, 3))
    noise = rng.standard_t(4, 400) * 0.01 * (1 + np.abs(factors[:, 0]) * 50)
    own = 0.001 + 1.2 * factors[:, 0] + noise + 0.3 * np.append(0, noise[:-1])
    own[[100, 101]] = np.nan
    table = pd.DataFrame(factors, columns=FACTORS, index=DATES).assign(A=own, RF=0.0002)
    return Returns.from_frame(table)


def diagnosed(model: object, returns: Returns | None = None) -> pd.Series:
    event = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
    study = EventStudy(model, Window(-260, -11), exclude=None)  # several kinds of model
    return diagnostics(study.fit(event, returns or made_returns()).measured).iloc[0]


def regression(
    names: list[str], risk_free: float = 0.0
) -> sm.regression.linear_model.RegressionResults:
    returns = made_returns()
    rows = np.arange(40, 290)
    rows = rows[np.isfinite(returns.column("A")[rows])]
    x = np.column_stack([np.ones(len(rows)), *(returns.column(name)[rows] for name in names)])
    return sm.OLS(returns.column("A")[rows] - risk_free, x).fit()


@pytest.mark.parametrize(
    ("model", "names", "risk_free"),
    [
        (MarketModel("Mkt-RF"), ["Mkt-RF"], 0.0),
        (fama_french("ff3"), FACTORS, 0.0002),
        (MeanAdjusted(), [], 0.0),
    ],
)
def test_standard_errors(model: object, names: list[str], risk_free: float) -> None:
    row, theirs = diagnosed(model), regression(names, risk_free)
    wanted = [theirs.bse, theirs.HC3_se, theirs.get_robustcov_results("HAC", maxlags=4).bse]
    for position, parameter in enumerate(["alpha", "beta"][: len(wanted[0])]):
        found = row[[f"{parameter}_se", f"{parameter}_se_hc", f"{parameter}_se_hac"]].to_numpy(
            dtype=float
        )
        np.testing.assert_allclose(found, [se[position] for se in wanted], rtol=1e-9)
    assert (
        not names or row["beta_se_hc"] > 1.1 * row["beta_se"]
    )  # the errors were made to be heteroskedastic
    assert bool(names) == np.isfinite(row["beta_se"])


@pytest.mark.filterwarnings("ignore:acorr_lm currently:FutureWarning")  # its form, not its numbers
def test_residual_tests() -> None:
    row, residuals = diagnosed(MarketModel("Mkt-RF")), regression(["Mkt-RF"]).resid
    assert row["durbin_watson"] == pytest.approx(durbin_watson(residuals))
    box = acorr_ljungbox(residuals, lags=[10])
    assert row["ljung_box"] == pytest.approx(box["lb_stat"].iloc[0])
    assert row["ljung_box_p"] == pytest.approx(box["lb_pvalue"].iloc[0])
    np.testing.assert_allclose(
        [row["arch_lm"], row["arch_lm_p"]], het_arch(residuals, nlags=5)[:2], rtol=1e-8
    )
    found = row[["jarque_bera", "jarque_bera_p", "skewness", "kurtosis"]].to_numpy(dtype=float)
    np.testing.assert_allclose(found, jarque_bera(residuals), rtol=1e-8)
    assert row["durbin_watson"] < 1.7
    assert row["kurtosis"] > 3.5


@pytest.mark.parametrize("model", [MarketAdjusted("Mkt-RF"), ScholesWilliams("Mkt-RF")])
def test_models_that_are_no_least_squares_have_no_such_errors(model: object) -> None:
    row = diagnosed(model)
    assert row[ROBUST].isna().all()
    assert np.isfinite(row["ljung_box"])


def test_too_short_a_history_has_no_diagnostics() -> None:
    values = made_returns().values.copy()
    values[:270, 3] = np.nan
    row = diagnosed(MarketModel("Mkt-RF"), Returns(values, DATES, made_returns().tickers))
    assert row.drop(["event_id", "ticker", "model", "benchmark"]).isna().all()


def test_rows_are_those_of_the_estimates() -> None:
    events = pd.DataFrame(
        {"event_id": ["e", "f"], "ticker": ["A", "A"], "event_session": DATES[[300, 320]]}
    )
    result = EventStudy(MarketModel("Mkt-RF")).fit(events, made_returns())
    keys = ["event_id", "ticker", "model", "benchmark"]
    pd.testing.assert_frame_equal(result.diagnostics[keys], result.estimates[keys])
