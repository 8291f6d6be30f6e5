"""Tests of the mean CAR against its own forecast error."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say


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
