"""What a reader must know about a row of a table, from the shape of its fit and its windows."""

from __future__ import annotations

import numpy as np

from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS, AbnormalReturns
from backtest.study.measure.conditions import STALE_LENGTH, STALE_SHARE, same_session
from backtest.study.measure.event_windows import EventWindow, overlaps
from backtest.study.measure.holdings import own_weights
from backtest.study.running_sums import Ints
from events.flag import Flag, flag_cells

_UPPER_RATIO, _LOWER_RATIO = 1.5, 0.67
_MANY_ZEROS = 0.10
_LARGE_WEIGHT = 0.01

Flags = np.ndarray[tuple[int], np.dtype[np.object_]]


def estimate_flags(abnormal: AbnormalReturns, n_excluded: Ints) -> Flags:
    """Flags of each event's fit, (N,)."""
    n, ratio = abnormal.fit.n_obs, abnormal.volatility_ratio
    weights = own_weights(abnormal)
    return flag_cells(
        {
            Flag.REDUCED_HISTORY: (n >= 60) & (n < 120),
            Flag.WEAK_HISTORY: (n >= MINIMUM_OBSERVATIONS) & (n < 60),
            Flag.DESCRIPTIVE: n < MINIMUM_OBSERVATIONS,
            Flag.CONTAMINATED_ESTIMATION: n_excluded > 0.1 * (n + n_excluded),
            Flag.GARCH_FALLBACK: ~abnormal.volatility.given
            if abnormal.volatility
            else np.zeros(len(n), dtype=bool),
            Flag.VOLATILITY_SHIFT: (ratio > _UPPER_RATIO) | (ratio < _LOWER_RATIO),
            Flag.THIN_TRADING: abnormal.zero_share > _MANY_ZEROS,
            Flag.IN_BENCHMARK: weights >= _LARGE_WEIGHT,
            Flag.SAME_SESSION: same_session(abnormal.events),
        }
    )


def window_flags(window: EventWindow) -> Flags:
    """Flags of each event in one window, (N,), without those of its fit."""
    abnormal, n = window.abnormal, window.abnormal.fit.n_obs
    return flag_cells(
        {
            Flag.LONG_FOR_HISTORY: (n >= MINIMUM_OBSERVATIONS) & (n < 5 * window.n_sessions),
            Flag.STALE_WINDOW: (window.n_sessions > STALE_LENGTH)
            & (abnormal.zero_share > STALE_SHARE),
            Flag.MISSING_DAYS: (window.n_valid < window.n_sessions)
            & ~window.few_days
            & ~window.cut_off,
            Flag.FEW_DAYS: window.few_days & ~window.cut_off,
            Flag.CUT_OFF: window.cut_off,
            Flag.OVERLAP: overlaps(window),
            Flag.WIDENED: window.end > window.nominal.end,
        }
    )
