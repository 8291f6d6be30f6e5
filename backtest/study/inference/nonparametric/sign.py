"""Tests that count signs: the binomial test, Cowan (1992), and Wilcoxon (1945)."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import special, stats

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_reject, cannot_say
from backtest.study.running_sums import Floats
from events.words import count

_EXACT_UP_TO = 50  # as scipy: beyond it the normal distribution is as good
_EXACT_TIES_UP_TO = 13  # as scipy: with ties or zeros, every pattern of signs of so many CARs


def sign_z(events: CrossSection) -> Outcome:
    """Share of positive CARs against one half: exact binomial p, the usual z as statistic."""
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    powerless = cannot_reject(2.0 ** (1 - n), count(n, "event"), n)
    if powerless:
        return powerless
    positive = int((events.car > 0).sum())
    z = (positive - n / 2) / np.sqrt(n / 4)
    lower, upper = (float(special.bdtr(count, n, 0.5)) for count in (positive, n - positive))
    return Outcome(
        float(z),
        min(2 * min(lower, upper), 1.0),
        n_events=n,
        pvalue_upper=upper,
        pvalue_lower=lower,
    )


def gsign_z(events: CrossSection) -> Outcome:
    """Share of positive CARs against the share of positive estimation residuals.

    Cowan (1992): it allows for skew.
    """
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    share = (events.days.positive / events.days.history).mean()
    positive = (events.car > 0).sum()
    return against_normal(float((positive - n * share) / np.sqrt(n * share * (1 - share))), n)


def wilcoxon(events: CrossSection) -> Outcome:
    """Signed ranks of the CARs, exact where there are no ties; z as statistic. Needs symmetry."""
    n = len(events)
    if n < 1 or not (events.car != 0).any():
        return cannot_say("needs at least 1 event with a CAR that is not 0", n)
    moved = int((events.car != 0).sum())
    powerless = cannot_reject(2.0 ** (1 - moved), count(moved, "event"), n)
    if powerless:
        return powerless
    plus = stats.rankdata(np.abs(events.car))[events.car > 0].sum()
    z = float((plus - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24))
    lower, upper = _tails(events.car, int(plus), z)
    return Outcome(
        z, min(2 * min(lower, upper), 1.0), n_events=n, pvalue_upper=upper, pvalue_lower=lower
    )


def _tails(x: Floats, plus: int, z: float) -> tuple[float, float]:
    """Chance of a sum of positive ranks as low, and as high.

    scipy's where many have zeros or ties.
    """
    n, magnitude = len(x), np.abs(x)
    if not magnitude.all() or len(np.unique(magnitude)) < n:
        if n <= _EXACT_TIES_UP_TO:
            return _tied_tails(x)
        less, greater = (
            float(stats.wilcoxon(x, alternative=side).pvalue) for side in ("less", "greater")
        )
        return less, greater
    if n > _EXACT_UP_TO:
        return float(special.ndtr(z)), float(special.ndtr(-z))
    chance = _signed_ranks(n)
    return float(chance[: plus + 1].sum()), float(chance[plus:].sum())


def _tied_tails(x: Floats) -> tuple[float, float]:
    """The same over every pattern of signs: zeros have no rank, ties the mean of theirs.

    Ranks are doubled, so that means of them are whole numbers. scipy gives the same, pattern by
    pattern, which took most of the time of a catalog's tests.
    """
    moved = x[x != 0]
    ranks = np.rint(2 * stats.rankdata(np.abs(moved))).astype(np.int64)
    chance = np.ones(1)
    for rank in ranks:
        chance = (np.pad(chance, (0, rank)) + np.pad(chance, (rank, 0))) / 2
    plus = int(ranks[moved > 0].sum())
    return float(chance[: plus + 1].sum()), float(chance[plus:].sum())


@cache
def _signed_ranks(n: int) -> Floats:
    """Chance of each sum of positive ranks, 0 to n (n + 1) / 2.

    When every sign is a toss of a coin.
    """
    chance = np.ones(1)
    for rank in range(1, n + 1):
        chance = (np.pad(chance, (0, rank)) + np.pad(chance, (rank, 0))) / 2
    return chance
