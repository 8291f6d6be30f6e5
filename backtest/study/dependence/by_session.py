"""Sums over pairs of events that have a session in common, session by session: compiled.

Windows are short beside the calendar: on one session a few securities have an event in its window,
so that their pairs are far fewer than all pairs of securities.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backtest.work.compiled import compiled

Array = np.ndarray[Any, np.dtype[Any]]


@compiled
def cells(
    ends: Array, begin: Array, end: Array, weight: Array, valid: Array, columns: Array,
    day: Array, n_days: int,
) -> tuple[Array, Array, Array]:  # fmt: skip  # pragma: no cover -- compiled
    """Securities with a window on each date and the weights they have there, added up.

    Events `ends[k]` to `ends[k + 1]` are those of security k, `columns[k]` of `valid` (K, T):
    `weight` on the valid rows of `begin` to `end`, `day` (T,) the date of a row. Securities and
    weights of date d are `first[d]` to `first[d + 1]` of what is returned: first, security, weight.
    """
    n_rows = valid.shape[1]
    count = np.zeros(n_days + 1, dtype=np.int64)
    for k in range(len(columns)):
        for i in range(ends[k], ends[k + 1]):
            for t in range(max(begin[i], 0), min(end[i] + 1, n_rows)):
                if valid[columns[k], t]:
                    count[day[t] + 1] += 1
    first = np.cumsum(count)
    size = np.zeros(n_days, dtype=np.int64)
    security = np.empty(first[-1], dtype=np.int32)
    total = np.empty(first[-1])
    for k in range(len(columns)):
        for i in range(ends[k], ends[k + 1]):
            for t in range(max(begin[i], 0), min(end[i] + 1, n_rows)):
                if valid[columns[k], t]:
                    at = first[day[t]] + size[day[t]]
                    if size[day[t]] > 0 and security[at - 1] == k:
                        total[at - 1] += weight[i]
                    else:
                        security[at] = k
                        total[at] = weight[i]
                        size[day[t]] += 1
    return np.vstack((first[:-1], first[:-1] + size)), security, total


@compiled
def forms(
    spans: Array, security: Array, weight: Array, rho: Array
) -> Array:  # pragma: no cover -- compiled
    """`sum_kl rho_kl w_k w_l` over the securities of each date, (D,), from `cells`."""
    out = np.zeros(spans.shape[1])
    for d in range(len(out)):
        for a in range(spans[0, d], spans[1, d]):
            row, twice = security[a], 0.0
            for b in range(spans[0, d], a):
                twice += weight[b] * rho[row, security[b]]
            out[d] += weight[a] * (2.0 * twice + weight[a] * rho[row, row])
    return out


@compiled
def among(
    ends: Array, security: Array, times: Array, rho: Array
) -> tuple[float, float]:  # pragma: no cover -- compiled
    """Sum and largest of `rho_kl n_k n_l` over pairs of securities of one group, each once.

    Securities `ends[g]` to `ends[g + 1]` are those of group g, `times` how often each is in it; the
    largest is of `rho_kl` itself, -1 where no group has a pair.
    """
    total, largest = 0.0, -1.0
    for g in range(len(ends) - 1):
        for a in range(ends[g], ends[g + 1]):
            row, beside = security[a], 0.0
            for b in range(ends[g], a):
                value = float(rho[row, security[b]])
                beside += times[b] * value
                largest = max(largest, value)
            total += times[a] * beside
    return total, largest
