"""Every day of every event, estimation window and event window side by side, for tests that read single days."""

from __future__ import annotations

import numpy as np

from backtest.study.measure.running_sums import Bools, Floats
from backtest.study.place.event_windows import EventWindow


def days(window: EventWindow) -> Floats:
    """Residuals of the E estimation days and abnormal returns of the L window days, (N, E + L)."""
    inside = np.where(window.inside, window.abnormal.abnormal, np.nan)[:, window_columns(window)]
    return np.hstack([window.abnormal.residuals, inside])


def standardised_days(window: EventWindow) -> Floats:
    """The same in units of their standard errors, each event day divided by its spread across events."""
    sar = np.where(window.inside, window.abnormal.abnormal / window.abnormal.se, np.nan)[
        :, window_columns(window)
    ]
    if len(sar) > 1:
        sar = sar / _spread(sar)
    return np.hstack([window.abnormal.residuals / window.abnormal.fit.sigma[:, None], sar])


def window_columns(window: EventWindow) -> Bools:
    """Columns of the horizon that belong to some event's window."""
    return np.asarray(window.inside.any(axis=0))


def _spread(values: Floats) -> Floats:
    """Standard deviation across events of each day; NaN for a day with fewer than two."""
    there = np.isfinite(values)
    n = there.sum(axis=0)
    safe = np.maximum(n, 1)
    away = np.where(there, values - np.where(there, values, 0.0).sum(axis=0) / safe, 0.0)
    return np.where(n > 1, np.sqrt((away**2).sum(axis=0) / np.maximum(n - 1, 1)), np.nan)
