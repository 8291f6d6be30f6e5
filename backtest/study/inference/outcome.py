"""The answer of a test: a number, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan

from scipy import special

LEVEL = 0.05  # two-sided


@dataclass(frozen=True)
class Outcome:
    """One test's answer; NaN, with `why_not` filled, where nothing can be said.

    `pvalue` is two-sided, `pvalue_upper` against a positive and `pvalue_lower` against a negative
    effect. `df` is NaN for statistics not compared with Student's t; `n_eff` is the number of
    independent events that would carry as much information, where the test has such a notion. What
    is tested, and against what, stands in `ABOUT`.
    """

    statistic: float = nan
    pvalue: float = nan
    df: float = nan
    n_events: int = 0
    n_eff: float = nan
    why_not: str = ""
    pvalue_upper: float = nan
    pvalue_lower: float = nan


def cannot_say(why_not: str, n_events: int) -> Outcome:
    """The answer where a test has none."""
    return Outcome(n_events=n_events, why_not=why_not)


def cannot_reject(least: float, among: str, n_events: int) -> Outcome | None:
    """The answer of a test that cannot reject at 5%, or None where it can.

    `least` is the smallest two-sided p that `among` (in words: "5 events") could ever give. A p
    that could not have been small tells a reader nothing, and looks as if it did.

    >>> cannot_reject(0.0625, "5 events", 5).why_not
    'cannot reject at 5%: the smallest p of 5 events is 0.062'
    """
    if not least > LEVEL:
        return None
    return cannot_say(f"cannot reject at 5%: the smallest p of {among} is {least:.2g}", n_events)


def against_normal(statistic: float, n_events: int, n_eff: float = nan) -> Outcome:
    """Compare with the standard normal distribution."""
    if not isfinite(statistic):
        return cannot_say("the statistic is not finite: there is no variation", n_events)
    lower, upper = float(special.ndtr(statistic)), float(special.ndtr(-statistic))
    return Outcome(statistic, 2 * min(lower, upper), nan, n_events, n_eff, "", upper, lower)


def against_student(statistic: float, df: float, n_events: int, n_eff: float = nan) -> Outcome:
    """Compare with Student's t."""
    if not isfinite(statistic):
        return cannot_say("the statistic is not finite: there is no variation", n_events)
    lower, upper = float(special.stdtr(df, statistic)), float(special.stdtr(df, -statistic))
    return Outcome(statistic, 2 * min(lower, upper), float(df), n_events, n_eff, "", upper, lower)
