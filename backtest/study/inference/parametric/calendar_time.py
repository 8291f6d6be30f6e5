"""Calendar time: Jaffe (1974), Mandelker (1974)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints


def calendar_time_z(events: CrossSection) -> Outcome:
    """`sum_d (PAR_d / s_d) / sqrt D` over the D calendar days with an event in its window.

    `PAR_d` is the mean abnormal return of the day's events, `s_d^2 = n_d^-2 sum_ij rho_ij sigma_i
    sigma_j`.
    """
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    session, totals = _on_sessions(events.window)
    variance = events.variance_of_days(session)
    if not (variance > 0).all():
        return cannot_say("the estimated variance of a day's portfolio is not positive", n)
    return against_normal(float((totals / np.sqrt(variance)).sum() / np.sqrt(len(session))), n)


def _on_sessions(window: EventWindow) -> tuple[Ints, Floats]:
    """The sessions with an event in its window, and their abnormal returns' sums, (D,)."""
    abnormal, n_dates = window.abnormal, len(window.abnormal.panel.dates)
    counts, totals = np.zeros(n_dates, dtype=np.int64), np.zeros(n_dates)
    for column, day in enumerate(abnormal.days):
        inside = window.inside[:, column]
        dates = abnormal.panel.day(abnormal.events.row[inside] + day)
        counts += np.bincount(dates, minlength=n_dates)
        totals += np.bincount(dates, abnormal.abnormal[inside, column], n_dates)
    session = np.flatnonzero(counts)
    return session, totals[session]
