"""Cross-sectional t-tests: a mean over the spread of the values themselves.

Of the CAR: Brown and Warner (1980, 1985), MacKinlay (1997). Of the SCAR: Boehmer, Musumeci and
Poulsen (1991).
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_say


def cross_t(events: CrossSection) -> Outcome:
    """`CAAR / (s_CAR / sqrt N)` against t with N - 1 degrees of freedom.

    Allows for event-induced variance; takes the events as independent, which events on a common
    date are not.
    """
    return mean_over_spread(events.car)


def mean_over_spread(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Outcome:
    """The t-test that a mean is zero, from the spread of the values themselves."""
    n = len(values)
    if n < 2:
        return cannot_say(f"needs at least 2 events, got {n}", n)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = values.mean() / (values.std(ddof=1) / np.sqrt(n))
    return against_student(float(statistic), n - 1, n)


def bmp_t(events: CrossSection) -> Outcome:
    """The t-test of the mean SCAR, N - 1 degrees of freedom.

    Allows for event-induced variance; takes the events as independent.
    """
    return mean_over_spread(events.scar)
