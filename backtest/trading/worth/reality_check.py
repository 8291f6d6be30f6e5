"""Whether the best of many variants is more than luck.

White's reality check and Romano-Wolf step-down p-values. White (2000), studentised as in Hansen
(2005); Romano and Wolf (2005). The draws flip the sign of whole blocks of events, the same flips
for every variant, so the variants' common trades stay common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS = 999
MIN_TRADES, MIN_BLOCKS = 5, 3
_AT_ONCE = 100  # draws a pass, to bound memory


@dataclass(frozen=True)
class RealityCheck:
    """Block-robust `t` (n_variants,) and their two-sided family-wise `pvalue`.

    And the p of the best being luck.
    """

    t: Floats
    pvalue: Floats
    best_p: float
    n_draws: int


@dataclass(frozen=True)
class _Sums:
    """Per variant (V,) and block (V, G): what t needs, for any flips of the blocks."""

    total: Floats  # (V, G) sum of returns
    count: Floats  # (V, G) number of trades

    def t(self, flips: Floats) -> Floats:
        """Studentised means under flips (G, B): (V, B)."""
        n = self.count.sum(axis=1)[:, None]
        mean = self.total @ flips / n
        # sum over blocks of (total - mean count)^2, where a flip changes the sign of total alone
        squares = (self.total**2).sum(axis=1)[:, None]
        cross = (self.total * self.count) @ flips
        counts = (self.count**2).sum(axis=1)[:, None]
        spread = squares - 2 * mean * cross + mean**2 * counts
        blocks = (self.count > 0).sum(axis=1)[:, None]
        error = np.sqrt(np.maximum(spread, 0.0) * blocks / (blocks - 1)) / n
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(error > 1e-12 * np.abs(mean), mean / error, np.nan))


def reality_check(
    returns: Floats, block: Ints, n_draws: int = DRAWS, seed: int = 0
) -> RealityCheck:
    """Judge `returns` (n_variants, n_events) with events in blocks (n_events,).

    NaN where a variant did not trade. A variant with fewer than 5 trades or 3 blocks has NaN. With
    G blocks no p can fall below about 2^(1-G).
    """
    there = np.isfinite(returns)
    member = (block[:, None] == np.unique(block)).astype(np.float64)
    total = np.where(there, returns, 0.0) @ member
    whole = _Sums(total, there.astype(np.float64) @ member)
    n_trades = whole.count.sum(axis=1)
    n_blocks = (whole.count > 0).sum(axis=1)
    nothing = np.full(len(returns), np.nan)
    kept = np.flatnonzero((n_trades >= MIN_TRADES) & (n_blocks >= MIN_BLOCKS))
    sums = _Sums(whole.total[kept], whole.count[kept])
    if len(kept):
        observed = sums.t(np.ones((member.shape[1], 1)))[:, 0]
    else:
        observed = np.empty(0)
    kept, sums, observed = _finite(kept, sums, observed)
    if not len(kept):
        return RealityCheck(nothing, nothing.copy(), float("nan"), n_draws)
    pvalue, best_p = _step_down(sums, observed, n_draws, seed)
    t, p = nothing.copy(), nothing.copy()
    t[kept], p[kept] = observed, pvalue
    return RealityCheck(t, p, best_p, n_draws)


def _finite(kept: Ints, sums: _Sums, observed: Floats) -> tuple[Ints, _Sums, Floats]:
    fine = np.isfinite(observed)
    return kept[fine], _Sums(sums.total[fine], sums.count[fine]), observed[fine]


def _step_down(sums: _Sums, observed: Floats, n_draws: int, seed: int) -> tuple[Floats, float]:
    order = np.argsort(-np.abs(observed), kind="stable")
    ranked = np.abs(observed)[order]
    random = np.random.default_rng(seed)
    # as far as observed up to rounding: a draw of no flips is the observed itself
    best = observed.max() * (1 - 1e-12)
    bar = ranked[:, None] * (1 - 1e-12)
    as_far, as_high = np.zeros(len(observed)), 0
    n_blocks = sums.total.shape[1]
    for start in range(0, n_draws, _AT_ONCE):
        size = (n_blocks, min(_AT_ONCE, n_draws - start))
        flips = random.choice([-1.0, 1.0], size=size)
        drawn = np.nan_to_num(sums.t(flips))
        as_high += int((drawn.max(axis=0) >= best).sum())
        # step-down: each variant is held to the most of itself and those ranked below it
        from_last = np.abs(drawn[order])[::-1]
        most = np.maximum.accumulate(from_last, axis=0)[::-1]
        as_far += (most >= bar).sum(axis=1)
    stepped = np.maximum.accumulate((1 + as_far) / (n_draws + 1))
    pvalue = np.empty_like(stepped)
    pvalue[order] = stepped
    return pvalue, (1 + as_high) / (n_draws + 1)
