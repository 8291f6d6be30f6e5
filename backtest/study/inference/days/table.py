"""Single days of few enough events to lay all of them out.

Estimation window and event window stand side by side.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.days.base import Sums
from backtest.study.measure.event_windows import EventWindow
from backtest.study.measure.shifted import standardised_sums
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.work.cached import cached_property


class TableOfDays:
    """`DayScores` of a window's events, each of its tables made when it is first asked for."""

    def __init__(self, window: EventWindow) -> None:
        self.window = window

    @cached_property
    def ranks(self) -> Sums:
        """(E + L,)."""
        return day_sums(centred_ranks(_days(self.window)))

    @cached_property
    def standardised_ranks(self) -> Sums:
        """(E + L,)."""
        return day_sums(centred_ranks(_standardised(self.window)))

    @cached_property
    def signs(self) -> Sums:
        """(E + L,)."""
        values = _days(self.window)
        return day_sums(np.sign(values - _medians(values)))

    @cached_property
    def general_ranks(self) -> Sums:
        """(E + 1,)."""
        return day_sums(centred_ranks(np.hstack([self._scaled, self._event])))

    @cached_property
    def place(self) -> Floats:
        """(N,)."""
        below = (self._scaled < self._event).sum(axis=1)
        level = (self._scaled == self._event).sum(axis=1)
        return np.asarray((1 + below + level / 2) / (self.history + 2) - 0.5)

    @cached_property
    def history(self) -> Ints:
        """(N,)."""
        return np.asarray(np.isfinite(self.window.abnormal.residuals).sum(axis=1))

    @cached_property
    def positive(self) -> Ints:
        """(N,)."""
        return np.asarray((self.window.abnormal.residuals > 0).sum(axis=1))

    @cached_property
    def residuals(self) -> Sums:
        """(E,)."""
        return day_sums(self.window.abnormal.residuals)

    @cached_property
    def returns(self) -> Sums:
        """(H,)."""
        return day_sums(np.where(self.window.inside, self.window.abnormal.abnormal, np.nan))

    @cached_property
    def _scaled(self) -> Floats:
        """Residuals in standard errors, (N, E)."""
        abnormal = self.window.abnormal
        return np.asarray(abnormal.residuals / abnormal.fit.sigma[:, None])

    @property
    def _event(self) -> Floats:
        return in_their_spread(self.window.scar)[:, None]


def sums_at_shifts(window: EventWindow) -> tuple[Floats, Ints, Floats]:
    """Sums of standardised residuals at every shift, (S,) each, from a table of all events."""
    values = standardised_sums(window)
    return *day_sums(values), day_sums(values**2)[0]


def day_sums(scores: Floats) -> Sums:
    """Sum of each day's finite scores (N, D), and how many there are, both (D,)."""
    there = np.isfinite(scores)
    return np.where(there, scores, 0.0).sum(axis=0), there.sum(axis=0)


def in_their_spread(scar: Floats) -> Floats:
    """SCARs (N,) in units of their own spread; NaN where they do not vary."""
    spread = 0.0
    if len(scar) > 1:
        spread = scar.std(ddof=1)
    if spread > 0:
        return np.asarray(scar / spread)
    return np.full(len(scar), np.nan)


def window_days(window: EventWindow, columns: Bools) -> Floats:
    """Abnormal returns of the days of the window, (N, L); NaN where an event has none."""
    return np.where(window.inside, window.abnormal.abnormal, np.nan)[:, columns]


def standard_days(window: EventWindow, columns: Bools) -> Floats:
    """The same in units of their standard errors."""
    sar = np.where(window.inside, window.abnormal.abnormal / window.abnormal.se, np.nan)
    return np.asarray(sar[:, columns])


def spread_of(squares: Floats, n: Ints) -> Floats:
    """Standard deviation from sums of squares about the mean of n values; NaN for under two."""
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)


def _days(window: EventWindow) -> Floats:
    """Residuals of the E estimation days and abnormal returns of the L window days, (N, E + L)."""
    return np.hstack([window.abnormal.residuals, window_days(window, window.columns_seen)])


def _standardised(window: EventWindow) -> Floats:
    """The same in units of their standard errors.

    Each event day is divided by its spread across events.
    """
    sar = standard_days(window, window.columns_seen)
    if len(sar) > 1:
        sums, n = day_sums(sar)
        away = np.where(np.isfinite(sar), sar - sums / np.maximum(n, 1), 0.0)
        sar = sar / spread_of((away**2).sum(axis=0), n)
    return np.hstack([window.abnormal.residuals / window.abnormal.fit.sigma[:, None], sar])


def _medians(values: Floats) -> Floats:
    """Median of the finite values of each row, (N, 1): `np.nanmedian` takes three times as long."""
    ordered = np.sort(values, axis=1)
    n = np.isfinite(values).sum(axis=1, keepdims=True)
    low, high = (np.take_along_axis(ordered, at, axis=1) for at in ((n - 1) // 2, n // 2))
    return np.asarray((low + high) / 2)


def centred_ranks(values: Floats) -> Floats:
    """`K / (n + 1) - 1/2` of the n values of each row, midranks for ties.

    NaN stays and does not count.

    >>> centred_ranks(np.array([[3.0, 1.0, np.nan, 2.0]])).tolist()
    [[0.25, -0.25, nan, 0.0]]
    """
    order = np.argsort(values, axis=1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, _midranks(np.take_along_axis(values, order, axis=1)), axis=1)
    there = np.isfinite(values)
    return np.where(there, ranks / (there.sum(axis=1, keepdims=True) + 1) - 0.5, np.nan)


def _midranks(ordered: Floats) -> Floats:
    """Ranks from 1 of rows already in order, the mean rank for equal neighbours."""
    place = np.arange(1.0, ordered.shape[1] + 1)
    tied = ordered[:, 1:] == ordered[:, :-1]
    if not tied.any():
        return place[None, :]
    edge = np.zeros((len(ordered), 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, tied]), 0.0, place), axis=1)
    last = np.where(np.hstack([tied, edge]), np.inf, place)
    return np.asarray((first + np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]) / 2)
