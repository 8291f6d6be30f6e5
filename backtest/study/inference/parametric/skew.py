"""t-tests adjusted for skewness: Johnson (1978), Hall (1992), Lyon, Barber and Tsai (1999)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.running_sums import Bools, Floats

DRAWS = 999
_CELLS = 500_000  # drawn at once: 4 MB


def johnson_t(events: CrossSection) -> Outcome:
    """`sqrt N (S + g S^2 / 3 + g / (6N))` against t with N - 1.

    `S = mean / s`, and g is the skewness.
    """
    n = len(events)
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    return against_student(float(_johnson(events.car, 0.0)), n - 1, n)


def hall_z(events: CrossSection) -> Outcome:
    """Johnson's statistic with Hall's cubic term, against the normal distribution."""
    n, x = len(events), events.car
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    mean, spread, skew = _moments(x)
    ratio = mean / spread
    cubic = skew**2 * ratio**3 / 27  # makes the whole monotone in the ratio
    statistic = ratio + skew * ratio**2 / 3 + cubic + skew / (6 * n)
    return against_normal(float(np.sqrt(n) * statistic), n)


def lbt_boot(events: CrossSection) -> Outcome:
    """Johnson's statistic against its own bootstrap from resamples of N/4 (at least 5) events.

    Made for buy-and-hold returns and large samples: below about 50 events do not trust it.
    """
    n, x = len(events), events.car
    if n < 5:
        return cannot_say(f"needs at least 5 events, got {n}", n)
    statistic = float(_johnson(x, 0.0))
    drawn = _drawn(x, max(n // 4, 5))
    drawn = drawn[np.isfinite(drawn)]  # a resample of one event again and again has no spread
    lower = _share_of(drawn <= statistic)
    upper = _share_of(drawn >= statistic)
    both = min(2 * min(lower, upper), 1.0)
    return Outcome(statistic, both, n_events=n, pvalue_upper=upper, pvalue_lower=lower)


def _share_of(as_far: Bools) -> float:
    """The p-value of a tail: the draws in it and the sample itself, over all of both."""
    return float((1 + as_far.sum()) / (len(as_far) + 1))


def _drawn(x: Floats, size: int) -> Floats:
    """The statistic of resamples of so many of the values, (DRAWS,), some at a time."""
    rng = np.random.default_rng(1)
    middle = float(x.mean())
    rows = max(_CELLS // size, 1)
    drawn = []
    for begin in range(0, DRAWS, rows):
        # One stream cut into pieces gives the rows that one call would.
        shape = (min(rows, DRAWS - begin), size)
        resamples = x[rng.integers(0, len(x), shape)]
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append(_johnson(resamples, middle))
    return np.concatenate(drawn)


def _johnson(x: Floats, centre: float) -> Floats:
    """Johnson's statistic of the values along the last axis."""
    n = x.shape[-1]
    mean, spread, skew = _moments(x)
    ratio = (mean - centre) / spread
    adjusted = ratio + skew * ratio**2 / 3 + skew / (6 * n)
    return np.asarray(np.sqrt(n) * adjusted)


def _moments(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, standard deviation and skewness of the values along the last axis."""
    n, mean = x.shape[-1], x.mean(axis=-1)
    away = x - mean[..., None]
    spread = np.sqrt(np.einsum("...i,...i->...", away, away) / (n - 1))
    third = np.einsum("...i,...i,...i->...", away, away, away) / n
    return mean, spread, third / spread**3
