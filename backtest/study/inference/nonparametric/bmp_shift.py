"""A studentised placebo: the whole catalog shifted together.

Its t-statistic is judged among those of the shifts. `placebo_shift` compares means, and takes the
volatility before the events for that of the events. Here every shift has a t of its own, so the
events may be more volatile, and the shape of the securities' returns (skew, fat tails, common
dates) is whatever it is. Day 0's shared shocks happen at no shift; the t allows for them by the
delta of `dependence.shared`, estimated at each shift anew. A shared shock leaves fewer degrees of
freedom, so t's are compared as the normal scores of their p, and where an announcement has several
parties p is no less than that of Student's t.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from backtest.study.dependence.shared import partners_in
from backtest.study.inference.by_security import CrossSectionBySecurity
from backtest.study.inference.cross_section import FLOOR, CrossSection, stale_overlap
from backtest.study.inference.nonparametric.placebo_shift import among
from backtest.study.inference.outcome import Outcome, against_student, cannot_say
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t, mean_test
from backtest.study.measure.event_windows import overlaps
from backtest.study.measure.shifted import standardised_sums
from backtest.study.running_sums import Bools, Floats, Ints

_LONG = 5  # sessions; overlapping windows longer than this have too few shifts that differ
_DISJOINT = 10  # windows that must fit side by side into the shifts
_LEAST_SHIFTS = 19
_OWN_SHARE = 0.5  # of the events that may overlap another of their ticker
_FEW = "too few shifts are independent of each other"

Statistics = Callable[[Bools, Floats], tuple[Floats, Floats]]
"""Of who is there (N,) and their values (n, S): t and degrees of freedom, both (S,)."""


def bmp_shift(events: CrossSection) -> Outcome:
    """The t of the mean SCAR among the t's at every common shift inside the estimation windows."""
    return judged(events, shifted(events))


def judged(events: CrossSection, found: Shifted | str) -> Outcome:
    """`bmp_shift` where `shifted` has been asked already."""
    n = len(events)
    if isinstance(found, str):
        return cannot_say(found, n)
    own = replace(among(found.score, found.scores, n), statistic=found.t)
    if isinstance(events, CrossSectionBySecurity):
        return _no_less(own, kp_bmp_shared_t(events))
    if not partners_in(events.window).any():
        return own
    return _no_less(own, against_student(found.t, found.df, n))


@dataclass(frozen=True, eq=False)
class Shifted:
    """The t of the real dates with its degrees of freedom and normal score.

    And the scores (S,) of shifts. `days` (S,) are the sessions from day 0 on which the shifted
    windows start.
    """

    t: float
    df: float
    score: float
    days: Ints
    scores: Floats


def shifted(events: CrossSection) -> Shifted | str:
    """The statistic of `bmp_shift` here and at every common shift, or why there is none."""
    n = len(events)
    why_not = _why_not(events)
    if why_not:
        return why_not
    by_security = isinstance(events, CrossSectionBySecurity)
    if by_security:
        scores = _scores_of_sums(events)
    else:
        scores = _column_scores(events)
    finite = np.isfinite(scores)
    least = max(_LEAST_SHIFTS, _DISJOINT * int(events.window.n_sessions.max()))
    if finite.sum() < least:
        return f"needs at least {least} shifts, got {int(finite.sum())}"
    if by_security:
        test = mean_test(events)
        if test:
            t = test.statistic(events.scar)
        else:
            t = np.inf
        df = n - 1.0  # as the scores of the shifts
    else:
        ts, dfs = shared_t(events)(np.ones(n, dtype=bool), events.scar[:, None])
        t, df = float(ts[0]), float(dfs[0])
    if not np.isfinite(t):
        return "the statistic is not finite: there is no variation"
    days = events.window.abnormal.estimation.start + np.flatnonzero(finite)
    score = float(_score(np.array([t]), np.array([df]))[0])
    return Shifted(t, df, score, days, scores[finite])


def _no_less(own: Outcome, student: Outcome) -> Outcome:
    """Events share the shock of their date and no shift: p is no less than that of Student's t."""
    return replace(
        own,
        pvalue=max(own.pvalue, student.pvalue),
        pvalue_upper=max(own.pvalue_upper, student.pvalue_upper),
        pvalue_lower=max(own.pvalue_lower, student.pvalue_lower),
    )


def _why_not(events: CrossSection) -> str:
    n = len(events)
    if n < 3:
        return f"needs at least 3 events, got {n}"
    if events.r_star >= 1.0:
        return "all events are the same observation"
    length = int(events.window.n_sessions.max())
    if length > _LONG and len(np.unique(events.clusters)) < n:
        return f"windows of {length} sessions overlap: {_FEW}"
    if length > 1 and overlaps(events.window).mean() > _OWN_SHARE:
        return f"most windows share sessions with another of their ticker: {_FEW}"
    return stale_overlap(events)


