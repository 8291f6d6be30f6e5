"""Calendar time: Jaffe (1974), Mandelker (1974)."""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, cannot_say


def calendar_time_z(events: CrossSection) -> Outcome:
    """`sum_d (PAR_d / s_d) / sqrt D` over the D calendar days with an event in its window.

    `PAR_d` is the mean abnormal return of the day's events, `s_d^2 = n_d^-2 sum_ij rho_ij sigma_i
    sigma_j`.
    """
    n = len(events)
    if n < 1:
        return cannot_say("needs at least 1 event, got 0", n)
    abnormal = events.window.abnormal
    event, day = np.nonzero(events.window.inside)
    dates = abnormal.panel.day(abnormal.events.row[event] + abnormal.days[day])
    session, cell = np.unique(dates, return_inverse=True)
    totals = np.bincount(cell, weights=abnormal.abnormal[event, day])
    variance = events.variance_of_days(session)
    if not (variance > 0).all():
        return cannot_say("the estimated variance of a day's portfolio is not positive", n)
    return against_normal(float((totals / np.sqrt(variance)).sum() / np.sqrt(len(session))), n)
