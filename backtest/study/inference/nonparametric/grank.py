"""Generalised ranks: Kolari and Pynnonen (2011).

The whole window of an event becomes one observation, its SCAR in units of the SCARs' spread, ranked
among the event's own standardised estimation residuals.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.nonparametric.rank import rank_t
from backtest.study.inference.outcome import (
    Outcome,
    against_normal,
    against_student,
    cannot_reject,
    cannot_say,
)
from backtest.study.running_sums import Floats, Ints


def grank_t(events: CrossSection) -> Outcome:
    """Mean rank of the event against the spread of mean ranks over all days.

    Right for one common date.
    """
    why_not = _why_not(events)
    if why_not:
        return why_not
    return over_days(*events.days.general_ranks, len(events))


def over_days(sums: Floats, counts: Ints, n_events: int) -> Outcome:
    """The event's (last) day's mean score over the spread of all days' means.

    From sums and counts of each day.
    """
    used = counts > 0
    daily, days = sums[used] / counts[used], int(used.sum())
    spread = np.sqrt((counts[used] / n_events * daily**2).sum() / days)
    return rank_t(float(daily[-1] / spread), days, n_events)


def grank_z(events: CrossSection) -> Outcome:
    """Mean rank of the event against its variance under independence."""
    return _why_not(events) or against_normal(_independent_z(events), len(events))


def grank_exact_z(events: CrossSection) -> Outcome:
    """`grank_z / sqrt(1 + (N - 1) r*)`: ranks that also hold for overlapping windows.

    They are robust to outliers.
    """
    return (
        _why_not(events)
        or _powerless(events, np.inf)
        or against_normal(_exact_z(events), len(events), events.n_eff)
    )


def grank_exact_t(events: CrossSection) -> Outcome:
    """`grank_exact_z` against t with N - 1 degrees of freedom.

    The rank partner of `kp_bmp_exact_t`. The SCARs are ranked in units of their own spread, which
    few events give badly: against the normal distribution 5 events reject 8 to 11% of the time,
    against t 4% (docs/calibration.md).
    """
    df = len(events) - 1
    return (
        _why_not(events)
        or _powerless(events, df)
        or against_student(_exact_z(events), df, len(events), events.n_eff)
    )


def _powerless(events: CrossSection, df: float) -> Outcome | None:
    """Whether even every event above all days of its own would leave p above 5%.

    3 events always do with t(2).
    """
    size = events.days.history + 1
    highest = (size - 1) / (2 * (size + 1))
    z = highest.mean() / np.sqrt(_variance(size) * events.inflation)
    if np.isfinite(df):
        tail = special.stdtr(df, -z)
    else:
        tail = special.ndtr(-z)
    least = 2 * float(tail)
    n_eff = f"{events.n_eff:.2g}"
    if n_eff == "1":
        units = "independent event"
    else:
        units = "independent events"
    return cannot_reject(least, f"{n_eff} {units}", len(events))


def _variance(size: Ints) -> float:
    """Variance of the mean rank of independent events ranked among `size` days each, (N,)."""
    return float(((size - 1) / (12 * (size + 1))).sum()) / len(size) ** 2


def _exact_z(events: CrossSection) -> float:
    return _independent_z(events) / float(np.sqrt(events.inflation))


def _why_not(events: CrossSection) -> Outcome | None:
    n = len(events)
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    if not events.scar.std(ddof=1) > 0:
        return cannot_say("the SCARs do not vary", n)
    return None


def _independent_z(events: CrossSection) -> float:
    """Mean rank of the events over its standard deviation if they were independent.

    Midranks for ties.
    """
    days = events.days
    return float(days.place.mean() / np.sqrt(_variance(days.history + 1)))
