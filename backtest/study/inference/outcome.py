"""The answer of a test: a number, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan

from scipy import stats


@dataclass(frozen=True)
class Outcome:
    """One test's answer. `pvalue` is two-sided; NaN, with `why_not` filled, where nothing can be said.

    `df` is NaN for statistics compared with the normal distribution; `n_eff` is the number of independent events
    that would carry as much information, where the test has such a notion.
    """

    statistic: float = nan
    pvalue: float = nan
    df: float = nan
    n_events: int = 0
    n_eff: float = nan
    why_not: str = ""


def cannot_say(why_not: str, n_events: int) -> Outcome:
    """The answer where a test has none."""
    return Outcome(n_events=n_events, why_not=why_not)


def against_normal(statistic: float, n_events: int, n_eff: float = nan) -> Outcome:
    """Compare with the standard normal distribution."""
    if not isfinite(statistic):
        return cannot_say("the statistic is not finite: there is no variation", n_events)
    return Outcome(statistic, float(2 * stats.norm.sf(abs(statistic))), nan, n_events, n_eff)


def against_student(statistic: float, df: float, n_events: int, n_eff: float = nan) -> Outcome:
    """Compare with Student's t."""
    if not isfinite(statistic):
        return cannot_say("the statistic is not finite: there is no variation", n_events)
    return Outcome(statistic, float(2 * stats.t.sf(abs(statistic), df)), float(df), n_events, n_eff)
