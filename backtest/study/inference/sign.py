"""Tests that count signs: the binomial test, Cowan (1992), and Wilcoxon (1945)."""

from __future__ import annotations

import numpy as np
from scipy import stats

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say


def sign_z(events: CrossSection) -> Outcome:
    """Share of positive CARs against one half: exact binomial p, the usual z as statistic."""
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    positive = int((events.car > 0).sum())
    z = (positive - n / 2) / np.sqrt(n / 4)
    both, upper, lower = (
        float(stats.binomtest(positive, n, alternative=side).pvalue) for side in ("two-sided", "greater", "less")
    )
    return Outcome(float(z), both, n_events=n, pvalue_upper=upper, pvalue_lower=lower)


def gsign_z(events: CrossSection) -> Outcome:
    """Share of positive CARs against the share of positive estimation residuals (Cowan 1992): allows for skew."""
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    residuals = events.window.abnormal.residuals
    share = ((residuals > 0).sum(axis=1) / np.isfinite(residuals).sum(axis=1)).mean()
    positive = (events.car > 0).sum()
    return against_normal(float((positive - n * share) / np.sqrt(n * share * (1 - share))), n)


def wilcoxon(events: CrossSection) -> Outcome:
    """Signed ranks of the CARs, exact where there are no ties; z as statistic. Needs symmetry."""
    n = len(events)
    if n < 1 or not (events.car != 0).any():
        return cannot_say("needs at least 1 event with a CAR that is not 0", n)
    both, upper, lower = (
        float(stats.wilcoxon(events.car, alternative=side).pvalue) for side in ("two-sided", "greater", "less")
    )
    magnitude = stats.rankdata(np.abs(events.car))
    plus = magnitude[events.car > 0].sum()
    z = (plus - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return Outcome(float(z), both, n_events=n, pvalue_upper=upper, pvalue_lower=lower)
