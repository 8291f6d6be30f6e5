"""Honest numbers for few trades: each statistic says what it rests on, or is NaN with a reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from events.words import count

Floats = NDArray[np.float64]
EXACT_CLUSTERS = 12  # up to here all sign flips are made
DRAWS = 9_999


@dataclass(frozen=True)
class HitRate:
    """The share of trades above zero, with its exact (Clopper-Pearson) 95% interval."""

    rate: float
    low: float
    high: float


def hit_rate(returns: Floats) -> HitRate:
    """How often a trade gained.

    >>> hits = hit_rate(np.array([0.01, 0.02, -0.01]))
    >>> f"{hits.rate:.2f} [{hits.low:.2f}, {hits.high:.2f}]"
    '0.67 [0.09, 0.99]'
    """
    if not len(returns):
        return HitRate(math.nan, math.nan, math.nan)
    test = stats.binomtest(int((returns > 0).sum()), len(returns))
    low, high = test.proportion_ci(0.95, method="exact")
    return HitRate(float(test.statistic), float(low), float(high))


@dataclass(frozen=True)
class MeanReturnTest:
    """A mean, its Student t over independent trades and two-sided p; `why_not` where there is none.

    `mde80` is the mean that such a test at 5% would find in four of five samples: a smaller one
    cannot be excluded.
    """

    mean: float
    t: float
    df: float
    pvalue: float
    mde80: float
    why_not: str = ""


def mean_test(returns: Floats) -> MeanReturnTest:
    """Test a mean of zero as if trades were independent, which clustered announcements are not."""
    n = len(returns)
    if n:
        mean = float(np.mean(returns))
    else:
        mean = math.nan
    if n < 2 or np.ptp(returns) == 0:
        return MeanReturnTest(
            mean,
            math.nan,
            math.nan,
            math.nan,
            math.nan,
            f"needs 2 trades that differ, got {count(n, 'trade')}",
        )
    error = float(np.std(returns, ddof=1)) / math.sqrt(n)
    t = mean / error
    mde80 = error * float(stats.t.ppf(0.975, n - 1) + stats.t.ppf(0.80, n - 1))
    return MeanReturnTest(mean, t, n - 1, float(2 * stats.t.sf(abs(t), n - 1)), mde80)


def weighted_mean(returns: Floats, weights: Floats) -> tuple[float, float]:
    """The mean return of money, not of bets: each weighs as the money in it; and its t.

    The error is that of a ratio of means with independent bets: sum w^2 (r - mean)^2, times
    n / (n - 1), over the square of sum w. With equal weights it is Student's t.

    >>> weighted_mean(np.array([0.02, 0.00]), np.array([3.0, 1.0]))[0]
    0.015
    """
    n, total = len(returns), float(weights.sum())
    if not n or not total > 0:
        return math.nan, math.nan
    mean = float((weights * returns).sum() / total)
    if n < 2 or np.ptp(returns) == 0:
        return mean, math.nan
    error = math.sqrt(float((weights**2 * (returns - mean) ** 2).sum()) * n / (n - 1)) / total
    return mean, mean / error


def clusters(entry: pd.Series, leave: pd.Series) -> NDArray[np.int64]:
    """Number the trades so that those whose holding times overlap share a number.

    They overlap directly or through others. `leave` NaT (open) never ends.
    """
    begin = entry.to_numpy(dtype="datetime64[us]")
    end = leave.fillna(pd.Timestamp.max.as_unit("us")).to_numpy(dtype="datetime64[us]")
    order = np.argsort(begin, kind="stable")
    reach = np.maximum.accumulate(end[order])
    fresh = np.concatenate([[False], begin[order][1:] > reach[:-1]])
    out = np.empty(len(begin), dtype=np.int64)
    out[order] = np.cumsum(fresh)
    return out


def flips_too_few(n_clusters: int) -> str:
    """Why the flips of so few clusters can say nothing at 5%; empty where they can.

    >>> flips_too_few(2)
    'sign flips cannot reject at 5%: the smallest p of 2 clusters of bets is 0.5'
    >>> flips_too_few(6)
    ''
    """
    least = 2.0 ** (1 - n_clusters)
    if not n_clusters or least <= 0.05:
        return ""
    if n_clusters == 1:
        many = "cluster"
    else:
        many = "clusters"
    return (
        "sign flips cannot reject at 5%: "
        f"the smallest p of {n_clusters} {many} of bets is {least:.2g}"
    )


def sign_flip_p(returns: Floats, cluster: NDArray[np.int64], seed: int = 0) -> float:
    """Two-sided p of a mean of zero when whole clusters may have had the other sign.

    Up to 12 clusters all 2^G flips are made, so p is never below 2^(1-G); beyond, 9,999 random ones
    (Cameron, Gelbach and Miller 2008 with Rademacher weights, on the sum).
    """
    if not len(returns):
        return math.nan
    sums = np.bincount(cluster, weights=returns)
    sums = sums[np.bincount(cluster) > 0]
    observed = abs(sums.sum()) * (1 - 1e-12)
    if len(sums) <= EXACT_CLUSTERS:
        flips = np.array(list(product([-1.0, 1.0], repeat=len(sums))))
        return float((np.abs(flips @ sums) >= observed).mean())
    flips = np.random.default_rng(seed).choice([-1.0, 1.0], size=(DRAWS, len(sums)))
    return float((1 + (np.abs(flips @ sums) >= observed).sum()) / (DRAWS + 1))


def leave_one_out(returns: Floats) -> tuple[float, float]:
    """The lowest and highest mean when one trade is left out."""
    n = len(returns)
    if n < 2:
        return math.nan, math.nan
    means = (returns.sum() - returns) / (n - 1)
    return float(means.min()), float(means.max())


def best_share(profits: Floats) -> float:
    """The best trade's share of the total profit.

    Above 1 where the others lost; NaN where the total is no profit.
    """
    total = float(profits.sum())
    if len(profits) and total > 0:
        return float(profits.max()) / total
    return math.nan


def break_even_bps(gross: Floats, passive: Floats, traded: Floats) -> float:
    """Costs, in basis points of the traded money, at which the mean excess return would be zero.

    `gross` and `passive` are returns before costs of the strategy and of the benchmark, `traded`
    the money bought and sold per money in the bet. Negative: not even free trading earned anything.
    """
    if len(gross) and traded.sum() > 0:
        return float((gross - passive).sum() / traded.sum() * 1e4)
    return math.nan
