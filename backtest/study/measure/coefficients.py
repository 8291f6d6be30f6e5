"""Every coefficient of every fit: factor loadings, donor weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.running_sums import Floats


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
