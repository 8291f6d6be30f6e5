"""Conditions under which an estimate is to be read with care: all from the estimation window."""

from __future__ import annotations

import numpy as np

from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import Panel
from backtest.study.running_sums import Bools, Floats, Ints, between, running_lines
from backtest.study.windows import Window
from backtest.work.passing import once

RECENT_SESSIONS = 20
_ENOUGH = 15
# Of the returns exactly zero; above it overlapping long windows are not tested.
STALE_SHARE = 0.20
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
    there, zero = once(panel, "_returns_counted", _returns_counted)
    count = between(there, first, last, events.column)
    return np.asarray(between(zero, first, last, events.column) / np.maximum(count, 1))


def _returns_counted(panel: Panel) -> tuple[Ints, Ints]:
    """Estimable returns of each security so far, and those that are zero, (K, T + 1)."""
    zero = panel.estimable & (panel.y == 0)
    return running_lines(panel.estimable.T, np.int32), running_lines(zero.T, np.int32)


def same_session(events: AlignedEvents) -> Bools:
    """Whether the security has another event on the very session, (N,).

    The two cannot be told apart.
    """
    keys = events.row * (events.column.max(initial=0) + 1) + events.column
    _, group, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[group] > 1)
