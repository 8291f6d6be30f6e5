"""Sums over any stretch of sessions, at a cost that does not depend on its length.

Running sums over the panel are taken once; the moments of one event's estimation window are then a
difference of two of their rows. Values are centred on each security's own mean first, so that the
differences lose no precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_WIDE = 400  # columns


@dataclass(frozen=True)
class RunningMoments:
    """Centred moments of y and its r regressors over each event's estimation window.

    `n` (N,), `mean_y` (N,), `mean_x` (N, r); `syy` (N,), `sxy` (N, r) and `sxx` (N, r, r) are sums
    of squares and products about the means.
    """

    n: Ints
    mean_y: Floats
    mean_x: Floats
    syy: Floats
    sxy: Floats
    sxx: Floats

    def first(self, count: int) -> RunningMoments:
        """The moments with the first `count` regressors alone."""
        return RunningMoments(
            self.n,
            self.mean_y,
            self.mean_x[:, :count],
            self.syy,
            self.sxy[:, :count],
            self.sxx[:, :count, :count],
        )


class RunningSums:
    """Running sums of returns, regressors and their products down a panel of sessions.

    `y` is (T, K), `x` is (T, K, r), `usable` (T, K) says which sessions of which security count.
    """

    def __init__(self, y: Floats, x: Floats, usable: Bools) -> None:
        z = np.concatenate([y[..., None], x], axis=2)
        z = np.where(usable[..., None], z, 0.0)
        counts = np.maximum(usable.sum(axis=0), 1)
        self.centre = z.sum(axis=0) / counts[:, None]
        z = np.where(usable[..., None], z - self.centre, 0.0)
        size = z.shape[2]
        self.upper = np.triu_indices(size)
        self.size = size
        self.count = running_sums(usable, np.int64)
        self.sums = [running_sums(z[..., a], np.float64) for a in range(size)]
        self.products = [
            running_sums(z[..., a] * z[..., b], np.float64)
            for a, b in zip(*self.upper, strict=True)
        ]

    def over(self, first: Ints, last: Ints, column: Ints) -> RunningMoments:
        """Moments of each event's window: rows `first` to `last` (included) of its security's column."""
        rows = len(self.count) - 1
        low, high = np.clip(first, 0, rows), np.clip(last + 1, 0, rows)
        high = np.maximum(low, high)

        def difference(running: Floats | Ints) -> Floats:
            return np.asarray(running[high, column] - running[low, column], dtype=np.float64)

        n = difference(self.count)
        safe = np.maximum(n, 1.0)
        sums = np.stack([difference(s) for s in self.sums], axis=1)
        products = np.empty((len(n), self.size, self.size))
        for a, b, running in zip(*self.upper, self.products, strict=True):
            centred = difference(running) - sums[:, a] * sums[:, b] / safe
            products[:, a, b] = products[:, b, a] = centred
        means = sums / safe[:, None] + self.centre[column]
        means[n == 0] = np.nan
        return RunningMoments(
            n=n.astype(np.int64),
            mean_y=means[:, 0],
            mean_x=means[:, 1:],
            syy=products[:, 0, 0],
            sxy=products[:, 0, 1:],
            sxx=products[:, 1:, 1:],
        )


def running_sums(values: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """Cumulative sums down the sessions as numbers of a kind, starting from a row of zeros, (T + 1, K).

    >>> running_sums(np.array([[True], [False], [True]]), np.int64).ravel().tolist()
    [0, 1, 1, 2]
    """
    out = np.zeros((len(values) + 1, values.shape[1]), dtype=kind)
    out[1:] = values
    accumulate(out)
    return out


def accumulate(lines: NDArray[Any]) -> None:
    """Running sums down the rows, in place, the same by either way.

    Row by row is many times faster than `np.cumsum` down a wide table, and slower down a narrow one.
    """
    if lines.shape[1] < _WIDE:
        np.cumsum(lines, axis=0, out=lines)
        return
    for row in range(1, len(lines)):
        lines[row] += lines[row - 1]
