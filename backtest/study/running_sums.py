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
        self.centre, z = _centred(y, x, usable)
        z = [np.ascontiguousarray(one.T) for one in z]
        self.count = running_lines(usable.T, np.int64)
        self.sums = [running_lines(one, np.float64) for one in z]
        pairs = zip(*np.triu_indices(len(z)), strict=True)
        self.products = [running_lines(z[a] * z[b], np.float64) for a, b in pairs]

    def over(self, first: Ints, last: Ints, column: Ints) -> RunningMoments:
        """Moments of each event's window.

        Rows `first` to `last` (included) of its security's column.
        """
        spans = Spans(self.count.shape, first, last, column)
        sums = np.stack([spans.sums(running) for running in self.sums], axis=1)
        products = [spans.sums(running) for running in self.products]
        n = spans.sums(self.count).astype(np.float64)
        return _moments(n, sums, products, self.centre[column])


def whole_moments(y: Floats, x: Floats, usable: Bools) -> RunningMoments:
    """Moments over all usable sessions of each security, (K,).

    Those of `RunningSums`, without its panels.
    """
    centre, z = _centred(y, x, usable)
    n = usable.sum(axis=0).astype(np.float64)
    sums = np.stack([_total(one) for one in z], axis=1)
    pairs = zip(*np.triu_indices(len(z)), strict=True)
    products = [_total(z[a] * z[b]) for a, b in pairs]
    return _moments(n, sums, products, centre)


def _centred(y: Floats, x: Floats, usable: Bools) -> tuple[Floats, list[Floats]]:
    """Means of y and the regressors, (K, 1 + r), and each less its mean, (T, K).

    0 where it does not count.
    """
    counts = np.maximum(usable.sum(axis=0), 1)
    z = [np.where(usable, one, 0.0) for one in (y, *np.moveaxis(x, 2, 0))]
    centre = np.stack([one.sum(axis=0) / counts for one in z], axis=1)
    for at, one in enumerate(z):
        one -= centre[:, at]
        one[~usable] = 0.0
    return centre, z


def _moments(n: Floats, sums: Floats, products: list[Floats], centre: Floats) -> RunningMoments:
    """Moments from sums (N, 1 + r) about `centre` and sums of products.

    The products are the upper triangle row by row.
    """
    size = sums.shape[1]
    safe = np.maximum(n, 1.0)
    about = np.empty((len(n), size, size))
    for a, b, product in zip(*np.triu_indices(size), products, strict=True):
        about[:, a, b] = about[:, b, a] = product - sums[:, a] * sums[:, b] / safe
    means = sums / safe[:, None] + centre
    means[n == 0] = np.nan
    return RunningMoments(
        n=n.astype(np.int64),
        mean_y=means[:, 0],
        mean_x=means[:, 1:],
        syy=about[:, 0, 0],
        sxy=about[:, 0, 1:],
        sxx=about[:, 1:, 1:],
    )


def running_lines(lines: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """Cumulative sums along the sessions of each security's line (K, T), (K, T + 1).

    They start from a zero. The sums of one security lie side by side: the many windows of one
    security read neighbours.
    """
    out = np.zeros((len(lines), lines.shape[1] + 1), dtype=kind)
    np.cumsum(lines, axis=1, out=out[:, 1:])
    return out


def running_sums(values: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """Cumulative sums down the sessions as numbers of a kind, (T + 1, K).

    They start from a row of zeros.

    >>> running_sums(np.array([[True], [False], [True]]), np.int64).ravel().tolist()
    [0, 1, 1, 2]
    """
    out = np.zeros((len(values) + 1, values.shape[1]), dtype=kind)
    out[1:] = values
    accumulate(out)
    return out


def between(running: NDArray[Any], first: Ints, last: Ints, column: Ints) -> NDArray[Any]:
    """Sums over sessions `first` to `last` (included) of lines `column`.

    The lines are those of `running_lines`; 0 of an empty span.

    >>> lines = running_lines(np.ones((1, 5)), np.float64)
    >>> between(lines, np.array([1]), np.array([3]), np.array([0]))
    array([3.])
    """
    return Spans(running.shape, first, last, column).sums(running)


class Spans:
    """Sessions `first` to `last` (included) of lines `column`, of which many sums are asked.

    Where they begin and end in running lines of a shape is found once.
    """

    def __init__(self, shape: tuple[int, ...], first: Ints, last: Ints, column: Ints) -> None:
        end = shape[1] - 1
        low = np.clip(first, 0, end)
        high = np.maximum(np.clip(last + 1, 0, end), low)
        line = column * shape[1]
        self._low, self._high = line + low, line + high

    def sums(self, running: NDArray[Any]) -> NDArray[Any]:
        """Sums over the sessions, from `running_lines` of the shape; 0 of an empty span."""
        values = running.ravel()
        return np.asarray(values[self._high] - values[self._low])


def accumulate(lines: NDArray[Any]) -> None:
    """Running sums down the rows, in place, the same by either way.

    Row by row is many times faster than `np.cumsum` down a wide table, and slower down a narrow
    one.
    """
    if lines.shape[1] < _WIDE:
        np.cumsum(lines, axis=0, out=lines)
        return
    for row in range(1, len(lines)):
        lines[row] += lines[row - 1]


def _total(values: Floats) -> Floats:
    """Sums down the rows, row after row: the last line of `running_sums` to the last bit, (K,)."""
    out: Floats = np.zeros(values.shape[1])
    for row in values:
        out += row
    return out
