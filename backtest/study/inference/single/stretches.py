"""Compiled passes of the conformal test.

What both windows hold, and how far their stretches reach.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def both_windows(
    row: Array, column: Array, estimation: Array, start: Array, end: Array,
    y: Array, x: Array, estimable: Array, valid: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip  # pragma: no cover -- compiled
    """Returns and regressors of the sessions that count, (N, 1 + r + q, D).

    First those of the estimation window, then of the event window; how many they are (N,), and how
    many of them are of the event window (N,). `x` (K, T, r + q) are regressors, leads and lags;
    `estimation` the first and last day of that window.
    """
    n_rows, n_columns = x.shape[1], x.shape[2]
    longest = estimation[1] - estimation[0] + 1 + (end - start).max() + 1
    z = np.empty((len(row), 1 + n_columns, longest))
    count, length = np.empty(len(row), dtype=np.int64), np.empty(len(row), dtype=np.int64)
    at = np.empty(longest, dtype=np.int64)
    for i in range(len(row)):
        n, k = 0, column[i]
        for t in range(max(row[i] + estimation[0], 0), min(row[i] + estimation[1] + 1, n_rows)):
            if estimable[k, t]:
                at[n] = t
                n += 1
        before = n
        for t in range(max(row[i] + start[i], 0), min(row[i] + end[i] + 1, n_rows)):
            finite = valid[k, t]
            for c in range(n_columns):
                finite = finite and np.isfinite(x[k, t, c])
            if finite:
                at[n] = t
                n += 1
        for j in range(n):
            z[i, 0, j] = y[k, at[j]]
        for c in range(n_columns):
            for j in range(n):
                z[i, c + 1, j] = x[k, at[j], c]
        count[i], length[i] = n, n - before
    return z, count, length


@compiled
def moments(z: Array, count: Array) -> tuple[Array, Array]:  # pragma: no cover -- compiled
    """Means (N, c) and products about them (N, c, c) of the first `count` sessions (N,)."""
    n_events, n_columns, longest = z.shape
    mean = np.zeros((n_events, n_columns))
    products = np.zeros((n_events, n_columns, n_columns))
    away = np.empty((n_columns, longest))
    for i in range(n_events):
        n = count[i]
        for c in range(n_columns):
            total = 0.0
            for j in range(n):
                total += z[i, c, j]
            mean[i, c] = total / max(n, 1)
            for j in range(n):
                away[c, j] = z[i, c, j] - mean[i, c]
            for b in range(c + 1):
                total = 0.0
                for j in range(n):
                    total += away[c, j] * away[b, j]
                products[i, c, b] = products[i, b, c] = total
    return mean, products


@compiled
def reached(
    z: Array, count: Array, length: Array, intercept: Array, slopes: Array, tie: float
) -> tuple[Array, Array]:  # pragma: no cover -- compiled
    """The sum of the event's residuals (N,), and the share of stretches as far from zero, (N,).

    A stretch is as many neighbouring residuals as the event window has; after the last comes the
    first.
    """
    total, share = np.zeros(len(z)), np.zeros(len(z))
    slope_part, residual = np.empty((2, z.shape[2]))
    running = np.zeros(2 * z.shape[2] + 1)
    for i in range(len(z)):
        n = count[i]
        slope_part[:n] = 0.0
        for r in range(slopes.shape[1]):
            for j in range(n):
                slope_part[j] += z[i, r + 1, j] * slopes[i, r]
        for j in range(n):
            residual[j] = z[i, 0, j] - (intercept[i] + slope_part[j])
        for j in range(n - length[i], n):
            total[i] += residual[j]
        so_far = 0.0
        for j in range(n + length[i]):
            so_far += residual[j if j < n else j - n]
            running[j + 1] = so_far
        far = 0
        for j in range(n):
            far += abs(running[j + length[i]] - running[j]) >= abs(total[i]) * tie
        share[i] = far / n if n > 0 else np.nan
    return total, share
