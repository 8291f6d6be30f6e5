"""Windows of very many events added up: one compiled pass, nothing of the size of events x days."""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def added_up(
    y: Array, x: Array, column: Array, day_0: Array, start: Array, end: Array,
    intercept: Array, slopes: Array, effect: float,
) -> Array:  # fmt: skip  # pragma: no cover -- compiled
    """Sessions, abnormal returns and regressors from `start` to `end` of each event, (N, 2 + r).

    Lines `y` (K, L) and `x` (K, L, r) hold a security's sessions side by side, NaN where one does
    not count; day 0 of an event is `day_0` (N,) of line `column` (N,), and `effect` is added to it.
    """
    n_regressors = slopes.shape[1]
    out = np.zeros((len(day_0), 2 + n_regressors))
    for i in range(len(day_0)):
        first, length = day_0[i] + start[i], max(end[i] - start[i] + 1, 0)
        own, regressors = y[column[i], first : first + length], x[column[i], first : first + length]
        n, total = 0, 0.0
        for t in range(length):
            if np.isfinite(own[t]):
                n += 1
                total += own[t]
        if start[i] <= 0 <= end[i] and np.isfinite(own[-start[i]]):
            total += effect
        total -= n * intercept[i]
        for r in range(n_regressors):
            of_regressor = 0.0
            for t in range(length):
                if np.isfinite(own[t]):
                    of_regressor += regressors[t, r]
            out[i, 2 + r] = of_regressor
            total -= of_regressor * slopes[i, r]
        out[i, 0], out[i, 1] = n, total
    return out
