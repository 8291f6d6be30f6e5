"""Rank tests: Corrado (1989), Corrado and Zivney (1992), Cowan (1992), Campbell and Wasley (1993).

Each event's abnormal returns over estimation and event window are ranked together; the event days'
ranks are then compared with their own spread over all days, which keeps whatever correlation a
common date brings.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.running_sums import Floats, Ints


def corrado_rank_z(events: CrossSection) -> Outcome:
    """Ranks of the abnormal returns, summed over the window, against the normal distribution."""
    return _over_window(events, events.days.ranks)


def cumrank_fpc_t(events: CrossSection) -> Outcome:
    """`corrado_rank_z` with the finite-population factor that long windows need.

    Against t with T - 2.
    """
    return _finite_population(events, events.days.ranks)


def corrado_zivney_z(events: CrossSection) -> Outcome:
    """Ranks of abnormal returns standardised by their spread across events.

    That allows for event-induced variance.
    """
    return _over_window(events, events.days.standardised_ranks)


def cz_cumrank_fpc_t(events: CrossSection) -> Outcome:
    """`corrado_zivney_z` with the finite-population factor, against t with T - 2."""
    return _finite_population(events, events.days.standardised_ranks)


def cz_sign_z(events: CrossSection) -> Outcome:
    """Signs about each event's own median in place of ranks (Corrado and Zivney 1992)."""
    return _over_window(events, events.days.signs)


def _score(events: CrossSection, scores: tuple[Floats, Ints]) -> tuple[float, int, int]:
    """`sum_W A_t / S`, the number of window days L and of all days T."""
    return total_score(*scores, int(events.window.columns_seen.sum()))


def total_score(sums: Floats, counts: Ints, window_days: int) -> tuple[float, int, int]:
    """The same from each day's sum of scores and how many there are.

    `A_t = N_t^-1/2 sum_i score_it`.
    """
    used = counts > 0
    daily = sums[used] / np.sqrt(counts[used])
    length = int(used[-window_days:].sum())
    spread = np.sqrt((daily**2).mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(daily[-length:].sum() / spread), length, len(daily)


def _over_window(events: CrossSection, scores: tuple[Floats, Ints]) -> Outcome:
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    return summed_z(_score(events, scores), n)


def summed_z(score: tuple[float, int, int], n_events: int) -> Outcome:
    """`sum_W A_t / (S sqrt L)` against the normal distribution."""
    total, length, _ = score
    return against_normal(total / np.sqrt(length), n_events)


def _finite_population(events: CrossSection, scores: tuple[Floats, Ints]) -> Outcome:
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
        return cannot_say(
            "the rank statistic is at its bound: no other day's rank varies", n_events
        )
    return against_student(float(z * np.sqrt((days - 2) / room)), days - 2, n_events)
