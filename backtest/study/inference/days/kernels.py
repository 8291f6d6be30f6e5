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
def in_order(values: Array) -> tuple[Array, int]:  # pragma: no cover -- compiled
    """Places in which the finite values rise, and how many there are."""
    place, n = np.empty(len(values), dtype=np.int64), 0
    for j in range(len(values)):
        if np.isfinite(values[j]):
            at = n
            while at > 0 and values[place[at - 1]] > values[j]:
                place[at] = place[at - 1]
                at -= 1
            place[at] = j
            n += 1
    return place, n


@compiled
def n_below(ordered: Array, n: int, value: float) -> int:  # pragma: no cover -- compiled
    """How many of the first n values, which are in order, are below a value."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def add_ranks(
    ordered: Array, day: Array, n: int, later: Array, scores: Array, sums: Array
) -> float:  # pragma: no cover -- compiled
    """Add the centred ranks of n values in order, `day` theirs, and of the finite `later` ones.

    The days of `later` are the last of `sums`, (D,). Row m of `scores` are the centred ranks of m
    values. Gives the median of all.
    """
    start = len(sums) - len(later)
    place, n_later = in_order(later)
    before = np.empty(n_later, dtype=np.int64)  # of the n values, those below each later one
    tied = 0
    for a in range(1, n):
        tied += ordered[a] == ordered[a - 1]
    for b in range(n_later):
        value = later[place[b]]
        before[b] = n_below(ordered, n, value)
        tied += before[b] < n and ordered[before[b]] == value
        tied += b > 0 and later[place[b - 1]] == value
    if tied > 0:
        return tied_ranks(ordered, day, n, later, place, n_later, sums)
    score, a_first = scores[n + n_later], 0
    for b in range(n_later + 1):
        a_last = before[b] if b < n_later else n
        for a in range(a_first, a_last):
            sums[day[a]] += score[a + b]
        if b < n_later:
            sums[start + place[b]] += score[a_last + b]
        a_first = a_last
    n_all = n + n_later
    if n_all == 0:
        return np.nan
    twice = 0.0
    for at in ((n_all - 1) // 2, n_all // 2):
        b = 0
        while b < n_later and before[b] + b < at:
            b += 1
        own = b < n_later and before[b] + b == at
        twice += later[place[b]] if own else ordered[at - b]
    return twice / 2


@compiled
def tied_ranks(
    ordered: Array, day: Array, n: int, later: Array, place: Array, n_later: int, sums: Array
) -> float:  # pragma: no cover -- compiled
    """The same with midranks for ties, as `table.centred_ranks`: one merge.

    `place` are those in which the `n_later` finite ones of `later` rise.
    """
    start, n_all = len(sums) - len(later), n + n_later
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
        for j in range(b_first, b):
            sums[start + place[j]] += score
    return (low + high) / 2


@compiled
def add_signs(
    values: Array, middle: float, start: int, sums: Array
) -> None:  # pragma: no cover -- compiled
    """Add the signs of the finite values about a middle, to the days from `start` on."""
    for j in range(len(values)):
        if np.isfinite(values[j]):
            sums[start + j] += np.sign(values[j] - middle)


@compiled
def score(
    residual: Array, order: Array, sigma: Array, later: Array, standard: Array, event: Array,
    scores: Array, sums: Array, general: Array, place: Array, history: Array, positive: Array,
) -> None:  # fmt: skip  # pragma: no cover -- compiled
    """Add the ranks and signs of the days of each event.

    `order` (n, E) all but sorts the residuals, NaN last: neighbours that hardly differ may stand
    the other way round, and are turned here. `later` and `standard` (n, L) are the abnormal returns
    of the window and the same standardised, `event` (n,) the whole window. Row m of `scores` are
    the centred ranks of m values. Rows of `sums` (3, E + L): ranks, ranks of standardised days,
    signs. `general` (E + 1,) are those of the window ranked whole; `place`, `history` and
    `positive` (n,) are set.
    """
    n_days = residual.shape[1]
    ordered, scaled = np.empty(n_days), np.empty(n_days)
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
        middle = add_ranks(ordered, day, n, later[i], scores, sums[0])
        add_ranks(scaled, day, n, standard[i], scores, sums[1])
        add_signs(residual[i], middle, 0, sums[2])
        add_signs(later[i], middle, n_days, sums[2])
        add_ranks(scaled, day, n, event[i : i + 1], scores, general)
        below, level = n_below(scaled, n, event[i]), 0
        while below + level < n and scaled[below + level] == event[i]:
            level += 1
        place[i] = (1 + below + level / 2) / (n + 2) - 0.5
