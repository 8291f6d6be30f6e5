"""The recommended test: BMP with the exact correlation of CARs and the shocks events share.

A test of Kolari and Pynnonen (2010) with a covariance `v (C + delta B)` of the SCARs (delta of
`dependence.shared`) and the degrees of freedom of Satterthwaite (1946) for the estimate of v. With
M the centring, `v = x'Mx / tr(MC)` and `df = tr(MC)^2 / tr(MCMC)`, which is N - 1 for equal
correlations. Events of a single security, whose correlations differ most, are weighted by
generalised least squares instead: `v = (x - m)'C^-1(x - m) / (N - 1)`, exactly t(N - 1) for normal
SCARs.

Where sums over pairs of events are taken by security there is no matrix to trace: partners count
with the correlation of their securities (which C is on one date), a single security is not weighted
either, and the degrees of freedom are N_eff - 1, fewer where many correlations are large.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from backtest.study.dependence.shared import (
    centred,
    partners_in,
    shared_shock,
    shared_shock_of_sums,
)
from backtest.study.inference.by_security import CrossSectionBySecurity
from backtest.study.inference.cross_section import FLOOR, CrossSection, stale_overlap
from backtest.study.inference.outcome import Outcome, against_student, cannot_say
from backtest.study.running_sums import Floats
from backtest.work.passing import once

_LEAST_EIGENVALUE = 0.02  # below it the weights of least squares rest on rounding and luck


@dataclass(frozen=True, eq=False)
class MeanTest:
    """A test that a weighted mean of SCARs is zero: `t = w'x / sqrt(x'Qx)` against t with `df`.

    `weights` (N,) sum to 1; `form` gives Q x of values x, (N,) or (N, k), where x'Qx estimates the
    variance of the mean and knows no common level (Q 1 = 0). `n_eff` is the number of independent
    events as informative.
    """

    weights: Floats
    form: Callable[[Floats], Floats]
    df: float
    n_eff: float
    delta: float

    def statistic(self, values: Floats) -> float:
        """The t of the values (N,); infinite where they do not vary."""
        variance = float(values @ self.form(values))
        if variance > 0:
            return float(self.weights @ values) / sqrt(variance)
        return inf


def kp_bmp_shared_t(events: CrossSection) -> Outcome:
    """`kp_bmp_exact_t` that also allows for shocks shared within an announcement or a date.

    The same statistic where no two events share one, or delta is 0; then only the degrees of
    freedom differ. Events of a single security are weighted by generalised least squares.
    """
    n = len(events)
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    stale = stale_overlap(events)
    if stale:
        return cannot_say(stale, n)
    test = mean_test(events)
    if test is None:
        return cannot_say("all events are the same observation", n)
    return against_student(test.statistic(events.scar), test.df, n, test.n_eff)


def mean_test(events: CrossSection) -> MeanTest | None:
    """What `kp_bmp_shared_t` weighs and estimates; None for fewer than 2 events that differ."""
    return once(events, "_mean_test", _mean_test)  # intervals and averages ask again


def _mean_test(events: CrossSection) -> MeanTest | None:
    n = len(events)
    if n < 2 or events.r_star >= 1.0:
        return None
    if isinstance(events, CrossSectionBySecurity):
        return _from_sums(events)
    partner = partners_in(events.window)
    delta = shared_shock(events.scar, events.correlation, partner)
    correlation = events.correlation + delta * partner
    if len(np.unique(events.window.abnormal.events.column)) == 1:
        test = _least_squares(correlation, delta)
        if test is not None:
            return test
    return _plain_mean(correlation, delta)


def _plain_mean(correlation: Floats, delta: float) -> MeanTest | None:
    """Every event counts the same."""
    n = len(correlation)
    inflation = max(float(correlation.sum()) / n, FLOOR)
    middle = centred(correlation)
    spread = float(np.trace(middle))
    if spread <= 1e-9:
        return None
    df = min(spread**2 / float((middle**2).sum()), n - 1.0)
    form = _centring(inflation / n / spread)
    return MeanTest(np.full(n, 1 / n), form, df, n / inflation, delta)


def _centring(scale: float) -> Callable[[Floats], Floats]:
    return lambda values: np.asarray(scale * (values - values.mean(axis=0)))


def _from_sums(events: CrossSectionBySecurity) -> MeanTest | None:
    """Every event counts the same.

    Sums by security stand in place of matrices over pairs of events.
    """
    n, partner, delta = len(events), events.partners, 0.0
    b = partner.counts
    total = events.variance_exact(events.ones)
    if b.any():
        of_all = (total, events.covariance_exact(events.ones, b))
        delta = shared_shock_of_sums(events.scar, partner, of_all, _partners_correlate(events))
    total += delta * float(b.sum())
    inflation, spread = max(total / n, FLOOR), n - total / n
    if spread <= 1e-9:
        return None
    form = _centring(inflation / n / spread)
    n_eff = n / inflation
    return MeanTest(np.full(n, 1 / n), form, max(min(n_eff, n) - 1.0, 1.0), n_eff, delta)


def _partners_correlate(events: CrossSectionBySecurity) -> tuple[float, float]:
    """Sum and largest of the correlations of partners, by the correlation of their securities."""
    return once(
        events.window.abnormal,
        "_partners_correlate",
        lambda abnormal: events.partners.correlate(abnormal.events.column, events.between.rho),
    )


def _least_squares(correlation: Floats, delta: float) -> MeanTest | None:
    """Events weighted by the inverse of their correlations; None where that is all but singular."""
    if float(np.linalg.eigvalsh(correlation)[0]) < _LEAST_EIGENVALUE:
        return None
    n, inverse = len(correlation), np.linalg.inv(correlation)
    row, total = inverse.sum(axis=1), float(inverse.sum())
    form = (inverse - np.outer(row, row) / total) / ((n - 1) * total)
    return MeanTest(row / total, lambda values: form @ values, n - 1.0, total, delta)
