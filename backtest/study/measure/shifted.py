"""Sums of neighbouring estimation residuals, in standard errors.

As many as a window has sessions.
"""

from __future__ import annotations

import numpy as np

from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats


def standardised_sums(window: EventWindow, length: int | None = None) -> Floats:
    """`u_is` for every event and shift, (N, E - L + 1); NaN where a session is missing.

    L is `length`, by default that of the longest of these windows.
    """
    abnormal, fit = window.abnormal, window.abnormal.fit
    if length is None:
        length = int(window.n_sessions.max())
    residuals = abnormal.residuals
    rows = np.maximum(abnormal.estimation_rows, 0)
    x = abnormal.panel.x[rows, abnormal.events.column[:, None]]
    there = np.isfinite(residuals)
    days = _rolling(there.astype(np.float64), length)
    total = _rolling(np.where(there, residuals, 0.0), length)
    if x.shape[2]:
        x_sum = np.stack(
            [_rolling(np.where(there, x[..., r], 0.0), length) for r in range(x.shape[2])], axis=2
        )
    else:
        x_sum = np.zeros((*days.shape, 0))
    unit = fit.forecast_variance(days, x_sum) / fit.sigma[:, None] ** 2
    leverage = unit - days  # the estimation part of the forecast variance
    with np.errstate(divide="ignore", invalid="ignore"):
        out = total / (fit.sigma[:, None] * np.sqrt(days - leverage))
    return np.where(days == length, out, np.nan)


def _rolling(values: Floats, length: int) -> Floats:
    """Sums over `length` neighbouring columns."""
    running = np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])
    return running[:, length:] - running[:, :-length]
