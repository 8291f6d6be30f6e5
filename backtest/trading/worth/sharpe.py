"""Sharpe ratios with their uncertainty, and what is left of the best of many.

Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier" (2012) and "The Deflated Sharpe
Ratio" (2014).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
YEAR = 252
MIN_INVESTED = 60
EULER = 0.5772156649015329


@dataclass(frozen=True)
class Sharpe:
    """A Sharpe ratio per session over no riskless rate.

    With the moments of its returns (normal: skew 0, kurtosis 3).
    """

    per_session: float
    n_sessions: int
    skew: float
    kurtosis: float
    why_not: str = ""

    @property
    def annual(self) -> float:
        """The ratio a year."""
        return self.per_session * math.sqrt(YEAR)

    @property
    def error(self) -> float:
        """Standard error of the ratio per session (Mertens 2002)."""
        sr = self.per_session
        spread = 1 - self.skew * sr + (self.kurtosis - 1) / 4 * sr**2
        if self.n_sessions > 1:
            return math.sqrt(max(spread, 0.0) / (self.n_sessions - 1))
        return math.nan

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The annual ratio's interval."""
        half = float(stats.norm.ppf(0.5 + level / 2)) * self.error * math.sqrt(YEAR)
        return self.annual - half, self.annual + half


def sharpe(returns: Floats, n_invested: int) -> Sharpe:
    """The Sharpe ratio of daily returns (n_sessions,).

    Given only with 60 invested sessions or more.
    """
    nothing = (math.nan, len(returns), math.nan, math.nan)
    if n_invested < MIN_INVESTED:
        return Sharpe(*nothing, f"needs {MIN_INVESTED} invested sessions, got {n_invested}")
    if np.ptp(returns) == 0:
        return Sharpe(*nothing, "the returns do not vary")
    ratio = float(returns.mean() / returns.std(ddof=1))
    return Sharpe(
        ratio,
        len(returns),
        float(stats.skew(returns)),
        float(stats.kurtosis(returns, fisher=False)),
    )


def probabilistic_sharpe(ratio: Sharpe, benchmark: float = 0.0) -> float:
    """Probability that the true ratio per session is above `benchmark`.

    Given the sample's length and shape.

    >>> ratio = Sharpe(2.5 / 252**0.5 * (252 / 250) ** 0.5, 1250, -3, 10)
    >>> round(probabilistic_sharpe(ratio, 0.1132), 3)
    0.9
    """
    if not math.isfinite(ratio.per_session) or not ratio.error > 0:
        return math.nan
    return float(stats.norm.cdf((ratio.per_session - benchmark) / ratio.error))


def expected_best(n_trials: int, variance: float) -> float:
    """Expected highest ratio of `n_trials` worthless strategies.

    Their ratios have this variance (per session).

    >>> round(expected_best(100, 0.5 / 250), 4)
    0.1132
    """
    if n_trials < 2:
        return 0.0
    high = float(stats.norm.ppf(1 - 1 / n_trials))
    higher = float(stats.norm.ppf(1 - 1 / (n_trials * math.e)))
    return math.sqrt(variance) * ((1 - EULER) * high + EULER * higher)


def deflated_sharpe(ratio: Sharpe, trials: Floats, n_trials: int | None = None) -> float:
    """Probability that a ratio beats the best that `n_trials` rules would give by luck alone.

    `trials` are per-session ratios, for how much ratios vary; without `n_trials` they are all that
    was tried.
    """
    known = trials[np.isfinite(trials)]
    variance = 0.0
    if len(known) > 1:
        variance = float(known.var(ddof=1))
    return probabilistic_sharpe(ratio, expected_best(n_trials or len(known), variance))


def min_track_record(ratio: Sharpe, benchmark: float = 0.0, level: float = 0.95) -> float:
    """Sessions needed to be sure at `level` that the ratio is above `benchmark`.

    Infinity if not, NaN if unknown.
    """
    if math.isnan(ratio.per_session):
        return math.nan
    if not ratio.per_session > benchmark:
        return math.inf
    spread = 1 - ratio.skew * ratio.per_session + (ratio.kurtosis - 1) / 4 * ratio.per_session**2
    return 1 + spread * (float(stats.norm.ppf(level)) / (ratio.per_session - benchmark)) ** 2
