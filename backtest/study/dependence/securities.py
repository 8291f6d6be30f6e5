"""Sums over pairs of events as sums over pairs of securities: linear in the events.

`sum_ij rho_ij w_i w_j g_i'g_j = sum_kl rho_kl G_k'G_l` with `G_k` the sum of `w_i g_i` over the
events of security k, a line on the calendar that is accumulated from its steps (docs/methods.md,
section 5). One thing differs from pair by pair: rho is taken between securities, over all estimable
sessions, not between the estimation windows of each pair of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.dependence.by_session import cells, forms
from backtest.study.dependence.lines import lay, upper_sum
from backtest.study.dependence.sweep import common_regressors
from backtest.study.measure.event_windows import EventWindow
from backtest.study.normal import NormalModel
from backtest.study.place.panel import Panel
from backtest.study.running_sums import Bools, Floats, Ints, whole_moments
from backtest.work.cached import cached_property
from backtest.work.threads import one_thread

_FEW = (
    0.2  # of the securities on an average session; beyond it all pairs of securities are multiplied
)
Singles = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, eq=False)
class SecurityCorrelation:
    """Residual correlation of K securities, `rho` (K, K), and the panel the lines are drawn on."""

    panel: Panel
    rho: Singles

    @cached_property
    def common_x(self) -> Floats | None:
        """The regressors (T, r) where all securities have the same, else None."""
        return common_regressors(self.panel)

    def among(self, columns: Ints) -> Singles:
        """The correlation of some of the securities, (k, k)."""
        return self.rho if len(columns) == len(self.rho) else self.rho[np.ix_(columns, columns)]


def security_residuals(panel: Panel, model: NormalModel) -> tuple[Singles, Bools]:
    """What the model leaves of each security's returns over all its estimable sessions.

    Less its mean, and where it is, (D, K). It is 0 where there is none. The slopes are the model's
    own: what a model of slope 1 leaves of the market, securities have in common.
    """
    moments = whole_moments(panel.y, panel.estimation_x, panel.estimable)
    slopes = model.fit(moments).slopes
    mean = np.einsum("nr,nr->n", slopes, moments.mean_x[:, : slopes.shape[1]])
    with np.errstate(invalid="ignore"):
        residual = panel.y - (moments.mean_y - mean) - np.einsum("tkr,kr->tk", panel.x, slopes)
    there = panel.estimable & np.isfinite(residual)
    return panel.fold(np.where(there, residual, 0.0).astype(np.float32)), panel.fold(there)


@one_thread()
def security_correlation(panel: Panel, model: NormalModel) -> SecurityCorrelation:
    """Correlation of what the model leaves of the securities over all their estimable sessions."""
    z, there = security_residuals(panel, model)
    if there.all():
        z /= np.sqrt((z**2).sum(axis=0))
        rho = z.T @ z
    else:
        rho = common_correlation((z, there), (z, there))
    np.fill_diagonal(rho, 1.0)
    return SecurityCorrelation(panel, rho)


def common_correlation(left: tuple[Singles, Bools], right: tuple[Singles, Bools]) -> Singles:
    """Correlation of two sets of residuals (T, K) and (T, L), (K, L).

    Over the sessions both have; 0 without any.
    """
    (z, there), (w, here) = left, right
    own = (z**2).T @ here.astype(np.float32)
    other = there.astype(np.float32).T @ w**2
    with np.errstate(invalid="ignore", divide="ignore"):
        rho: Singles = np.nan_to_num((z.T @ w) / np.sqrt(own * other))
    return rho


@one_thread()
def double_sum(lines: Singles, rho: Singles) -> float:
    """`sum_kl rho_kl G_k'G_l` for lines G, one a security (K, T), products taken date by date."""
    from scipy.linalg.blas import ssyrk

    return float(upper_sum(ssyrk(1.0, lines.T, trans=1, lower=0), rho))


@dataclass(frozen=True, eq=False)
class SecuritySums:
    """The double sums over the N events of one window; weights are (N,)."""

    window: EventWindow
    securities: SecurityCorrelation

    @cached_property
    def _columns(self) -> tuple[Ints, Ints]:
        """Columns of the securities that have an event, and which of them is each event's."""
        columns, place = np.unique(self.window.abnormal.events.column, return_inverse=True)
        return columns, place.astype(np.int64)

    @cached_property
    def rho(self) -> Singles:
        """The correlation of those securities: a group of one ticker draws one line."""
        return self.securities.among(self._columns[0])

    def exact(self, weights: Floats) -> float:
        """`sum_ij C_ij w_i w_j`, C the exact correlation of the CARs."""
        return self._sum(self._exact_lines(weights))

    def lines(self, weights: Floats) -> tuple[Ints, Singles]:
        """`sum_i w_i g_i / |g_i|` of the events of each security, (D, K).

        And the panel's columns of those.
        """
        return self._columns[0], self.securities.panel.fold(self._exact_lines(weights).T)

    def _exact_lines(self, weights: Floats) -> Singles:
        estimation, weight = self.exact_weights(weights)
        return self._laid(estimation[:, 0], estimation[:, 1:], weight)

    def exact_weights(self, weights: Floats) -> tuple[Floats, Floats]:
        """What `w_i g_i / |g_i|` has on sessions of each event's windows.

        In the estimation window a constant and slopes on the regressors (N, 1 + r), in the event
        window a weight (N,).
        """
        fit = self.window.abnormal.fit
        level, tilt, length = self._estimation
        w = weights / length
        at_zero = np.where(fit.estimated, level - (tilt * fit.centre).sum(axis=1), 0.0)
        return -w[:, None] * np.column_stack([at_zero, tilt]), w

    def overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`, o the share of sessions two windows have in common."""
        return float(self.of_days(weights / np.sqrt(self.window.n_valid)).sum())

    def _sum(self, lines: Singles) -> float:
        panel = self.securities.panel
        return double_sum(lines if panel.blocks is None else panel.fold(lines.T).T, self.rho)

    @cached_property
    def _ordered(self) -> tuple[Ints, Ints]:
        """The events security by security, and where those of each security end, (K + 1,)."""
        columns, place = self._columns
        order = np.argsort(place, kind="stable")
        return order, np.searchsorted(place[order], np.arange(len(columns) + 1))

    def _laid(self, level: Floats, tilt: Floats, weight: Floats) -> Singles:
        """The lines of the securities, (K, T): of the estimation sessions and of the window."""
        abnormal, window = self.window.abnormal, self.window
        order, ends = self._ordered
        row, estimation = abnormal.events.row[order], abnormal.estimation
        laid: Singles = lay(
            ends, row + estimation.start, row + estimation.end, level[order], tilt[order],
            row + window.start[order], row + window.end[order], weight[order],
            *self.securities.panel.by_security[1:], self._columns[0],
        )  # fmt: skip
        return laid

    @cached_property
    def _estimation(self) -> tuple[Floats, Floats, Floats]:
        """The estimation sessions' weights, and the length of each event's whole vector, (N,)."""
        level, tilt, squared = _estimation_weights(self.window)
        return level, tilt, np.sqrt(self.window.n_valid + squared)

    def residual(self) -> float:
        """`sum_ij rho_ij`."""
        count = np.bincount(self._columns[1]).astype(np.float64)
        return float(count @ self.rho @ count)

    @one_thread()
    def of_days(self, weights: Floats) -> Floats:
        """`sum_ij rho_ij w_i w_j` over the events with each session in their window, (D,)."""
        panel, n = self.securities.panel, len(weights)
        if self.window.n_valid.sum() < _FEW * len(panel.dates) * len(self.rho):
            return self._of_few(weights)
        lines = panel.fold(self._laid(np.zeros(n), np.zeros((n, 0)), weights).T)
        return np.asarray(np.einsum("tk,tk->t", lines @ self.rho, lines, dtype=np.float64))

    def _of_few(self, weights: Floats) -> Floats:
        """The same where on most sessions few of the securities have an event in its window."""
        panel, window = self.securities.panel, self.window
        order, ends = self._ordered
        row = window.abnormal.events.row[order]
        found: Floats = forms(
            *cells(
                ends, row + window.start[order], row + window.end[order], weights[order],
                panel.by_security[3], self._columns[0], panel.day(np.arange(len(panel.y))),
                len(panel.dates),
            ),
            self.rho,
        )  # fmt: skip
        return found


def _estimation_weights(window: EventWindow) -> tuple[Floats, Floats, Floats]:
    """What every estimation session takes from a CAR.

    A level (N,), a tilt (N, r) on `x - centre`, and the sum of the squares of `level + tilt (x -
    centre)` over the sessions used, (N,): their mean x is the centre.
    """
    fit, length = window.abnormal.fit, window.n_valid.astype(np.float64)
    estimated = fit.estimated
    away = window.regressor_sum - length[:, None] * fit.centre
    tilt = np.where(estimated[:, None], np.einsum("nr,nrs->ns", away, fit.spread_inverse), 0.0)
    level = np.where(estimated, length / np.maximum(fit.n_obs, 1), 0.0)
    squared = np.where(estimated, level * length + (tilt * away).sum(axis=1), 0.0)
    return level, tilt, squared
