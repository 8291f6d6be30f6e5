"""Whether two groups of events react differently, with the dependence within and between them.

x are the standardised CARs, C their exact correlation (docs/methods.md, section 5), w = 1/n in the
first group and -1/n in the second, and M subtracts each group's own mean. The spread is taken from
within the groups, E[x'Mx] = s² tr(MC), so that event-induced variance is in it:

    t = w'x / (s sqrt(w'Cw)),   s² = x'Mx / tr(MC),   df = tr(MC)² / tr(MCMC)

(Satterthwaite 1946 for the degrees of freedom). With independent events this is the t-test of two
samples with a pooled variance, N - 2 degrees of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_say
from backtest.study.running_sums import Bools, Floats

LEAST = 3


@dataclass(frozen=True)
class Difference:
    """The mean SCAR of the first group less that of the second.

    Its 95% interval, and the test of zero.
    """

    difference: float
    low: float
    high: float
    outcome: Outcome


def difference(section: CrossSection, first: Bools) -> Difference:
    """Compare the events marked in `first` (N,) with the others of the section.

    Under 3 events in either group nothing is said, with the reason in the outcome. Where sums are
    taken by security there is no tr(MCMC); the degrees of freedom are then N_eff - 2.
    """
    x, n = section.scar, len(section)
    if why := _too_few(first):
        return _nothing(why, n)
    if section.pair_sums == "by pair":
        return compare(x, section.correlation, first)
    # tr(MC) = N - the sum of C within each group, over the group's size
    of_groups = sum(
        section.variance_exact(own.astype(np.float64)) / own.sum() for own in (first, ~first)
    )
    variance = section.variance_exact(_weights(first))
    df = max(section.n_eff - 2, 1.0)
    return _judged(x, first, n - of_groups, variance, df)


def compare(x: Floats, correlation: Floats, first: Bools) -> Difference:
    """The same of values x (N,) with a known correlation (N, N) and one unknown variance.

    >>> found = compare(np.arange(8.0), np.eye(8), np.arange(8) < 4)
    >>> round(found.difference, 3), round(found.outcome.df, 3)
    (-4.0, 6.0)
    """
    if why := _too_few(first):
        return _nothing(why, len(x))
    own = first[:, None] == first
    centring = np.eye(len(x)) - own / own.sum(axis=1)  # M: each group's own mean taken out
    centred = centring @ correlation
    trace = float(np.trace(centred))
    df = trace**2 / float((centred * centred.T).sum())  # tr(MCMC) without the product
    weights = _weights(first)
    variance = float(weights @ correlation @ weights)
    return _judged(x, first, trace, variance, df)


def _judged(x: Floats, first: Bools, trace: float, variance: float, df: float) -> Difference:
    """`trace` is tr(MC), `variance` w'Cw."""
    within = sum(float(((x[own] - x[own].mean()) ** 2).sum()) for own in (first, ~first))
    found = float(_weights(first) @ x)
    error = float(np.sqrt(max(within / trace * variance, 0.0)))
    reach = float(stats.t.ppf(0.975, df)) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(found, error))
    outcome = against_student(statistic, df, len(x))
    return Difference(found, found - reach, found + reach, outcome)


def _weights(first: Bools) -> Floats:
    return np.asarray(np.where(first, 1.0 / first.sum(), -1.0 / (~first).sum()))


def _too_few(first: Bools) -> str:
    n_first, n_others = int(first.sum()), int((~first).sum())
    if min(n_first, n_others) >= LEAST:
        return ""
    return f"needs at least {LEAST} events in either group, got {n_first} and {n_others}"


def _nothing(why: str, n_events: int) -> Difference:
    nan = float("nan")
    return Difference(nan, nan, nan, cannot_say(why, n_events))
