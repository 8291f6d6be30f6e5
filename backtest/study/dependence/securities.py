"""Sums over pairs of events as sums over pairs of securities: linear in the events.

`sum_ij rho_ij w_i w_j g_i'g_j = sum_kl rho_kl G_k'G_l` with `G_k` the sum of `w_i g_i` over the
events of security k, a line on the calendar that is accumulated from its steps (docs/methods.md,
section 5). One thing differs from pair by pair: rho is taken between securities, over all estimable
sessions, not between the estimation windows of each pair of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from backtest.study.dependence.by_session import cells, forms
from backtest.study.dependence.lines import lay, whole_vectors
from backtest.study.dependence.sweep import common_regressors
from backtest.study.measure.event_windows import EventWindow
from backtest.study.normal import NormalModel
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import Panel
from backtest.study.running_sums import Bools, Floats, Ints, whole_moments
from backtest.work.cached import cached_property
from backtest.work.passing import once
from backtest.work.threads import one_thread

_FEW = (
    0.2  # of the securities on an average session; beyond it all pairs of securities are multiplied
)
_BLOCK = 256  # securities whose lines are multiplied at once: 8 MB
Singles = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Pair = tuple[Floats, Floats]


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


def halves(rho: Singles, lines: Singles) -> Iterator[tuple[Singles, Singles]]:
    """Some lines (K, M, D) after others, and `H` times all of them, where `rho = H + H'`.

    H is lower triangular, by blocks, so that it takes half the products that rho does.
    """
    n_securities = len(lines)
    flat = lines.reshape(n_securities, -1)
    for begin in range(0, n_securities, _BLOCK):
        end = min(begin + _BLOCK, n_securities)
        half = rho[begin:end, :end].copy()
        half[:, begin:] /= 2
        yield lines[begin:end], (half @ flat[:end]).reshape(end - begin, *lines.shape[1:])


@one_thread()
def double_sums(lines: Singles, rho: Singles, pairs: Sequence[tuple[int, int]]) -> list[float]:
    """`sum_kl rho_kl L_k'R_l` of pairs of the M lines of each security, (K, M, D).

    Added up in double precision.
    """
    sums = np.zeros(len(pairs))
    for own, half in halves(rho, lines):
        for at, (left, right) in enumerate(pairs):
            for one, other in ((left, right), (right, left)):
                sums[at] += np.einsum("kd,kd->", half[:, one], own[:, other], dtype=np.float64)
    return sums.tolist()


@dataclass(frozen=True, eq=False)
class SecuritySums:
    """The double sums over the N events of one window; weights are (N,)."""

    window: EventWindow
    securities: SecurityCorrelation

    @property
    def _ordered(self) -> tuple[Ints, Ints, Ints]:
        """The events security by security, where those of each end (K + 1,), and its column."""
        return once(self.window.abnormal.events, "_by_security", by_security)

    @cached_property
    def rho(self) -> Singles:
        """The correlation of the securities with an event: a group of one ticker draws one line."""
        return self.securities.among(self._ordered[2])

    def exact(self, pairs: Sequence[Pair]) -> list[float]:
        """`sum_ij C_ij l_i r_j` of pairs of weights, C the exact correlation of the CARs."""
        weights, places = numbered(pairs)
        return double_sums(self._laid(self._vectors, np.column_stack(weights)), self.rho, places)

    def lines(self, weights: Floats) -> tuple[Ints, Singles]:
        """`sum_i w_i g_i / |g_i|` of the events of each security, (D, K).

        And the panel's columns of those.
        """
        return self._ordered[2], self._laid(self._vectors, weights[:, None])[:, 0].T

    def exact_weights(self, weights: Floats) -> tuple[Floats, Floats]:
        """What `w_i g_i / |g_i|` has on sessions of each event's windows.

        In the estimation window a constant and slopes on the regressors (N, 1 + r), in the event
        window a weight (N,).
        """
        laid = weights[:, None] * self._vectors
        return laid[:, 1:], laid[:, 0]

    @cached_property
    def _vectors(self) -> Floats:
        """`g_i / |g_i|` of each event, (N, 2 + r)."""
        fit, window = self.window.abnormal.fit, self.window
        found: Floats = whole_vectors(
            window.n_valid, window.regressor_sum, fit.estimated, fit.n_obs, fit.centre,
            fit.spread_inverse,
        )  # fmt: skip
        return found

    def overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`, o the share of sessions two windows have in common."""
        return float(self.of_days(weights / np.sqrt(self.window.n_valid)).sum())

    def _laid(self, vectors: Floats, weights: Floats) -> Singles:
        """The lines of the securities, (K, M, D), of M weights of the events (N, M)."""
        abnormal, window, panel = self.window.abnormal, self.window, self.securities.panel
        laid: Singles = lay(
            *self._ordered, abnormal.events.row,
            (abnormal.estimation.start, abnormal.estimation.end), window.start, window.end,
            vectors, weights, *panel.by_security[1:], *self._dates,
        )  # fmt: skip
        return laid

    @property
    def _dates(self) -> tuple[Ints, int]:
        """The date of each row of the panel, (T,), and how many there are."""
        panel = self.securities.panel
        return panel.day(np.arange(len(panel.y))), len(panel.dates)

    def residual(self) -> float:
        """`sum_ij rho_ij`."""
        count = np.diff(self._ordered[1]).astype(np.float64)
        return float(count @ self.rho @ count)

    @one_thread()
    def of_days(self, weights: Floats) -> Floats:
        """`sum_ij rho_ij w_i w_j` over the events with each session in their window, (D,)."""
        panel = self.securities.panel
        if self.window.n_valid.sum() < _FEW * len(panel.dates) * len(self.rho):
            return self._of_few(weights)
        alone = np.tile([1.0, 0.0], (len(weights), 1))  # nothing in the estimation window
        laid = self._laid(alone, weights[:, None])
        of_blocks = [
            2 * np.einsum("kmd,kmd->d", half, own, dtype=np.float64)
            for own, half in halves(self.rho, laid)
        ]
        return np.asarray(np.sum(of_blocks, axis=0))

    def _of_few(self, weights: Floats) -> Floats:
        """The same where on most sessions few of the securities have an event in its window."""
        panel, window = self.securities.panel, self.window
        order, ends, columns = self._ordered
        row = window.abnormal.events.row[order]
        found: Floats = forms(
            *cells(
                ends, row + window.start[order], row + window.end[order], weights[order],
                panel.by_security[3], columns, *self._dates,
            ),
            self.rho,
        )  # fmt: skip
        return found


def numbered(pairs: Sequence[Pair]) -> tuple[list[Floats], list[tuple[int, int]]]:
    """The weights that are in some pair, each array once, and which of them each pair has."""
    weights = list({id(one): one for pair in pairs for one in pair}.values())
    place = {id(one): at for at, one in enumerate(weights)}
    return weights, [(place[id(left)], place[id(right)]) for left, right in pairs]


def by_security(events: AlignedEvents) -> tuple[Ints, Ints, Ints]:
    """Events (N,) security by security, where those of each end (K + 1,), and its column (K,)."""
    count = np.bincount(events.column)
    columns = np.flatnonzero(count)
    # Of small integers numpy sorts digits: in a tenth of the time.
    order = np.argsort(events.column.astype(np.min_scalar_type(len(count))), kind="stable")
    return order, np.concatenate([[0], np.cumsum(count[columns])]), columns
