"""Tests against the forecast error that the estimation window gives.

Of the mean CAR: MacKinlay (1997), CLM J1. Of the mean SCAR: Patell (1976), CLM J2, with the full
forecast covariance in every SCAR.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say
from backtest.study.measure.event_windows import EventWindow, by_parts
from backtest.study.running_sums import Floats


def ts_indep_z(events: CrossSection) -> Outcome:
    """`sum CAR / sqrt(sum S^2)`: MacKinlay (1997) theta 1, CLM J1.

    Takes the events as independent.
    """
    return _mean_of(events, float(events.car_se @ events.car_se))


def caar_overlap_z(events: CrossSection) -> Outcome:
    """`CAAR / sqrt(N^-2 sum_ij rho_ij o_ij S_i S_j)`.

    For windows that partly overlap (idea of Salinger 1992).
    """
    return _mean_of(events, events.variance_overlap(events.car_se))


def caar_exact_z(events: CrossSection) -> Outcome:
    """`CAAR / sqrt(N^-2 sum_ij C_ij S_i S_j)`.

    The mean CAR with the exact correlation of its parts.
    """
    return _mean_of(events, events.variance_exact(events.car_se))


def _mean_of(events: CrossSection, variance: float) -> Outcome:
    """The mean CAR over its standard deviation."""
    n, se = len(events), events.car_se
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    if not variance > 0:
        return cannot_say("the estimated variance of the mean is not positive", n)
    return against_normal(
        float(events.car.sum()) / np.sqrt(variance), n, n * float(se @ se) / variance
    )


def patell_z(events: CrossSection) -> Outcome:
    """`sum SCAR / sqrt(sum Q)` against the normal distribution.

    Weighs quiet securities more; takes the variance of the event window as that of the estimation
    window and the events as independent.
    """
    return _sum_of(events.scar, events, float(events.q.sum()))


def patell_csar_z(events: CrossSection) -> Outcome:
    """Patell's own cumulation, `CSAR = sum SAR / sqrt L`.

    It ignores the shared estimates: for comparison only.
    """
    sar = by_parts(events.window, _sum_of_days)
    return _sum_of(sar / np.sqrt(events.window.n_valid), events, float(events.q.sum()))


def _sum_of_days(window: EventWindow) -> Floats:
    """Each event's standardised abnormal returns added up, (N,)."""
    sar = np.where(window.inside, window.abnormal.abnormal / window.abnormal.se, 0.0)
    return np.asarray(sar.sum(axis=1))


def patell_overlap_z(events: CrossSection) -> Outcome:
    """`sum SCAR / sqrt(sum_ij rho_ij o_ij sqrt(Q_i Q_j))`.

    Patell for windows that partly overlap.
    """
    return _sum_of(events.scar, events, events.variance_overlap(np.sqrt(events.q)))


def patell_exact_z(events: CrossSection) -> Outcome:
    """`sum SCAR / sqrt(sum_ij C_ij sqrt(Q_i Q_j))`.

    Patell with the exact correlation of the CARs.
    """
    return _sum_of(events.scar, events, events.variance_exact(np.sqrt(events.q)))


def _sum_of(standardised: Floats, events: CrossSection, variance: float) -> Outcome:
    """A sum of standardised values over its standard deviation."""
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    if not variance > 0:
        return cannot_say("the estimated variance of the sum is not positive", n)
    return against_normal(
        float(standardised.sum()) / np.sqrt(variance), n, n * float(events.q.sum()) / variance
    )
