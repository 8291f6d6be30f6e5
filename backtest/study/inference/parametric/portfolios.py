"""Tests of the portfolio that holds all events of a day: its spread knows how they move together.

By the session of the calendar: Jaffe (1974), Mandelker (1974). By the session around the event: the
crude dependence adjustment of Brown and Warner (1980, 1985).
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_normal, against_student, cannot_say
from backtest.study.measure.abnormal import AT_ONCE
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats, Ints
from backtest.work.parted import parts


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
    panel, n_dates = window.abnormal.panel, len(window.abnormal.panel.dates)
    counts, totals = np.zeros(n_dates, dtype=np.int64), np.zeros(n_dates)
    for rows in parts(len(window.start), AT_ONCE):
        part = window.take(rows)
        event, column = np.nonzero(part.inside)
        dates = panel.day(part.abnormal.events.row[event] + part.abnormal.days[column])
        counts += np.bincount(dates, minlength=n_dates)
        totals += np.bincount(dates, part.abnormal.abnormal[event, column], n_dates)
    session = np.flatnonzero(counts)
    return session, totals[session]


def crude_dep_t(events: CrossSection) -> Outcome:
    """`sum AAR_t / (sqrt L sd(AAR_t))`.

    The spread of the average is taken over the estimation days in event time. Right when all events
    share one date; t with T - 1 degrees of freedom, T the number of estimation days.
    """
    n = len(events)
    average = _means(*events.days.residuals)
    if n < 1 or len(average) < 3:
        return cannot_say(
            f"needs at least 1 event and 3 estimation days, got {n} and {len(average)}", n
        )
    inside = _means(*events.days.returns)
    statistic = inside.sum() / (np.sqrt(len(inside)) * average.std(ddof=1))
    return against_student(float(statistic), len(average) - 1, n)


def _means(sums: Floats, counts: Ints) -> Floats:
    """Mean over events of each event day that has one."""
    return np.asarray(sums[counts > 0] / counts[counts > 0])
