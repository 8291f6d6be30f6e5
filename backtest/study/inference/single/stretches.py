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
    x: Array, estimable: Array, valid: Array,
) -> Array:  # fmt: skip  # pragma: no cover -- compiled
    """Rows of the sessions that count, (N, D): of the estimation window, then of the event window.

    -1 fills up; the last column is how many of them are of the event window. `x` (K, T, r + q) are
    regressors, leads and lags; `estimation` the first and last day of that window.
    """
    n_rows, n_columns = x.shape[1], x.shape[2]
    longest = estimation[1] - estimation[0] + 1 + (end - start).max() + 1
    out = np.full((len(row), longest + 1), -1, dtype=np.int64)
    for i in range(len(row)):
        n, k = 0, column[i]
        for t in range(max(row[i] + estimation[0], 0), min(row[i] + estimation[1] + 1, n_rows)):
            if estimable[k, t]:
                out[i, n] = t
                n += 1
        before = n
        for t in range(max(row[i] + start[i], 0), min(row[i] + end[i] + 1, n_rows)):
            finite = valid[k, t]
            for c in range(n_columns):
                finite = finite and np.isfinite(x[k, t, c])
            if finite:
                out[i, n] = t
                n += 1
        out[i, longest] = n - before
    return out


@compiled
def moments(
    rows: Array, column: Array, y: Array, x: Array
) -> tuple[Array, Array, Array]:  # pragma: no cover -- compiled
    """How many sessions count (N,), means (N, c) and products about them (N, c, c)."""
    n_columns = 1 + x.shape[2]
    count = np.zeros(len(rows), dtype=np.int64)
    mean = np.zeros((len(rows), n_columns))
    products = np.zeros((len(rows), n_columns, n_columns))
    away = np.zeros(n_columns)
    for i in range(len(rows)):
        n = 0
        while n < rows.shape[1] - 1 and rows[i, n] >= 0:
            mean[i, 0] += y[column[i], rows[i, n]]
            for c in range(1, n_columns):
                mean[i, c] += x[column[i], rows[i, n], c - 1]
            n += 1
        count[i] = n
        mean[i] /= max(n, 1)
        for j in range(n):
            away[0] = y[column[i], rows[i, j]] - mean[i, 0]
            for c in range(1, n_columns):
                away[c] = x[column[i], rows[i, j], c - 1] - mean[i, c]
            for c in range(n_columns):
                for b in range(c + 1):
                    products[i, c, b] += away[c] * away[b]
        for c in range(n_columns):
            for b in range(c):
                products[i, b, c] = products[i, c, b]
    return count, mean, products


@compiled
def reached(
    rows: Array, count: Array, column: Array, y: Array, x: Array, intercept: Array, slopes: Array,
    tie: float,
) -> tuple[Array, Array]:  # fmt: skip  # pragma: no cover -- compiled
    """The sum of the event's residuals (N,), and the share of stretches as far from zero, (N,).

    A stretch is as many neighbouring residuals as the event window has; after the last comes the
    first.
    """
    total, share = np.zeros(len(rows)), np.zeros(len(rows))
    running = np.zeros(2 * rows.shape[1])
    for i in range(len(rows)):
        n, length = count[i], rows[i, rows.shape[1] - 1]
        for j in range(n + length):
            at = rows[i, j % n]
            slope_part = 0.0
            for r in range(slopes.shape[1]):
                slope_part += x[column[i], at, r] * slopes[i, r]
            residual = y[column[i], at] - (intercept[i] + slope_part)
            running[j + 1] = running[j] + residual
            if n - length <= j < n:
                total[i] += residual
        far = 0
        for j in range(n):
            far += abs(running[j + length] - running[j]) >= abs(total[i]) * tie
        share[i] = far / n if n > 0 else np.nan
    return total, share
