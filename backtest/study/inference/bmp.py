"""The test of Boehmer, Musumeci and Poulsen (1991), and its form for events that move together."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.cross_t import mean_over_spread
from backtest.study.inference.outcome import Outcome, against_student, cannot_say


def bmp_t(events: CrossSection) -> Outcome:
    """The t-test of the mean SCAR, N - 1 degrees of freedom: allows for event-induced variance."""
    return mean_over_spread(events.scar)


def kp_bmp_exact_t(events: CrossSection) -> Outcome:
    """`bmp_t sqrt((1 - r*) / (1 + (N - 1) r*))`: Kolari and Pynnonen (2010) with the exact mean correlation.

    Holds for event-induced variance, common dates, overlapping windows and shared estimation windows alike.
    """
    n = len(events)
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    plain = mean_over_spread(events.scar)
    if plain.why_not:
        return plain
    statistic = plain.statistic * np.sqrt((1.0 - events.r_star) / events.inflation)
    return against_student(float(statistic), n - 1, n, events.n_eff)
