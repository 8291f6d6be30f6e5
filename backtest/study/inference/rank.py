"""Rank tests: Corrado (1989), Corrado and Zivney (1992), Cowan (1992), Campbell and Wasley (1993).

Each event's abnormal returns over estimation and event window are ranked together; the event days' ranks are then
compared with their own spread over all days, which keeps whatever correlation a common date brings.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.moments import Floats, Ints


def corrado_rank_z(events: CrossSection) -> Outcome:
    """Ranks of the abnormal returns, summed over the window, against the normal distribution."""
    return _over_window(events, _centred_ranks(_raw(events)))


def cumrank_fpc_t(events: CrossSection) -> Outcome:
    """`corrado_rank_z` with the finite-population factor that long windows need, against t with T - 2."""
    return _finite_population(events, _centred_ranks(_raw(events)))


def corrado_zivney_z(events: CrossSection) -> Outcome:
    """Ranks of abnormal returns standardised by their spread across events: allows for event-induced variance."""
    return _over_window(events, _centred_ranks(_standardised(events)))


def cz_cumrank_fpc_t(events: CrossSection) -> Outcome:
    """`corrado_zivney_z` with the finite-population factor, against t with T - 2."""
    return _finite_population(events, _centred_ranks(_standardised(events)))


def cz_sign_z(events: CrossSection) -> Outcome:
    """Signs about each event's own median in place of ranks (Corrado and Zivney 1992)."""
    values = _raw(events)
    if len(values) == 0:
        return _over_window(events, values)
    return _over_window(events, np.sign(values - np.nanmedian(values, axis=1, keepdims=True)))


def _raw(events: CrossSection) -> Floats:
    """Abnormal returns of estimation and event window side by side, (N, E + L)."""
    window = events.window
    inside = np.where(window.inside, window.abnormal.abnormal, np.nan)[:, _columns(events)]
    return np.hstack([window.abnormal.residuals, inside])


def _standardised(events: CrossSection) -> Floats:
    """The same in units of their standard errors, each event day divided by its spread across events."""
    window = events.window
    sar = np.where(window.inside, window.abnormal.abnormal / window.abnormal.se, np.nan)[:, _columns(events)]
    if len(events) > 1:
        sar = sar / _spread(sar)
    return np.hstack([window.abnormal.residuals / window.abnormal.fit.sigma[:, None], sar])


def _spread(values: Floats) -> Floats:
    """Standard deviation across events of each day; NaN for a day with fewer than two."""
    there = np.isfinite(values)
    n = there.sum(axis=0)
    safe = np.maximum(n, 1)
    away = np.where(there, values - np.where(there, values, 0.0).sum(axis=0) / safe, 0.0)
    return np.where(n > 1, np.sqrt((away**2).sum(axis=0) / np.maximum(n - 1, 1)), np.nan)


def _columns(events: CrossSection) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Columns of the horizon that belong to some event's window."""
    return np.asarray(events.window.inside.any(axis=0))


def _centred_ranks(values: Floats) -> Floats:
    """`K / (n + 1) - 1/2` of each event's values, midranks for ties."""
    if len(values) == 0:
        return values
    ranks = stats.rankdata(values, axis=1, nan_policy="omit")
    n = np.isfinite(values).sum(axis=1, keepdims=True)
    return np.asarray(np.where(np.isfinite(values), ranks / (n + 1) - 0.5, np.nan))


def _score(events: CrossSection, scores: Floats) -> tuple[float, int, int]:
    """`sum_W A_t / S`, the number of window days L and of all days T."""
    there = np.isfinite(scores)
    return total_score(np.where(there, scores, 0.0).sum(axis=0), there.sum(axis=0), int(_columns(events).sum()))


def total_score(sums: Floats, counts: Ints, window_days: int) -> tuple[float, int, int]:
    """The same from each day's sum of scores and how many there are: `A_t = N_t^-1/2 sum_i score_it`."""
    used = counts > 0
    daily = sums[used] / np.sqrt(counts[used])
    length = int(used[-window_days:].sum())
    spread = np.sqrt((daily**2).mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(daily[-length:].sum() / spread), length, len(daily)


def _over_window(events: CrossSection, scores: Floats) -> Outcome:
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    return summed_z(_score(events, scores), n)


def summed_z(score: tuple[float, int, int], n_events: int) -> Outcome:
    """`sum_W A_t / (S sqrt L)` against the normal distribution."""
    total, length, _ = score
    return against_normal(total / np.sqrt(length), n_events)


def _finite_population(events: CrossSection, scores: Floats) -> Outcome:
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    return finite_population_t(_score(events, scores), n)


def finite_population_t(score: tuple[float, int, int], n_events: int) -> Outcome:
    """`sum_W A_t / (S sqrt(L (T - L) / (T - 1)))` as `rank_t`."""
    total, length, days = score
    return rank_t(total / np.sqrt(length * (days - length) / (days - 1)), days, n_events)


def rank_t(z: float, days: int, n_events: int) -> Outcome:
    """`z sqrt((T - 2) / (T - 1 - z^2))` against t with T - 2 degrees of freedom."""
    room = days - 1 - z**2
    if not room > 0:
        return cannot_say("the rank statistic is at its bound: no other day's rank varies", n_events)
    return against_student(float(z * np.sqrt((days - 2) / room)), days - 2, n_events)
