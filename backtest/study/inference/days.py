"""Every day of every event, for tests that read single days.

Estimation window and event window stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Bools, Floats, Ints

CHUNK = 5_000  # events whose days are laid out at once: 11 MB a table of them
ALL = slice(None)


def day_sums(scores: Callable[[slice], Floats], n_events: int) -> tuple[Floats, Ints]:
    """Sum of each day's finite scores, and how many there are, both (D,).

    A chunk of events is taken at once. `scores` gives those of a slice of the events, (n, D).
    """
    sums, counts = _sums(scores(slice(0, CHUNK)))
    for begin in range(CHUNK, n_events, CHUNK):
        more = _sums(scores(slice(begin, begin + CHUNK)))
        sums, counts = sums + more[0], counts + more[1]
    return sums, counts


def _sums(scores: Floats) -> tuple[Floats, Ints]:
    there = np.isfinite(scores)
    return np.where(there, scores, 0.0).sum(axis=0), there.sum(axis=0)


def days(window: EventWindow, part: slice = ALL) -> Floats:
    """Residuals of the E estimation days and abnormal returns of the L window days, (N, E + L)."""
    inside = np.where(window.inside[part], window.abnormal.abnormal[part], np.nan)
    return np.hstack([window.abnormal.residuals[part], inside[:, window_columns(window)]])


def standardised_days(window: EventWindow, part: slice = ALL) -> Floats:
    """The same in units of their standard errors.

    Each event day is divided by its spread across events.
    """
    sar = np.where(window.inside, window.abnormal.abnormal / window.abnormal.se, np.nan)[
        :, window_columns(window)
    ]
    if len(sar) > 1:
        sar = sar / _spread(sar)
    sigma = window.abnormal.fit.sigma[part, None]
    return np.hstack([window.abnormal.residuals[part] / sigma, sar[part]])


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
