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
from backtest.study.measure.running_sums import Bools, Floats

LEAST = 3


@dataclass(frozen=True)
class Difference:
    """The mean SCAR of the first group less that of the second, its 95% interval, and the test of zero."""

    difference: float
    low: float
    high: float
    outcome: Outcome


def difference(section: CrossSection, first: Bools) -> Difference:
    """Compare the events marked in `first` (N,) with the others of the section.

    Under 3 events in either group nothing is said, with the reason in the outcome.
    """
    return compare(section.scar, section.correlation, first)


def compare(x: Floats, correlation: Floats, first: Bools) -> Difference:
    """The same of values x (N,) with a known correlation (N, N) and one unknown variance.

    >>> found = compare(np.arange(8.0), np.eye(8), np.arange(8) < 4)
    >>> round(found.difference, 3), round(found.outcome.df, 3)
    (-4.0, 6.0)
    """
    n, n_first = len(x), int(first.sum())
    if min(n_first, n - n_first) < LEAST:
        nan = float("nan")
        why = f"needs at least {LEAST} events in either group, got {n_first} and {n - n_first}"
        return Difference(nan, nan, nan, cannot_say(why, n))
    own = first[:, None] == first
    centring = np.eye(n) - own / own.sum(axis=1)
    centred = centring @ correlation
    trace = float(np.trace(centred))
    df = trace**2 / float((centred * centred.T).sum())
    spread = float(x @ centring @ x) / trace
    weights = np.where(first, 1.0 / n_first, -1.0 / (n - n_first))
    found = float(weights @ x)
    error = float(np.sqrt(max(spread * float(weights @ correlation @ weights), 0.0)))
    reach = float(stats.t.ppf(0.975, df)) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(found, error))
    return Difference(found, found - reach, found + reach, against_student(statistic, df, n))
