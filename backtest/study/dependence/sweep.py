"""Many exact sums over pairs of events at once, in one pass down the sessions.

`sum_ij rho_ij l_i r_j g_i'g_j` is the sum over sessions of `L'rho R`, where the lines L and R are
what the events of each security have on that session, weighted by l and by r: in an estimation
window a constant and slopes on the regressors, in an event window a weight. Where all securities
have the same regressors, constants and slopes stay as they are from one session to the next but
where a window begins or ends. So `rho L` is kept, and changed by the few that do; all lines share
these changes, and rho is read once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backtest.study.place.panel import Panel
from backtest.study.running_sums import Floats, Ints

_SHARE = 0.5  # of the work of the other way, in which each sum multiplies all securities


@dataclass(frozen=True, eq=False)
class Sums:
    """S sums of products of M lines, over N events on a panel of K securities.

    In a line an event has `estimation` (N, M, 1 + r), a constant and slopes, on the estimable
    sessions `first` to `last` (N,), and `weight` (N, M) on the valid sessions `start` to `end`
    (N, M); all are rows of the panel, `column` (N,) is that of the security. `left` and `right`
    (S,) are the lines of each sum.
    """

    column: Ints
    first: Ints
    last: Ints
    estimation: Floats
    start: Ints
    end: Ints
    weight: Floats
    left: Ints
    right: Ints


def common_regressors(panel: Panel) -> Floats | None:
    """The regressors (T, r) if every security with a return has the same.

    None if not, or on several exchanges.
    """
    if panel.blocks is not None:
        return None
    rows = np.arange(len(panel.y))
    someone = panel.valid.argmax(axis=1)  # the first security with a return that session
    there = panel.valid[rows, someone]
    common: Floats = np.where(there[:, None], panel.x[rows, someone], 0.0)
    same = (panel.x == common[:, None]).all(axis=2) | ~panel.valid
    if bool(np.all(same)):
        return common
    return None


def is_less(panel: Panel, n_events: int, n_regressors: int, horizon: int) -> bool:
    """Whether the pass is less work than products of all securities, sum by sum.

    Changes and the pairs of securities with an event on a session are counted against pairs of
    securities times sessions, by their measured times.
    """
    n_rows, n_securities = panel.y.shape
    open_or_shut = int((panel.estimable[1:] != panel.estimable[:-1]).sum())
    changes = (2 * n_events + open_or_shut) * (1 + n_regressors)
    active = n_events * horizon / n_rows
    of_changes = 10 * changes / (n_rows * n_securities)
    of_pairs = 5 * (active / n_securities) ** 2
    return bool(of_changes + of_pairs < _SHARE)


def exact_sums(sums: Sums, panel: Panel, x: Floats, rho: np.ndarray) -> Floats:
    """`sum_ij rho_ij l_i r_j g_i'g_j` of each of the S sums, (S,), in double precision.

    `x` (T, r) are common.
    """
    estimation = _Estimation(sums, panel, rho)
    out: Floats = np.zeros(len(sums.left))
    for row, events in enumerate(_active(sums, len(panel.y))):
        estimation.move(row)
        at = np.concatenate([[1.0], x[row]])
        out += np.einsum("sab,a,b->s", estimation.product, at, at)
        there = events[panel.valid[row, sums.column[events]]]
        if len(there):
            out += _in_windows(sums, estimation, rho, row, there, at)
    return out


def _active(sums: Sums, n_rows: int) -> Iterator[Ints]:
    """For each session the events whose longest window it is in."""
    first, last = sums.start.min(axis=1), sums.end.max(axis=1)
    order = np.argsort(first, kind="stable")
    longest = int((last - first).max(initial=0))
    begins = first[order]
    for row in range(n_rows):
        low, high = np.searchsorted(begins, [row - longest, row + 1])
        near = order[low:high]
        yield near[last[near] >= row]


def _in_windows(
    sums: Sums, estimation: _Estimation, rho: np.ndarray, row: int, events: Ints, at: Floats
) -> Floats:
    """What event windows add on a session: with themselves, and twice with estimation windows."""
    inside = (sums.start[events] <= row) & (row <= sums.end[events])
    weight = np.where(inside, sums.weight[events], 0.0)
    column = sums.column[events]
    estimated = estimation.times_rho[column].reshape(*weight.shape, len(at))
    beside = estimated @ at
    pairs = rho[np.ix_(column, column)] @ weight
    left, right = sums.left, sums.right
    windows_left = weight[:, left] * (beside + pairs)[:, right]
    windows_right = beside[:, left] * weight[:, right]
    return np.asarray((windows_left + windows_right).sum(axis=0))


class _Estimation:
    """What estimation windows lay on the session reached.

    Lines L (K, M (1 + r)), rho L and the products L'rho L of the sums. `held` is what the open
    windows of a security add up to; `lines` is the same, and 0 where the session is not estimable.
    """

    def __init__(self, sums: Sums, panel: Panel, rho: np.ndarray) -> None:
        n_rows, n_securities = panel.y.shape
        shape = (n_securities, sums.estimation[0].size)
        self.rho, self.estimable = rho, panel.estimable
        self.held, self.lines = np.zeros(shape), np.zeros(shape)
        self.times_rho = np.zeros(shape)
        self.n_open = np.zeros(n_securities, dtype=np.int64)
        self.form = sums.estimation.shape[1:]
        terms = self.form[1]
        self.product = np.zeros((len(sums.left), terms, terms))
        self.left, self.right = sums.left, sums.right
        self.weights = sums.estimation.reshape(len(sums.column), -1)
        # Windows open at `first` and shut after `last`; both turns in the order of their rows.
        ends = np.clip(np.concatenate([sums.first, sums.last + 1]), 0, n_rows)
        self.order = np.argsort(ends, kind="stable")
        self.until = np.searchsorted(ends[self.order], np.arange(n_rows + 1))
        self.column = sums.column

    def move(self, row: int) -> None:
        """Go on to a session: take up and lay down what begins and ends there."""
        changed = self._changed(row)
        if not len(changed):
            return
        wanted = np.where(self.estimable[row, changed, None], self.held[changed], 0.0)
        step = wanted - self.lines[changed]
        self.lines[changed] = wanted
        before = self._shaped(self.times_rho[changed])
        self._add(changed, step)
        after = self._shaped(self.times_rho[changed])
        by = self._shaped(step)
        # (L + d)'rho (R + e) - L'rho R = d'rho (R + e) + (L'rho) e
        left, right = self.left, self.right
        self.product += np.einsum("ksa,ksb->sab", by[:, left], after[:, right])
        self.product += np.einsum("ksa,ksb->sab", before[:, left], by[:, right])

    def _changed(self, row: int) -> Ints:
        """Securities with a window that opens or shuts.

        Or one that is open while the session's use changes.
        """
        turns = self.order[self.until[row] : self.until[row + 1]]
        n = len(self.column)
        event, opens = turns % n, turns < n
        column = self.column[event]
        sign = np.where(opens, 1, -1)
        np.add.at(self.held, column, sign[:, None] * self.weights[event])
        np.add.at(self.n_open, column, sign)
        self.held[column[self.n_open[column] == 0]] = 0.0  # no rest of a sum that went back to zero
        if not row:
            return np.unique(column)
        turned = np.flatnonzero(self.estimable[row] != self.estimable[row - 1])
        turned = turned[self.n_open[turned] > 0]
        return np.unique(np.concatenate([column, turned]))

    def _add(self, changed: Ints, step: Floats) -> None:
        """`rho L` with the steps of some securities added."""
        from scipy.linalg.blas import dgemm

        # In place, and a security's values beside each other: BLAS has its columns so.
        rows = self.rho[changed].astype(np.float64)
        dgemm(1.0, step.T, rows.T, beta=1.0, c=self.times_rho.T, trans_b=1, overwrite_c=1)

    def _shaped(self, values: Floats) -> Floats:
        return values.reshape(len(values), *self.form)