def _column_scores(events: CrossSection) -> Floats:
    """The normal score of every shift, (S,).

    NaN for those that fewer than half of the events have, or 3.
    """
    values = standardised_sums(events.window)
    enough = np.isfinite(values).sum(axis=0) >= max(len(values) / 2, 3)
    out: Floats = np.full(values.shape[1], np.nan)
    if enough.any():
        out[enough] = _score(*columns_t(events, values[:, enough]))
    return out


def _scores_of_sums(events: CrossSection) -> Floats:
    """The same from sums at each shift, with no table of all shifts.

    Correlations enter through their mean.
    """
    sums, counts, squares = events.shifts
    n = np.where(counts >= max(len(events) / 2, 3), counts.astype(np.float64), np.nan)
    mean = sums / n
    square = squares - n * mean**2
    inflation = 1.0 + (n - 1) * events.r_star
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = square / (n - inflation) * np.maximum(inflation, FLOOR) / n
        return _score(np.asarray(mean / np.sqrt(variance)), n - 1.0)


def _score(t: Floats, df: Floats) -> Floats:
    """The normal value as improbable as t.

    From the lower tail, where small chances keep their digits.
    """
    return np.asarray(-np.sign(t) * special.ndtri(special.stdtr(df, -np.abs(t))))


def shared_t(events: CrossSection) -> Statistics:
    """The statistic of `kp_bmp_shared_t`, delta column by column.

    Every event is weighted the same.
    """

    def statistics(present: Bools, values: Floats) -> tuple[Floats, Floats]:
        whole: Floats = np.full((len(present), values.shape[1]), np.nan)
        whole[present] = values
        return columns_t(events, whole)

    return statistics


def columns_t(events: CrossSection, values: Floats) -> tuple[Floats, Floats]:
    """T and degrees of freedom of every column of `values` (N, S), NaN where an event is not there.

    Sums over pairs of those there are products with the columns' presence, all columns at once:
    with M centring, `tr MA = tr A - T/n` and `sum MAM o MBM = sum A o B - 2 r_A r_B / n + T_A T_B /
    n^2`, T the sum and r the sums of rows.
    """
    c, b = events.correlation, partners_in(events.window)
    there = np.isfinite(values)
    p = there.astype(np.float64)
    n = p.sum(axis=0)
    mean = np.where(there, values, 0.0).sum(axis=0) / n
    away = np.where(there, values - mean, 0.0)
    square = (away**2).sum(axis=0)
    rows_c, rows_b = p * (c @ p), p * (b @ p)
    total_c, total_b = rows_c.sum(axis=0), rows_b.sum(axis=0)
    trace_c, trace_b = np.diag(c) @ p - total_c / n, -total_b / n

    def together(product: Floats, one: Floats, other: Floats) -> Floats:
        """`sum MAM o MBM`, given A o B and the sums of the rows of A and B."""
        plain = (p * (product @ p)).sum(axis=0) - 2 * (one * other).sum(axis=0) / n
        return np.asarray(plain + one.sum(axis=0) * other.sum(axis=0) / n**2)

    cc = together(c * c, rows_c, rows_c)
    delta = cb = bb = np.zeros(len(n))
    with np.errstate(divide="ignore", invalid="ignore"):
        if b.any():
            cb, bb = together(c * b, rows_c, rows_b), together(b, rows_b, rows_b)
            ratio = (away * (b @ away)).sum(axis=0) / square
            scale = bb - ratio * trace_b
            found = (ratio * trace_c - cb) / scale
            room = np.maximum(1.0 - _largest(c, b, there), 0.0)
            delta = np.where(scale > 1e-9, np.clip(found, 0.0, room), 0.0)
        inflation = np.maximum((total_c + delta * total_b) / n, FLOOR)
        spread = trace_c + delta * trace_b
        t = np.asarray(mean / np.sqrt(square / spread * inflation / n))
    return t, np.minimum(spread**2 / (cc + 2 * delta * cb + delta**2 * bb), n - 1.0)


def _largest(c: Floats, b: Floats, there: Bools) -> Floats:
    """The largest correlation of two partners that are both there, by column, (S,).

    -inf without any.
    """
    one, other = np.nonzero(np.triu(b))
    both = there[one] & there[other]
    return np.asarray(np.where(both, c[one, other][:, None], -np.inf).max(axis=0, initial=-np.inf))
