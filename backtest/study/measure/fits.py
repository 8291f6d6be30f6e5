"""What each fit says: its coefficients, and how the residuals of its estimation window behave.

The tests of the residuals are those of statsmodels.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.running_sums import Floats

_LJUNG_BOX_LAGS = 10
_ARCH_LAGS = 5
_ROBUST = ("alpha_se", "alpha_se_hc", "alpha_se_hac", "beta_se", "beta_se_hc", "beta_se_hac")
_RESIDUAL = (
    "durbin_watson", "ljung_box", "ljung_box_p", "arch_lm", "arch_lm_p",
    "jarque_bera", "jarque_bera_p", "skewness", "kurtosis",
)  # fmt: skip


def coefficients(abnormal: AbnormalReturns) -> pd.DataFrame:
    """One row an event and coefficient.

    event_id, ticker, model, benchmark, regressor (`alpha` first), value, se. `se` is that of least
    squares; NaN where a coefficient is not an estimate of least squares.
    """
    fit, frame = abnormal.fit, abnormal.events.frame
    names = np.array(["alpha", *abnormal.model.design.regressors], dtype=object)
    n_events, size = len(frame), len(names)
    return pd.DataFrame(
        {
            "event_id": np.repeat(frame["event_id"].to_numpy(), size),
            "ticker": np.repeat(frame["ticker"].to_numpy(), size),
            "model": abnormal.model.name,
            "benchmark": abnormal.model.benchmark,
            "regressor": np.tile(names, n_events),
            "value": np.column_stack([fit.intercept, fit.slopes]).ravel(),
            "se": _errors(abnormal).ravel(),
        }
    )


def _errors(abnormal: AbnormalReturns) -> Floats:
    """Standard errors of alpha and slopes, (N, 1 + r)."""
    fit = abnormal.fit
    slopes = np.einsum("nrr->nr", fit.spread_inverse)
    level = np.einsum("nr,nrs,ns->n", fit.centre, fit.spread_inverse, fit.centre)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.column_stack([1 / fit.n_obs + level, np.where(slopes > 0, slopes, np.nan)])
    by_least_squares = fit.estimated & (not abnormal.model.design.lags)
    return np.where(by_least_squares[:, None], fit.sigma[:, None] * np.sqrt(variance), np.nan)


def diagnostics(abnormal: AbnormalReturns) -> pd.DataFrame:
    """One row an event: standard errors of alpha and beta, and tests of the residuals.

    Standard errors are those of least squares, White's (HC3) and Newey and West's (HAC, Bartlett
    weights, `floor(4 (M/100)^(2/9))` lags); NaN for models not estimated by least squares, beta's
    for one without a benchmark. Durbin-Watson is near 2 without autocorrelation; Ljung-Box (10
    lags) tests for autocorrelation, ARCH-LM (5 lags) for volatility clusters, Jarque-Bera for
    normality (`kurtosis` is 3 for a normal). Sessions left out of the estimation window are closed
    up. NaN below 30 observations or without variation.
    """
    frame = abnormal.events.frame
    rows = [_diagnose(abnormal, i) for i in range(len(abnormal.events))]
    labels = {
        "event_id": frame["event_id"],
        "ticker": frame["ticker"],
        "model": abnormal.model.name,
        "benchmark": abnormal.model.benchmark,
    }
    values = pd.DataFrame(rows, columns=[*_ROBUST, *_RESIDUAL], dtype=np.float64)
    return pd.concat([pd.DataFrame(labels), values], axis=1)


def _diagnose(abnormal: AbnormalReturns, event: int) -> dict[str, float]:
    residuals = abnormal.residuals[event]
    used = np.isfinite(residuals)
    if not np.isfinite(abnormal.fit.sigma[event]):
        return {}
    found = _of_residuals(residuals[used])
    if abnormal.fit.estimated[event] and not abnormal.model.design.lags:
        found |= _standard_errors(abnormal, event, residuals[used])
    return found


def _of_residuals(residuals: Floats) -> dict[str, float]:
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import durbin_watson, jarque_bera

    box = acorr_ljungbox(residuals, lags=[_LJUNG_BOX_LAGS])
    values = (
        durbin_watson(residuals),
        box["lb_stat"].iloc[0],
        box["lb_pvalue"].iloc[0],
        *_arch_lm(residuals),
    )
    return dict(zip(_RESIDUAL, map(float, (*values, *jarque_bera(residuals))), strict=True))


def _arch_lm(residuals: Floats) -> tuple[float, float]:
    """Engle (1982): M times the R2 of squared residuals on their lags.

    statsmodels' own changes form by release.
    """
    import statsmodels.api as sm

    squares = residuals**2
    lagged = [squares[_ARCH_LAGS - lag : -lag] for lag in range(1, _ARCH_LAGS + 1)]
    fitted = sm.OLS(squares[_ARCH_LAGS:], sm.add_constant(np.column_stack(lagged))).fit()
    statistic = float(fitted.nobs * fitted.rsquared)
    return statistic, float(stats.chi2.sf(statistic, _ARCH_LAGS))


def _standard_errors(abnormal: AbnormalReturns, event: int, residuals: Floats) -> dict[str, float]:
    """Errors of a regression from its regressors and residuals.

    They follow from these, so the residuals serve as its y.
    """
    import statsmodels.api as sm

    rows = abnormal.estimation_rows[event][np.isfinite(abnormal.residuals[event])]
    estimated = (
        np.diag(abnormal.fit.spread_inverse[event]) > 0
    )  # a risk-free return has a known slope
    x = abnormal.panel.x[rows, abnormal.events.column[event]][:, estimated]
    plain = sm.OLS(residuals, np.column_stack([np.ones(len(rows)), x])).fit()
    lags = int(4 * (len(rows) / 100) ** (2 / 9))
    white = plain.get_robustcov_results("HC3")
    newey_west = plain.get_robustcov_results("HAC", maxlags=lags)
    errors = np.array([plain.bse, white.bse, newey_west.bse])
    found = dict(zip(_ROBUST[:3], map(float, errors[:, 0]), strict=True))
    if estimated.any():
        found |= dict(zip(_ROBUST[3:], map(float, errors[:, 1]), strict=True))
    return found
