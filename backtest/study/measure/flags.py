"""What a reader must know about a row of a table, as short words joined by semicolons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backtest.study.dependence.correlation import overlaps
from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS, AbnormalReturns
from backtest.study.measure.conditions import same_session, zero_share
from backtest.study.measure.holdings import own_weights
from backtest.study.measure.running_sums import Bools, Ints
from backtest.study.place.event_windows import EventWindow

_UPPER_RATIO, _LOWER_RATIO = 1.5, 0.67
_MANY_ZEROS = 0.10
_LARGE_WEIGHT = 0.01

Flags = np.ndarray[tuple[int], np.dtype[np.object_]]

MEANING: Mapping[str, str] = {
    "reduced_history": "60 to 119 sessions to estimate on",
    "weak_history": "30 to 59 sessions to estimate on: wide errors",
    "descriptive": "under 30 sessions to estimate on: difference to the benchmark only, no test",
    "contaminated_estimation": "over 10% of the estimation window left out because of other events of the ticker",
    "long_for_history": "fewer than 5 estimation sessions a session of the window",
    "garch_fallback": "least squares in place of GARCH: too few sessions, or no interior fit",
    "volatility_shift": "the last 20 estimation sessions were over 1.5 or under 0.67 times as volatile as all of them",
    "thin_trading": "over 10% of the estimation returns are exactly zero",
    "in_benchmark": "the benchmark holds 1% or more of the security: part of its own move is taken out of the measure",
    "same_session": "another event of the same ticker on the same session: the two cannot be told apart",
    "missing_days": "sessions of the window without a return; the sum runs over the rest",
    "cut_off": "the window reaches beyond the prices, or the factors of the model; not measured",
    "overlap": "shares sessions with another event of the same ticker",
    "widened": "the time of the announcement is uncertain: the window [0,0] became [0,+1]",
    "price_oddity": "an error or warning about the ticker's prices falls into the window",
    "timing_unknown": "only the date of the announcement is known",
    "late_in_session": "announced less than 30 minutes before the close",
}


def estimate_flags(abnormal: AbnormalReturns, n_excluded: Ints) -> Flags:
    """Flags of each event's fit, (N,)."""
    n, ratio = abnormal.fit.n_obs, abnormal.volatility_ratio
    weights = own_weights(abnormal)
    return _join(
        {
            "reduced_history": (n >= 60) & (n < 120),
            "weak_history": (n >= MINIMUM_OBSERVATIONS) & (n < 60),
            "descriptive": n < MINIMUM_OBSERVATIONS,
            "contaminated_estimation": n_excluded > 0.1 * (n + n_excluded),
            "garch_fallback": ~abnormal.volatility.given
            if abnormal.volatility
            else np.zeros(len(n), dtype=bool),
            "volatility_shift": (ratio > _UPPER_RATIO) | (ratio < _LOWER_RATIO),
            "thin_trading": zero_share(abnormal.events, abnormal.panel, abnormal.estimation)
            > _MANY_ZEROS,
            "in_benchmark": weights >= _LARGE_WEIGHT,
            "same_session": same_session(abnormal.events),
        }
    )


def window_flags(window: EventWindow) -> Flags:
    """Flags of each event in one window, (N,), without those of its fit."""
    n = window.abnormal.fit.n_obs
    return _join(
        {
            "long_for_history": (n >= MINIMUM_OBSERVATIONS) & (n < 5 * window.n_sessions),
            "missing_days": (window.n_valid < window.n_sessions) & ~window.cut_off,
            "cut_off": window.cut_off,
            "overlap": overlaps(window),
            "widened": window.end > window.nominal.end,
        }
    )


def join_flags(
    *columns: Flags,
) -> Flags:
    """Join flags of several kinds, row by row."""
    out = np.full(len(columns[0]), "", dtype=object)
    for column in columns:
        both = (out != "") & (column != "")
        out = out + np.where(both, ";", "") + column
    return out


def _join(conditions: Mapping[str, Bools]) -> Flags:
    size = len(next(iter(conditions.values())))
    words = [np.where(mask, word, "").astype(object) for word, mask in conditions.items()]
    return join_flags(np.full(size, "", dtype=object), *words)
