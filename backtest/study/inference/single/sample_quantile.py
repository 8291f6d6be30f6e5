"""The sample-quantile test of Gelbach, Helland and Klick (2013), studentised."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.single.answers import Answers, answers, not_measured, reasons
from backtest.study.measure.event_windows import EventWindow
from backtest.study.measure.shifted import standardised_sums
from backtest.study.running_sums import Bools, Floats

MINIMUM = 19
_CHUNK = 20_000


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
