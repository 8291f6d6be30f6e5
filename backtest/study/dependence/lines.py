"""Compiled sums for events too many for a table of their days.

One pass, nothing of the size of events x days.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def whole_vectors(
    n_valid: Array, regressor_sum: Array, estimated: Array, n_obs: Array, centre: Array,
    spread_inverse: Array,
) -> Array:  # fmt: skip  # pragma: no cover -- compiled
    """What `g_i / |g_i|` of each event has on its sessions, (N, 2 + r).

    A weight on those of the event window; on those of the estimation window a constant and slopes
    on the regressors. The latter have mean `centre` (N, r) there, so that the squares of
    `level + tilt (x - centre)` add up to `level length + tilt away`.
    """
    n_regressors = centre.shape[1]
    out = np.zeros((len(n_valid), 2 + n_regressors))
    away = np.empty(n_regressors)
    for i in range(len(n_valid)):
        length = float(n_valid[i])
        squared = length
        if estimated[i]:
            level = length / max(float(n_obs[i]), 1.0)
            squared += level * length
            for r in range(n_regressors):
                away[r] = regressor_sum[i, r] - length * centre[i, r]
            for s in range(n_regressors):
                tilt = 0.0
                for r in range(n_regressors):
                    tilt += away[r] * spread_inverse[i, r, s]
                squared += tilt * away[s]
                level -= tilt * centre[i, s]
                out[i, 2 + s] = -tilt
            out[i, 1] = -level
        out[i, 0] = 1.0
        if squared > 0:
            for j in range(2 + n_regressors):
                out[i, j] /= np.sqrt(squared)
    return out


@compiled
def lay(
    order: Array, ends: Array, columns: Array, row: Array, offsets: tuple[int, int],
    start: Array, end: Array, vectors: Array, weights: Array,
    x: Array, estimable: Array, valid: Array, day: Array, n_days: int,
) -> Array:  # fmt: skip  # pragma: no cover -- compiled
    """What the events of each security lay on every date, by each of M weights, (K, M, D).

    Events `order[ends[k]]` to `order[ends[k + 1] - 1]` are those of security k, column `columns[k]`
    of the panel; `row` (N,) is that of their day 0, `offsets` the days from and to which they are
    estimated, `start` and `end` (N,) those of their windows. `weights` (N, M) times `vectors`
    (N, 2 + r) is what they lay, as `whole_vectors` has it. `x` (K, T, r or more), `estimable` and
    `valid` (K, T) hold a security's sessions side by side, `day` (T,) is the date of each.
    """
    n_rows, n_lines, n_terms = x.shape[1], weights.shape[1], vectors.shape[1]
    out = np.zeros((len(columns), n_lines, n_days), dtype=np.float32)
    opened = np.zeros(n_rows + 1, dtype=np.int64)
    steps = np.zeros((n_lines, n_terms, n_rows + 1))
    for k in range(len(columns)):
        column = columns[k]
        own = order[ends[k] : ends[k + 1]]
        # Side by side, for they lie far apart, and to fetch them one by one takes longer.
        of_row, of_start, of_end = row[own], start[own], end[own]
        vector, weight = vectors[own], weights[own]
        opened[:] = 0
        steps[:] = 0.0
        for i in range(len(own)):
            for part in range(2):
                if part == 0:
                    first, last, low, high = of_start[i], of_end[i], 0, 1
                else:
                    first, last, low, high = offsets[0], offsets[1], 1, n_terms
                begin, stop = max(of_row[i] + first, 0), min(of_row[i] + last + 1, n_rows)
                if stop <= begin:
                    continue
                opened[begin] += 1
                opened[stop] -= 1
                for m in range(n_lines):
                    for j in range(low, high):
                        laid = weight[i, m] * vector[i, j]
                        steps[m, j, begin] += laid
                        steps[m, j, stop] -= laid
        for t in range(1, n_rows):
            opened[t] += opened[t - 1]
        for m in range(n_lines):
            for j in range(n_terms):
                held = 0.0
                for t in range(n_rows):
                    # Nothing of a sum that went back to zero may stay: products of such rests are
                    # numbers too small for single precision, and many times slower.
                    held = held + steps[m, j, t] if opened[t] else 0.0
                    steps[m, j, t] = held
            in_window, estimated = steps[m, 0], steps[m, 1]
            for j in range(2, n_terms):
                for t in range(n_rows):
                    estimated[t] += steps[m, j, t] * x[column, t, j - 2]
            for t in range(n_rows):
                value = estimated[t] if estimable[column, t] else 0.0
                if valid[column, t]:
                    value += in_window[t]
                out[k, m, day[t]] += value
    return out
