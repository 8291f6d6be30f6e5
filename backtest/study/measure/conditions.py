"""Conditions under which an estimate is to be read with care: all from sums over the estimation window."""

from __future__ import annotations

import numpy as np

from backtest.study.normal import Fit
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import Panel, count_between
from backtest.study.running_sums import Bools, Floats, RunningSums
from backtest.study.windows import Window

RECENT_SESSIONS = 20
_ENOUGH = 15
STALE_SHARE = (
    0.20  # of the returns exactly zero, above which overlapping long windows are not tested
)
STALE_LENGTH = 2  # sessions of the longest window they are tested in


def volatility_ratio(events: AlignedEvents, panel: Panel, fit: Fit, estimation: Window) -> Floats:
    """Residual spread of the last 20 sessions of the estimation window over that of the whole, (N,).

    NaN where fewer than 15 of the 20 were used, or there is no estimate.
    """
    last = events.row + estimation.end
    recent = RunningSums(panel.y, panel.x, panel.estimable).over(
        last - RECENT_SESSIONS + 1, last, events.column
    )
    centre = recent.mean_y - fit.intercept - (fit.slopes * recent.mean_x).sum(axis=1)
    about = (
        recent.syy
        - 2 * (fit.slopes * recent.sxy).sum(axis=1)
        + np.einsum("nr,nrs,ns->n", fit.slopes, recent.sxx, fit.slopes)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.maximum(about / recent.n + centre**2, 0.0))
        return np.where(recent.n >= _ENOUGH, spread / fit.sigma, np.nan)


def zero_share(events: AlignedEvents, panel: Panel, estimation: Window) -> Floats:
    """Share of returns of the estimation window that are exactly zero: prices that did not move, or no trade, (N,)."""
    first, last = events.row + estimation.start, events.row + estimation.end
    count = count_between(panel.estimable, first, last, events.column)
    zeros = count_between(panel.estimable & (panel.y == 0), first, last, events.column)
    return np.asarray(zeros / np.maximum(count, 1))


def same_session(events: AlignedEvents) -> Bools:
    """Whether the security has another event on the very session, (N,): the two cannot be told apart."""
    keys = events.row * (events.column.max(initial=0) + 1) + events.column
    _, group, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[group] > 1)
