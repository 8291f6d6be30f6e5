"""The crude dependence adjustment of Brown and Warner (1980, 1985)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_say


def crude_dep_t(events: CrossSection) -> Outcome:
    """`sum AAR_t / (sqrt L sd(AAR_t))`.

    The spread of the average is taken over the estimation days in event time. Right when all events
    share one date; t with T - 1 degrees of freedom, T the number of estimation days.
    """
    n = len(events)
    average = _day_means(events.window.abnormal.residuals)
    if n < 1 or len(average) < 3:
        return cannot_say(
            f"needs at least 1 event and 3 estimation days, got {n} and {len(average)}", n
        )
    window = events.window
    inside = _day_means(np.where(window.inside, window.abnormal.abnormal, np.nan))
    statistic = inside.sum() / (np.sqrt(len(inside)) * average.std(ddof=1))
    return against_student(float(statistic), len(average) - 1, n)


def _day_means(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Mean over events of each event day that has one."""
    there = np.isfinite(values)
    counts = there.sum(axis=0)
    sums = np.where(there, values, 0.0).sum(axis=0)
    return np.asarray(sums[counts > 0] / counts[counts > 0])
