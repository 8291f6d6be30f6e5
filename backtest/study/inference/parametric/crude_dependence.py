"""The crude dependence adjustment of Brown and Warner (1980, 1985)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_say
from backtest.study.running_sums import Floats, Ints


def crude_dep_t(events: CrossSection) -> Outcome:
    """`sum AAR_t / (sqrt L sd(AAR_t))`.

    The spread of the average is taken over the estimation days in event time. Right when all events
    share one date; t with T - 1 degrees of freedom, T the number of estimation days.
    """
    n = len(events)
    average = _means(*events.days.residuals)
    if n < 1 or len(average) < 3:
        return cannot_say(
            f"needs at least 1 event and 3 estimation days, got {n} and {len(average)}", n
        )
    inside = _means(*events.days.returns)
    statistic = inside.sum() / (np.sqrt(len(inside)) * average.std(ddof=1))
    return against_student(float(statistic), len(average) - 1, n)


def _means(sums: Floats, counts: Ints) -> Floats:
    """Mean over events of each event day that has one."""
    return np.asarray(sums[counts > 0] / counts[counts > 0])
