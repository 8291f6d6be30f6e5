"""The test of Patell (1976): CLM J2, with the full forecast covariance in every SCAR."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say


def patell_z(events: CrossSection) -> Outcome:
    """`sum SCAR / sqrt(sum Q)` against the normal distribution.

    Weighs quiet securities more; takes the variance of the event window as that of the estimation window and the
    events as independent.
    """
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    return against_normal(float(events.scar.sum() / np.sqrt(events.q.sum())), n)


def patell_exact_z(events: CrossSection) -> Outcome:
    """`sum SCAR / sqrt(sum_ij C_ij sqrt(Q_i Q_j))`: Patell with the exact correlation of the CARs."""
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    root = np.sqrt(events.q)
    variance = root @ events.correlation @ root
    if not variance > 0:
        return cannot_say("the estimated variance of the sum is not positive", n)
    return against_normal(float(events.scar.sum() / np.sqrt(variance)), n, events.n_eff)
