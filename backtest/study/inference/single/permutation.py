"""The permutation test of Nguyen and Wolf (2023)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from backtest.study.inference.single.answers import Answers, answers, not_measured, reasons
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.parted import parts

DRAWS = 999
_SEED = 1
_CHUNK = 5_000  # events whose days are laid out at once


def permutation(window: EventWindow) -> Answers:
    """`sum SAR / sqrt L` among such sums of L values drawn.

    Drawn from estimation and event sessions together. Passes over the estimation error that the
    window's days share, and over spells of volatility: with 21 sessions and 60 to 120 of history it
    rejects 7 to 10% of the time.
    """
    place = np.arange(len(window.start))
    drawn = [_drawn_p(window.take(place[part])) for part in parts(len(place), _CHUNK)]
    statistic, pvalue = (np.concatenate(one) for one in zip(*drawn, strict=True))
    return answers(statistic, pvalue, reasons(not_measured(window), len(place)))


def _drawn_p(window: EventWindow) -> tuple[Floats, Floats]:
    """Statistic and p-value of each event."""
    abnormal, n = window.abnormal, len(window.start)
    sar = np.where(window.inside, abnormal.abnormal / abnormal.se, np.nan)
    pools = np.hstack([abnormal.residuals / abnormal.fit.sigma[:, None], sar])
    observed = np.nansum(sar, axis=1)
    length = np.isfinite(sar).sum(axis=1)
    pvalue = np.full(n, np.nan)
    for i in np.flatnonzero((length > 0) & np.isfinite(window.scar)):
        pool = pools[i][np.isfinite(pools[i])]
        sums = pool[_drawn(len(pool), int(length[i]))].sum(axis=1)
        pvalue[i] = (1 + (np.abs(sums) >= abs(observed[i]) * (1 - 1e-12)).sum()) / (DRAWS + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return observed / np.sqrt(length), pvalue


@lru_cache(maxsize=64)
def _drawn(size: int, length: int) -> Ints:
    """Positions of `length` values drawn without replacement, (DRAWS, length).

    The same for every pool of a size.
    """
    rng = np.random.default_rng(_SEED)
    return np.array([rng.choice(size, length, replace=False) for _ in range(DRAWS)])
