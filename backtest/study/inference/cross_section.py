"""What a test over several events starts from.

Their CARs through one window and how these move together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from backtest.study.dependence.correlation import (
    active_sessions,
    chained_windows,
    mean_correlation,
    window_overlap,
)
from backtest.study.inference.days.base import DayScores
from backtest.study.inference.days.table import TableOfDays, sums_at_shifts
from backtest.study.measure.conditions import STALE_LENGTH, STALE_SHARE
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.cached import cached_property
from backtest.work.passing import pass_on

# Keeps 1 + (N - 1) r away from zero: a mean correlation near -1/(N-1) would make any statistic
# explode.
FLOOR = 0.05


@dataclass(frozen=True, eq=False)
class CrossSection:
    """N events with a finite SCAR.

    `rho` (N, N) is the correlation of their estimation residuals (1 within a security),
    `correlation` (N, N) the exact correlation of their CARs.
    """

    pair_sums: ClassVar[str] = "by pair"
    window: EventWindow
    rho: Floats
    correlation: Floats

    def __len__(self) -> int:
        return len(self.window.start)

    @property
    def car(self) -> Floats:
        """Cumulative abnormal returns, (N,)."""
        return self.window.car

    @property
    def car_se(self) -> Floats:
        """Their forecast standard errors, (N,)."""
        return self.window.car_se

    @property
    def scar(self) -> Floats:
        """Standardised CARs, (N,)."""
        return self.window.scar

    @cached_property
    def q(self) -> Floats:
        """Variance of each SCAR under the null, `df / (df - 2)`, 1 for a normal one, (N,)."""
        df = self.window.abnormal.reference_df
        return np.where(df > 2, 1 / (1 - 2 / np.maximum(df, 2 + 1e-9)), np.nan)

    @cached_property
    def r_bar(self) -> float:
        """Mean residual correlation between different events, at least 0."""
        return max(mean_correlation(self.rho), 0.0)

    @cached_property
    def days(self) -> DayScores:
        """What tests of single days need."""
        return TableOfDays(self.window)

    @cached_property
    def shifts(self) -> tuple[Floats, Ints, Floats]:
        """Standardised sums of as many residuals as the window has days, by first day, (S,).

        Their sum, their number, and the sum of their squares.
        """
        return sums_at_shifts(self.window)

    @cached_property
    def overlap(self) -> Floats:
        """Share of calendar sessions each two windows have in common, (N, N)."""
        return window_overlap(self.window)

    @cached_property
    def r_overlap(self) -> float:
        """Mean residual correlation times window overlap, at least 0."""
        return max(mean_correlation(self.rho * self.overlap), 0.0)

    def variance_exact(self, weights: Floats) -> float:
        """`sum_ij C_ij w_i w_j`: variance of a weighted sum of events.

        C is the exact correlation of their CARs.
        """
        return float(weights @ self.correlation @ weights)

    def variance_overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`: variance of a weighted sum of events.

        By residual correlation and the share of common sessions.
        """
        return float(weights @ (self.rho * self.overlap) @ weights)

    def variance_of_days(self, sessions: Ints) -> Floats:
        """`sum_ij rho_ij sigma_i sigma_j` over the events with a session in their window.

        For each of these sessions.
        """
        active = active_sessions(self.window).toarray()[:, sessions]
        sigma = self.window.abnormal.fit.sigma
        covariance = self.rho * np.outer(sigma, sigma)
        return np.asarray(np.einsum("id,ij,jd->d", active, covariance, active, optimize=True))

    @cached_property
    def clusters(self) -> Ints:
        """Number of the cluster each event belongs to, (N,).

        A cluster's windows overlap, directly or through others.
        """
        return chained_windows(self.window)

    @cached_property
    def r_star(self) -> float:
        """Mean exact correlation between the CARs of different events."""
        return mean_correlation(self.correlation)

    @property
    def inflation(self) -> float:
        """How much the variance of a mean exceeds that of independent events, `1 + (N - 1) r*`."""
        return max(1.0 + (len(self) - 1) * self.r_star, FLOOR)

    @property
    def n_eff(self) -> float:
        """Number of independent events that would carry as much information."""
        return len(self) / self.inflation

    def take(self, keep: Ints) -> CrossSection:
        """The cross-section of the events at these positions."""
        pairs = np.ix_(keep, keep)
        part = CrossSection(self.window.take(keep), self.rho[pairs], self.correlation[pairs])
        return pass_on(self, part, ("overlap",), pairs)


def stale_overlap(events: CrossSection) -> str:
    """Why overlapping windows of stale prices are not tested; empty where they are.

    A price that does not move today takes today's news tomorrow, so that what two events share is
    more than the sessions they have in common say. With 30% of returns at zero the tests reject
    11 to 13% in overlapping 21-day windows, with 60% 16 to 23%.
    """
    abnormal = events.window.abnormal
    length = int(events.window.n_sessions.max(initial=0))
    if length <= STALE_LENGTH:
        return ""
    share = float(abnormal.zero_share.mean())
    if not share > STALE_SHARE or len(np.unique(events.clusters)) == len(events):
        return ""
    return (
        f"{share:.0%} of the estimation returns are exactly zero: stale prices, and windows of "
        f"{length} sessions that overlap; use a window of at most {STALE_LENGTH}"
    )
