"""Compiled sums for events too many for a table of their days.

One pass, nothing of the size of events x days.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def lay(
    ends: Array,
    first: Array,
    last: Array,
    level: Array,
    tilt: Array,
    begin: Array,
    end: Array,
    weight: Array,
    x: Array,
    estimable: Array,
    valid: Array,
    columns: Array,
) -> Array:  # pragma: no cover -- compiled
    """What the events of each security, in order of it, lay on every session, (K, T).

    Events `ends[k]` to `ends[k + 1]` are those of security k, column `columns[k]` of the panel:
    `level` plus `tilt` x on the estimable sessions `first` to `last`, `weight` on the valid ones of
    `begin` to `end`. `x` (K, T, r or more), `estimable` and `valid` (K, T) hold a security's
    sessions side by side.
    """
    n_rows, n_regressors = x.shape[1], tilt.shape[1]
    out = np.zeros((len(columns), n_rows), dtype=np.float32)
    step = np.zeros((n_rows + 1, n_regressors + 2))
    opened = np.zeros(n_rows + 1, dtype=np.int64)
    changes = np.zeros(n_rows + 1, dtype=np.bool_)
    held = np.zeros(n_regressors + 2)
    for k in range(len(columns)):
        column = columns[k]
        step[:] = 0.0
        opened[:] = 0
        changes[:] = False
        for i in range(ends[k], ends[k + 1]):
            low, high = max(first[i], 0), min(last[i] + 1, n_rows)
            if high > low:
                opened[low] += 1
                opened[high] -= 1
                changes[low] = changes[high] = True
                step[low, 0] += level[i]
                step[high, 0] -= level[i]
                for r in range(n_regressors):
                    step[low, r + 2] += tilt[i, r]
                    step[high, r + 2] -= tilt[i, r]
            low, high = max(begin[i], 0), min(end[i] + 1, n_rows)
            if high > low:
                opened[low] += 1
                opened[high] -= 1
                changes[low] = changes[high] = True
                step[low, 1] += weight[i]
                step[high, 1] -= weight[i]
        held[:] = 0.0
        n_open = 0
        for t in range(n_rows):
            if changes[t]:
                n_open += opened[t]
                for j in range(n_regressors + 2):
                    held[j] += step[t, j]
                if n_open == 0:
                    # Nothing of a sum that went back to zero may stay: products of such rests are
                    # numbers too small for single precision, and many times slower.
                    held[:] = 0.0
            if n_open == 0:
                continue
            value = 0.0
            if estimable[column, t]:
                value += held[0]
                for r in range(n_regressors):
                    value += held[r + 2] * x[column, t, r]
            if valid[column, t]:
                value += held[1]
            out[k, t] = value
    return out


@compiled
def upper_sum(upper: Array, rho: Array) -> float:  # pragma: no cover -- compiled
    """`sum_kl rho_kl A_kl` of two symmetric matrices (K, K).

    Of A, its upper triangle in Fortran's order.
    """
    total = 0.0
    for column in range(upper.shape[1]):
        twice = 0.0
        for row in range(column):
            twice += upper[row, column] * rho[column, row]
        total += 2 * twice + upper[column, column] * rho[column, column]
    return total
