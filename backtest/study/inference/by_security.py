"""Cross-sections of any size.

Pair by pair up to PAIRS_UP_TO events, security by security beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backtest.errors import StudyError
from backtest.study.dependence.correlation import car_correlation, residual_correlation
from backtest.study.dependence.securities import (
    Pair,
    SecurityCorrelation,
    SecuritySums,
    Singles,
)
from backtest.study.dependence.shared import Partners
from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.days.base import DayScores
from backtest.study.inference.days.one_pass import in_one_pass, shifts_in_one_pass
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.cached import cached_property
from backtest.work.passing import once

# A matrix over pairs of 2,000 events takes 32 MB, the ten or so a study needs 0.3 GB and two
# seconds; both grow with the square of the events (3,000: 1 GB, 6,000: 3 GB and 44 s).
PAIRS_UP_TO = 2_000


class CrossSectionBySecurity(CrossSection):
    """N events whose double sums run over pairs of securities: no matrix over pairs of events.

    `rho`, `correlation` and `overlap` (N, N) are not there; asking for one raises `StudyError`.
    """

    pair_sums = "by security"
    between: SecurityCorrelation
    known: list[tuple[Floats, Floats, float]]  # exact sums, and the weights of both sides

    def __init__(self, window: EventWindow, between: SecurityCorrelation) -> None:
        vars(self).update(window=window, between=between, known=[])

    def __getattr__(self, name: str) -> Floats:
        if name in ("rho", "correlation"):
            raise self._no_matrix(name)
        raise AttributeError(name)

    def _no_matrix(self, name: str) -> StudyError:
        return StudyError(
            f"{name!r} is a matrix over pairs of events, made for at most {PAIRS_UP_TO:,} of them, "
            f"and these are {len(self):,}; take fewer events, or use variance_exact, "
            "variance_overlap, r_bar, r_overlap and r_star"
        )

    @cached_property
    def overlap(self) -> Floats:
        """Not there: raises `StudyError`."""
        raise self._no_matrix("overlap")

    @cached_property
    def sums(self) -> SecuritySums:
        """The double sums over pairs of securities."""
        return SecuritySums(self.window, self.between)

    @cached_property
    def days(self) -> DayScores:
        """What tests of single days need, some events at a time."""
        return in_one_pass(self.window)

    @cached_property
    def shifts(self) -> tuple[Floats, Ints, Floats]:
        """Standardised sums of residuals at every shift, some events at a time."""
        return shifts_in_one_pass(self.window)

    @cached_property
    def _overlap_of_ones(self) -> float:
        return self.sums.overlap(self.ones)

    @cached_property
    def ones(self) -> Floats:
        """The weights of events that count the same, (N,)."""
        return np.ones(len(self))

    @property
    def partners(self) -> Partners:
        """Who shares a shock with whom, the same in all windows of the same events."""
        return once(self.window.abnormal, "_partners", lambda _: Partners.of(self.window))

    def asked(self) -> list[Pair]:
        """The pairs of weights whose exact sums the headline test asks for."""
        b = self.partners.counts
        if b.any():
            return [(self.ones, self.ones), (self.ones, b)]
        return [(self.ones, self.ones)]

    def know(self, pairs: Sequence[Pair], sums: Sequence[float]) -> None:
        """Keep exact sums that were taken together."""
        self.known[:] = [(*pair, value) for pair, value in zip(pairs, sums, strict=True)]

    def variance_exact(self, weights: Floats) -> float:
        """`sum_ij C_ij w_i w_j`."""
        if _equal(weights):
            return float(weights[0]) ** 2 * self._exact_of_ones
        return self.covariance_exact(weights, weights)

    def covariance_exact(self, left: Floats, right: Floats) -> float:
        """`sum_ij C_ij l_i r_j`; the first to be asked for is taken with those of the headline."""
        if not self.known:
            self.know(self.asked(), self.sums.exact(self.asked()))
        for one, other, value in self.known:
            if _same(one, left) and _same(other, right):
                return value
        return self.sums.exact([(left, right)])[0]

    @property
    def _exact_of_ones(self) -> float:
        return self.covariance_exact(self.ones, self.ones)

    def variance_overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`."""
        if _equal(weights):
            return float(weights[0]) ** 2 * self._overlap_of_ones
        return self.sums.overlap(weights)

    def lines(self, weights: Floats) -> tuple[Ints, Singles]:
        """`sum_i w_i g_i / |g_i|` of the events of each security, (D, K).

        And the panel's columns of those.
        """
        return self.sums.lines(weights)

    def variance_of_days(self, sessions: Ints) -> Floats:
        """`sum_ij rho_ij sigma_i sigma_j` over the events with a session in their window.

        For each of these sessions.
        """
        return self.sums.of_days(self.window.abnormal.fit.sigma)[sessions]

    @cached_property
    def r_bar(self) -> float:
        """Mean residual correlation between different events, at least 0."""
        return max(self._mean(self.sums.residual()), 0.0)

    @cached_property
    def r_overlap(self) -> float:
        """Mean residual correlation times window overlap, at least 0."""
        return max(self._mean(self._overlap_of_ones), 0.0)

    @cached_property
    def r_star(self) -> float:
        """Mean exact correlation between the CARs of different events."""
        return self._mean(self._exact_of_ones)

    def _mean(self, total: float) -> float:
        n = len(self)
        if n > 1:
            return (total - n) / (n * (n - 1))
        return 0.0

    def take(self, keep: Ints) -> CrossSection:
        """The cross-section of the events at these positions.

        Pair by pair if they are few enough.
        """
        return cross_section(self.window.take(keep), self.between)


def cross_section(window: EventWindow, between: SecurityCorrelation) -> CrossSection:
    """The events of a window all of which have a finite SCAR.

    By pair or by security, as their number asks.
    """
    return cross_sections(window.abnormal, between)(window)


def cross_sections(
    abnormal: AbnormalReturns, between: SecurityCorrelation
) -> Callable[[EventWindow], CrossSection]:
    """What makes cross-sections of windows of the same events, those with a finite SCAR in each.

    What does not depend on the window, the correlation of their residuals, is taken once.
    """
    rho = None
    if len(abnormal.events) <= PAIRS_UP_TO:
        rho = residual_correlation(abnormal)

    def section(window: EventWindow) -> CrossSection:
        part, usable = window.tested()
        if len(usable) > PAIRS_UP_TO:
            return CrossSectionBySecurity(part, between)
        if rho is None:
            own = residual_correlation(part.abnormal)
        else:
            own = rho[np.ix_(usable, usable)]
        return CrossSection(part, own, car_correlation(part, own))

    return section


def _equal(weights: Floats) -> bool:
    return len(weights) > 0 and bool((weights == weights[0]).all())


def _same(one: Floats, other: Floats) -> bool:
    return one is other or np.array_equal(one, other)
