"""Compiled passes over the days of events, one event after the other.

Nothing of all of them is held.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def residuals(
    first: Array, n_days: int, column: Array, intercept: Array, slopes: Array,
    y: Array, x: Array, estimable: Array,
) -> Array:  # fmt: skip  # pragma: no cover -- compiled
    """Estimation residuals of the sessions from `first` on, (n, E), NaN where one is not used.

    `y`, `estimable` (K, T) and `x` (K, T, r or more) hold a security's sessions side by side.
    """
    out = np.full((len(first), n_days), np.nan)
    for i in range(len(first)):
        k = column[i]
        for d in range(n_days):
            t = first[i] + d
            if 0 <= t < y.shape[1] and estimable[k, t]:
                slope_part = 0.0
                for r in range(slopes.shape[1]):
                    slope_part += x[k, t, r] * slopes[i, r]
                out[i, d] = y[k, t] - (intercept[i] + slope_part)
    return out


@compiled
def shift(
    residual: Array, first: Array, column: Array, x: Array, length: int, sigma: Array,
    n_obs: Array, estimated: Array, centre: Array, spread_inverse: Array,
    sums: Array, counts: Array, squares: Array,
) -> None:  # fmt: skip  # pragma: no cover -- compiled
    """Add the standardised sums of `length` neighbouring residuals of each event, by first day.

    `sums`, `counts` and `squares` (E - length + 1,) are added to; see `measure.shifted`.
    """
    n_days, n_regressors = residual.shape[1], centre.shape[1]
    total = np.zeros((n_days + 1, n_regressors + 2))
    away = np.zeros(n_regressors)
    for i in range(len(residual)):
        for d in range(n_days):
            total[d + 1] = total[d]
            if np.isfinite(residual[i, d]):
                total[d + 1, 0] += 1.0
                total[d + 1, 1] += residual[i, d]
                for r in range(n_regressors):
                    total[d + 1, r + 2] += x[column[i], first[i] + d, r]
        for d in range(n_days - length + 1):
            if total[d + length, 0] - total[d, 0] != length:
                continue
            for r in range(n_regressors):
                away[r] = total[d + length, r + 2] - total[d, r + 2] - length * centre[i, r]
            error = 0.0
            if estimated[i]:
                error = length * length / max(n_obs[i], 1)
                for r in range(n_regressors):
                    for s in range(n_regressors):
                        error += away[r] * spread_inverse[i, r, s] * away[s]
            left = length - error  # the residuals' own estimation error is in them
            if left > 0 and sigma[i] > 0:
                value = (total[d + length, 1] - total[d, 1]) / (sigma[i] * np.sqrt(left))
                sums[d] += value
                squares[d] += value * value
                counts[d] += 1


@compiled
def merged_ranks(
    ordered: Array, day: Array, n: int, later: Array, sums: Array, counts: Array
) -> float:  # pragma: no cover -- compiled
    """Add the centred ranks of n values in order, `day` theirs, and of the finite `later` ones.

    Midranks for ties, as `ranks.centred_ranks`. The days of `later` are the last of `sums`, (D,).
    Gives the median of all.
    """
    start, n_later = len(sums) - len(later), 0
    place = np.empty(len(later), dtype=np.int64)
    for j in range(len(later)):
        if np.isfinite(later[j]):
            at = n_later
            while at > 0 and later[place[at - 1]] > later[j]:
                place[at] = place[at - 1]
                at -= 1
            place[at] = j
            n_later += 1
    n_all = n + n_later
    low_at, high_at, low, high = (n_all - 1) // 2, n_all // 2, np.nan, np.nan
    a = b = 0
    while a + b < n_all:
        value = later[place[b]] if a == n else ordered[a]
        if b < n_later and later[place[b]] < value:
            value = later[place[b]]
        first, a_first, b_first = a + b, a, b
        while a < n and ordered[a] == value:
            a += 1
        while b < n_later and later[place[b]] == value:
            b += 1
        if first <= low_at < a + b:
            low = value
        if first <= high_at < a + b:
            high = value
        score = (first + 1 + a + b) / 2 / (n_all + 1) - 0.5
        for j in range(a_first, a):
            sums[day[j]] += score
            counts[day[j]] += 1
        for j in range(b_first, b):
            sums[start + place[j]] += score
            counts[start + place[j]] += 1
    return (low + high) / 2


@compiled
def add_signs(
    values: Array, middle: float, start: int, sums: Array, counts: Array
) -> None:  # pragma: no cover -- compiled
    """Add the signs of the finite values about a middle, to the days from `start` on."""
    for j in range(len(values)):
        if np.isfinite(values[j]):
            sums[start + j] += np.sign(values[j] - middle)
            counts[start + j] += 1


@compiled
def score(
    residual: Array, order: Array, sigma: Array, later: Array, standard: Array, event: Array,
    sums: Array, counts: Array, general_sums: Array, general_counts: Array,
    place: Array, history: Array, positive: Array,
) -> None:  # fmt: skip  # pragma: no cover -- compiled
    """Add the ranks and signs of the days of each event.

    `order` (n, E) all but sorts the residuals, NaN last: neighbours that hardly differ may stand
    the other way round, and are turned here. `later` and `standard` (n, L) are the abnormal returns
    of the window and the same standardised, `event` (n,) the whole window. Rows of `sums` and
    `counts` (3, E + L): ranks, ranks of standardised days, signs. `general_sums` (E + 1,) are those
    of the window ranked whole; `place`, `history` and `positive` (n,) are set.
    """
    n_days = residual.shape[1]
    ordered, scaled, whole = np.empty(n_days), np.empty(n_days), np.empty(1)
    day = np.empty(n_days, dtype=np.int64)
    for i in range(len(residual)):
        n = above = 0
        while n < n_days and np.isfinite(residual[i, order[i, n]]):
            value, at = residual[i, order[i, n]], n
            while at > 0 and ordered[at - 1] > value:
                ordered[at], day[at] = ordered[at - 1], day[at - 1]
                at -= 1
            ordered[at], day[at] = value, order[i, n]
            above += value > 0
            n += 1
        for j in range(n):
            scaled[j] = ordered[j] / sigma[i]
        history[i], positive[i] = n, above
        middle = merged_ranks(ordered, day, n, later[i], sums[0], counts[0])
        merged_ranks(scaled, day, n, standard[i], sums[1], counts[1])
        add_signs(residual[i], middle, 0, sums[2], counts[2])
        add_signs(later[i], middle, n_days, sums[2], counts[2])
        whole[0] = event[i]
        merged_ranks(scaled, day, n, whole, general_sums, general_counts)
        below = level = 0
        for j in range(n):
            below += scaled[j] < event[i]
            level += scaled[j] == event[i]
        place[i] = (1 + below + level / 2) / (n + 2) - 0.5
