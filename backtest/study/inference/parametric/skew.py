"""t-tests adjusted for skewness: Johnson (1978), Hall (1992), Lyon, Barber and Tsai (1999)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.running_sums import Floats

DRAWS = 999
_CELLS = 500_000  # drawn at once: 4 MB


def johnson_t(events: CrossSection) -> Outcome:
    """`sqrt N (S + g S^2 / 3 + g / (6N))` against t with N - 1.

    `S = mean / s`, and g is the skewness.
    """
    if len(events) < 3:
        return cannot_say(f"needs at least 3 events, got {len(events)}", len(events))
    return against_student(float(_johnson(events.car, 0.0)), len(events) - 1, len(events))


def hall_z(events: CrossSection) -> Outcome:
    """Johnson's statistic with Hall's cubic term, against the normal distribution."""
    n, x = len(events), events.car
    if n < 3:
        return cannot_say(f"needs at least 3 events, got {n}", n)
    ratio, skew = x.mean() / x.std(ddof=1), _skewness(x)
    statistic = ratio + skew * ratio**2 / 3 + skew**2 * ratio**3 / 27 + skew / (6 * n)
    return against_normal(float(np.sqrt(n) * statistic), n)


def lbt_boot(events: CrossSection) -> Outcome:
    """Johnson's statistic against its own bootstrap from resamples of N/4 (at least 5) events.

    Made for buy-and-hold returns and large samples: below about 50 events do not trust it.
    """
    n, x = len(events), events.car
    if n < 5:
        return cannot_say(f"needs at least 5 events, got {n}", n)
    size = max(n // 4, 5)
    drawn = _drawn(x, size)
    statistic, drawn = float(_johnson(x, 0.0)), drawn[np.isfinite(drawn)]
    lower, upper = (
        float((1 + tail.sum()) / (len(drawn) + 1))
        for tail in (drawn <= statistic, drawn >= statistic)
    )
    both = min(2 * min(lower, upper), 1.0)
    return Outcome(statistic, both, n_events=n, pvalue_upper=upper, pvalue_lower=lower)


def _drawn(x: Floats, size: int) -> Floats:
    """The statistic of resamples of so many of the values, (DRAWS,), some at a time."""
    rng, middle, drawn = np.random.default_rng(1), float(x.mean()), []
    rows = max(_CELLS // size, 1)
    for begin in range(0, DRAWS, rows):
        # One stream cut into pieces gives the rows that one call would.
        draws = x[rng.integers(0, len(x), (min(rows, DRAWS - begin), size))]
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append(_johnson(draws, middle))
    return np.concatenate(drawn)


def _johnson(x: Floats, centre: float) -> Floats:
    """Johnson's statistic of the values along the last axis."""
    n = x.shape[-1]
    ratio, skew = (x.mean(axis=-1) - centre) / x.std(axis=-1, ddof=1), _skewness(x)
    return np.asarray(np.sqrt(n) * (ratio + skew * ratio**2 / 3 + skew / (6 * n)))


def _skewness(x: Floats) -> Floats:
    away = x - x.mean(axis=-1, keepdims=True)
    return np.asarray((away * away * away).mean(axis=-1) / x.std(axis=-1, ddof=1) ** 3)
