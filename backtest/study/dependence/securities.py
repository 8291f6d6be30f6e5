"""Sums over pairs of events as sums over pairs of securities: linear in the events.

`sum_ij rho_ij w_i w_j g_i'g_j = sum_kl rho_kl G_k'G_l` with `G_k` the sum of `w_i g_i` over the
events of security k, a line on the calendar that is accumulated from its steps (FORMULAS section
4). One thing differs from pair by pair: rho is taken between securities, over all their estimable
sessions, not between the estimation windows of each pair of events.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backtest.study.measure.running_sums import Floats, Ints, RunningSums
from backtest.study.measure.window_sums import accumulate
from backtest.study.normal.linear import least_squares
from backtest.study.place.event_windows import EventWindow
from backtest.study.place.panel import Panel

Singles = np.ndarray[tuple[int, int], np.dtype[np.float32]]
_CHUNK = 5_000  # events whose estimation windows are laid out at once: 10 MB a regressor


@dataclass(frozen=True, eq=False)
class SecurityCorrelation:
    """Residual correlation of K securities, `rho` (K, K), and the panel the lines are drawn on."""

    panel: Panel
    rho: Singles

    def of(self, columns: Ints) -> SecurityCorrelation:
        """The same for some of the securities."""
        if len(columns) == len(self.rho):
            return self
        parts = {
            name: value if name == "sessions" else value[:, columns]
            for name, value in vars(self.panel).items()
        }
        return SecurityCorrelation(Panel(**parts), self.rho[np.ix_(columns, columns)])

    def double_sum(self, lines: Floats) -> float:
        """`sum_kl rho_kl G_k'G_l` for lines G of shape (T, K)."""
        from scipy.linalg.blas import ssyrk

        scale = float(np.abs(lines).max()) or 1.0
        upper = ssyrk(1.0, (lines / scale).astype(np.float32).T, lower=0)
        products = upper * self.rho
        return scale**2 * float(
            2 * products.sum(dtype=np.float64) - np.trace(products, dtype=np.float64)
        )

    def of_days(self, lines: Floats) -> Floats:
        """`sum_kl rho_kl G_kd G_ld` of every session d, (T,), for lines G of shape (T, K)."""
        small = lines.astype(np.float32)
        return np.asarray(np.einsum("tk,tk->t", small @ self.rho, small, dtype=np.float64))

    def line(self, weights: Floats, first: Ints, last: Ints, column: Ints) -> Floats:
        """Weights laid on rows `first` to `last` of each event's security, added up: (T, K)."""
        n_rows, n_securities = self.panel.y.shape
        low, high = np.clip(first, 0, n_rows), np.clip(last + 1, 0, n_rows)
        size = (n_rows + 1) * n_securities
        start = np.bincount(low * n_securities + column, weights, size)
        stop = np.bincount(high * n_securities + column, weights, size)
        lines: Floats = np.asarray(start - stop, dtype=np.float64).reshape(-1, n_securities)
        accumulate(lines)
        return lines[:-1]


def security_correlation(panel: Panel) -> SecurityCorrelation:
    """Correlation of residuals of one regression a security over all its estimable sessions."""
    n_rows, n_securities = panel.y.shape
    whole = np.zeros(n_securities, dtype=np.int64)
    sums = RunningSums(panel.y, panel.x, panel.estimable)
    fit = least_squares(sums.over(whole, whole + n_rows - 1, np.arange(n_securities)))
    with np.errstate(invalid="ignore"):
        residual = panel.y - fit.intercept - np.einsum("tkr,kr->tk", panel.x, fit.slopes)
    there = panel.estimable & np.isfinite(residual)
    z = np.where(there, residual, 0.0).astype(np.float32)
    if there.all():
        z /= np.sqrt((z**2).sum(axis=0))
        rho = z.T @ z
    else:
        shared = (z**2).T @ there.astype(np.float32)
        with np.errstate(invalid="ignore", divide="ignore"):
            rho = np.nan_to_num((z.T @ z) / np.sqrt(shared * shared.T))
    np.fill_diagonal(rho, 1.0)
    return SecurityCorrelation(panel, rho)


