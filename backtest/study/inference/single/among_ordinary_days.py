"""One event among the ordinary sessions of its own security, without a law of their residuals.

Among all sums of neighbouring sessions: Gelbach, Helland and Klick (2013), studentised. Among sums
of sessions drawn: the permutation test of Nguyen and Wolf (2023).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from backtest.study.inference.single.answers import Answers, answers, not_measured, reasons
from backtest.study.measure.event_windows import EventWindow
from backtest.study.measure.shifted import standardised_sums
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.work.parted import parts

MINIMUM = 19
_CHUNK = 20_000
DRAWS = 999
_SEED = 1
_AT_ONCE = 5_000  # events whose days are laid out at once


def sample_quantile(window: EventWindow) -> Answers:
    """Where the SCAR stands among standardised sums of the estimation window.

    Its own sums, of as many sessions. The two-sided p counts sums as far from zero. Made for one
    session: the sums of a longer window overlap, and the test then rejects 10 to 15% of the time.
    """
    n = len(window.start)
    reached, count = np.zeros(n), np.zeros(n)
    for part in _parts(window):
        sums = standardised_sums(window.take(part))
        there = np.isfinite(sums)
        count[part] = there.sum(axis=1)
        reached[part] = (
            there & (np.abs(np.where(there, sums, 0.0)) >= np.abs(window.scar[part])[:, None])
        ).sum(axis=1)
    few: Bools = count < MINIMUM
    why_not = reasons(
        {**not_measured(window), f"needs at least {MINIMUM} stretches to compare with": few}, n
    )
    pvalue: Floats = (1 + reached) / (count + 1)
    return answers(window.scar, pvalue, why_not)


def _parts(window: EventWindow) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Positions of events whose windows have the same length, in pieces that fit in memory."""
    parts = []
    for length in np.unique(window.n_sessions):
        same = np.flatnonzero(window.n_sessions == length)
        parts += [same[first : first + _CHUNK] for first in range(0, len(same), _CHUNK)]
    return parts


def permutation(window: EventWindow) -> Answers:
    """`sum SAR / sqrt L` among such sums of L values drawn.

    Drawn from estimation and event sessions together. Passes over the estimation error that the
    window's days share, and over spells of volatility: with 21 sessions and 60 to 120 of history it
    rejects 7 to 10% of the time.
    """
    place = np.arange(len(window.start))
    drawn = [_drawn_p(window.take(place[part])) for part in parts(len(place), _AT_ONCE)]
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
