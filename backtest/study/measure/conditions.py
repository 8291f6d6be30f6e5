"""Conditions under which an estimate is to be read with care: all from the estimation window."""

from __future__ import annotations

import numpy as np

from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import Panel, count_between
from backtest.study.running_sums import Bools, Floats
from backtest.study.windows import Window

RECENT_SESSIONS = 20
_ENOUGH = 15
STALE_SHARE = (
    0.20  # of the returns exactly zero, above which overlapping long windows are not tested
)
STALE_LENGTH = 2  # sessions of the longest window they are tested in


def volatility_ratio(recent: Floats, sigma: Floats) -> Floats:
    """Spread of the `recent` residuals over that of all estimation sessions, (N,).

    `recent` is (N, 20), NaN where not used. NaN where fewer than 15 of the 20 were used, or there
    is no estimate.
    """
    there = np.isfinite(recent)
    n = there.sum(axis=1)
    square = np.where(there, recent**2, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n >= _ENOUGH, np.sqrt(square / n) / sigma, np.nan)


def zero_share(events: AlignedEvents, panel: Panel, estimation: Window) -> Floats:
    """Share of returns of the estimation window that are exactly zero, (N,).

    Prices that did not move, or no trade.
    """
    first, last = events.row + estimation.start, events.row + estimation.end
    count = count_between(panel.estimable, first, last, events.column)
    zeros = count_between(panel.estimable & (panel.y == 0), first, last, events.column)
    return np.asarray(zeros / np.maximum(count, 1))


def same_session(events: AlignedEvents) -> Bools:
    """Whether the security has another event on the very session, (N,).

    The two cannot be told apart.
    """
    keys = events.row * (events.column.max(initial=0) + 1) + events.column
    _, group, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[group] > 1)