@dataclass(frozen=True, eq=False)
class SecuritySums:
    """The double sums over the N events of one window; weights are (N,)."""

    window: EventWindow
    among: SecurityCorrelation

    @cached_property
    def _securities(self) -> tuple[Ints, Ints]:
        """Columns of the securities that have an event, and which of them is each event's."""
        columns, place = np.unique(self.window.abnormal.events.column, return_inverse=True)
        return columns, place.astype(np.int64)

    @cached_property
    def between(self) -> SecurityCorrelation:
        """The correlation of those securities: a group of one ticker draws one line."""
        return self.among.of(self._securities[0])

    def exact(self, weights: Floats) -> float:
        """`sum_ij C_ij w_i w_j`, C the exact correlation of the CARs."""
        abnormal, panel = self.window.abnormal, self.between.panel
        fit, days = abnormal.fit, self.window.n_valid.astype(np.float64)
        level, tilt = _estimation_weights(self.window)
        w = weights / np.sqrt(days + _estimation_squares(self.window, level, tilt))
        first = abnormal.events.row + abnormal.estimation.start
        last = abnormal.events.row + abnormal.estimation.end
        at_zero = level - (tilt * fit.centre).sum(axis=1)
        lines = self._line(-w * np.where(fit.estimated, at_zero, 0.0), first, last)
        for r in range(tilt.shape[1]):
            x = np.where(panel.estimable, panel.x[..., r], 0.0)
            lines += self._line(-w * tilt[:, r], first, last) * x
        lines *= panel.estimable
        return self.between.double_sum(lines + self._of_window(w))

    def overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`, o the share of sessions two windows have in common."""
        return self.between.double_sum(self._of_window(weights / np.sqrt(self.window.n_valid)))

    def residual(self) -> float:
        """`sum_ij rho_ij`."""
        count = np.bincount(self._securities[1]).astype(np.float64)
        return float(count @ self.between.rho @ count)

    def of_days(self, weights: Floats) -> Floats:
        """`sum_ij rho_ij w_i w_j` over the events with each session in their window, (T,)."""
        return self.between.of_days(self._of_window(weights))

    def _of_window(self, weights: Floats) -> Floats:
        row = self.window.abnormal.events.row
        lines = self._line(weights, row + self.window.start, row + self.window.end)
        return lines * self.between.panel.valid

    def _line(self, weights: Floats, first: Ints, last: Ints) -> Floats:
        return self.between.line(weights, first, last, self._securities[1])


def _estimation_weights(window: EventWindow) -> tuple[Floats, Floats]:
    """What every estimation session takes from a CAR: a level (N,), and a tilt (N, r) on `x - centre`."""
    fit, length = window.abnormal.fit, window.n_valid.astype(np.float64)
    estimated = fit.estimated
    away = window.regressor_sum - length[:, None] * fit.centre
    tilt = np.where(estimated[:, None], np.einsum("nr,nrs->ns", away, fit.spread_inverse), 0.0)
    return np.where(estimated, length / np.maximum(fit.n_obs, 1), 0.0), tilt


def _estimation_squares(window: EventWindow, level: Floats, tilt: Floats) -> Floats:
    """Sum of the squares of those weights over the sessions used, (N,), a chunk of events at once."""
    abnormal = window.abnormal
    out = np.empty(len(level))
    for begin in range(0, len(out), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        rows, column = abnormal.estimation_rows[part], abnormal.events.column[part, None]
        x = abnormal.panel.x[np.maximum(rows, 0), column] - abnormal.fit.centre[part, None]
        weight = level[part, None] + np.einsum("ndr,nr->nd", x, tilt[part])
        out[part] = (np.where(np.isfinite(abnormal.residuals[part]), weight, 0.0) ** 2).sum(axis=1)
    return out
