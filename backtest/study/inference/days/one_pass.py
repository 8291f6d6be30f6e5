"""Single days of any number of events: one compiled pass, some events at a time.

Their residuals are made, read and let go, so memory does not grow with the events; each event's
days are sorted once for all tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

import numpy as np

from backtest.study.inference.days.base import Sums
from backtest.study.inference.days.kernels import residuals, score, shift
from backtest.study.inference.days.table import (
    day_sums,
    in_their_spread,
    spread_of,
    standard_days,
    window_days,
)
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.work.parted import parts
from backtest.work.threads import beside

Moments = tuple[Ints, Floats, Floats]
Array = TypeVar("Array", bound=np.ndarray)

CHUNK = 5_000  # events whose days are laid out at once: 20 MB
_STRETCH = 50_000  # events that are passed beside others


@dataclass(frozen=True, eq=False)
class PassedDays:
    """`DayScores` of a window's events, all of them made at once."""

    ranks: Sums
    standardised_ranks: Sums
    signs: Sums
    general_ranks: Sums
    place: Floats
    history: Ints
    positive: Ints
    residuals: Sums
    returns: Sums


def in_one_pass(window: EventWindow) -> PassedDays:
    """The days of all events of a window."""
    columns = window.columns_seen
    spread, event = _spread(window, columns), in_their_spread(window.scar)

    def of(rows: slice) -> PassedDays:
        part = window.take(rows)
        tally = _Tally(part, int(columns.sum()))
        for some, chunk in _chunks(part):
            later = window_days(chunk, columns)
            tally.add(some, chunk, (later, spread, event[rows][some]), columns)
        return tally.days()

    found = [vars(days).values() for days in beside(of, _stretches(window))]
    return PassedDays(*map(_joined, zip(*found, strict=True)))


def shifts_in_one_pass(window: EventWindow) -> tuple[Floats, Ints, Floats]:
    """Standardised sums of as many residuals as the window has days, by first day, (S,).

    Their sum, their number, and the sum of their squares. By itself: no day need be ordered for
    it, which is what takes the time.
    """
    length = int(window.n_sessions.max())
    n_shifts = max(len(window.abnormal.estimation) - length + 1, 0)

    def of(rows: slice) -> tuple[Floats, Ints, Floats]:
        (sums, counts), squares = _empty((n_shifts,)), np.zeros(n_shifts)
        for _, chunk in _chunks(window.take(rows)):
            abnormal, fit = chunk.abnormal, chunk.abnormal.fit
            shift(
                _residuals(abnormal), abnormal.events.row + abnormal.estimation.start,
                abnormal.events.column, abnormal.panel.by_security[1], length, fit.sigma,
                fit.n_obs, fit.estimated, fit.centre, fit.spread_inverse, sums, counts, squares,
            )  # fmt: skip
        return sums, counts, squares

    sums, counts, squares = zip(*beside(of, _stretches(window)), strict=True)
    return _added(sums), _added(counts), _added(squares)


def _stretches(window: EventWindow) -> list[slice]:
    """Events that are passed beside others; which they are does not depend on the cores."""
    return parts(len(window.start), _STRETCH)


def _joined(of_stretches: tuple[Any, ...]) -> Any:
    """Sums and numbers of stretches of events added up, what is of each event in one line."""
    if isinstance(of_stretches[0], tuple):
        return tuple(_added(one) for one in zip(*of_stretches, strict=True))
    return np.concatenate(of_stretches)


def _added(values: Sequence[Array]) -> Array:
    total = values[0]
    for more in values[1:]:
        total = total + more
    return total


def _residuals(abnormal: AbnormalReturns) -> Floats:
    """Residuals of the estimation windows, (n, E)."""
    fit, (y, x, estimable, _) = abnormal.fit, abnormal.panel.by_security
    found: Floats = residuals(
        abnormal.events.row + abnormal.estimation.start, len(abnormal.estimation),
        abnormal.events.column, fit.intercept, fit.slopes, y, x, estimable,
    )  # fmt: skip
    return found


def _chunks(window: EventWindow) -> Iterator[tuple[slice, EventWindow]]:
    """Some events at a time: their places and their window."""
    for part in parts(len(window.start), CHUNK):
        yield part, window.take(part)


def _spread(window: EventWindow, columns: Bools) -> Floats:
    """Standard deviation across events of each standardised day of the window, (L,)."""

    def of(rows: slice) -> Moments:
        chunks = _chunks(window.take(rows))
        return reduce(_together, (_moments(standard_days(one, columns)) for _, one in chunks))

    n, _, squares = reduce(_together, beside(of, _stretches(window)))
    return spread_of(squares, n)


def _moments(values: Floats) -> Moments:
    """How many finite values each day has, their mean, and their squares about it, (L,)."""
    sums, n = day_sums(values)
    mean = sums / np.maximum(n, 1)
    return n, mean, day_sums((values - mean) ** 2)[0]


def _together(one: Moments, other: Moments) -> Moments:
    """The same of two sets of events: Chan, Golub and LeVeque (1983)."""
    (n, mean, squares), (more, of_other, own) = one, other
    away, share = of_other - mean, more / np.maximum(n + more, 1)
    return n + more, mean + away * share, squares + own + away**2 * n * share


def centred_up_to(n: int) -> Floats:
    """Row m holds the centred ranks of m values without ties, for m up to n.

    >>> centred_up_to(3)[3, :3].tolist()
    [-0.25, 0.0, 0.25]
    """
    return np.asarray(np.arange(1.0, n + 1) / np.arange(1.0, n + 2)[:, None] - 0.5)


def all_but_sorted(values: Floats) -> Ints:
    """Places in which the values of each row rise, NaN last, (n, E).

    A place is written over the last bits of a value, and whole numbers are sorted, which takes a
    tenth of the time of `argsort`: values that differ in these bits alone keep their places.

    >>> all_but_sorted(np.array([[0.5, -1.0, np.nan, 0.0]])).tolist()
    [[1, 3, 0, 2]]
    """
    n = values.shape[1]
    last_bits = (1 << max(n - 1, 1).bit_length()) - 1
    bits = values.view(np.int64)
    bits = bits ^ ((bits >> 63) & np.iinfo(np.int64).max)  # rises as the values do
    bits &= ~last_bits
    bits |= np.arange(n)
    bits.sort(axis=1)
    return np.asarray(bits & last_bits)


class _Tally:
    """What has been added up so far."""

    def __init__(self, window: EventWindow, n_days: int) -> None:
        n_events = len(window.start)
        estimation = len(window.abnormal.estimation)
        self.scores = np.zeros((3, estimation + n_days))
        self.general = np.zeros(estimation + 1)
        self.place = np.zeros(n_events)
        self.history, self.positive = (np.zeros(n_events, dtype=np.int64) for _ in range(2))
        self.residuals, self.returns = _empty((estimation,)), _empty((len(window.abnormal.days),))
        self.n_later, self.n_standard = np.zeros((2, n_days), dtype=np.int64)
        self.n_whole = 0

    def add(
        self,
        part: slice,
        chunk: EventWindow,
        values: tuple[Floats, Floats, Floats],
        columns: Bools,
    ) -> None:
        """Add the events `part` with their days of the window, the days' spread and their SCAR."""
        abnormal, residual = chunk.abnormal, _residuals(chunk.abnormal)
        later, spread, event = values
        standard = standard_days(chunk, columns) / spread
        score(
            residual, all_but_sorted(residual), abnormal.fit.sigma, later, standard, event,
            centred_up_to(self.scores.shape[1]), self.scores, self.general,
            self.place[part], self.history[part], self.positive[part],
        )  # fmt: skip
        _add(self.residuals, day_sums(residual))
        _add(self.returns, day_sums(np.where(chunk.inside, abnormal.abnormal, np.nan)))
        self.n_later += np.isfinite(later).sum(axis=0)
        self.n_standard += np.isfinite(standard).sum(axis=0)
        self.n_whole += np.isfinite(event).sum()

    def days(self) -> PassedDays:
        """All of it."""
        ranks, standardised, signs = self.scores
        before = self.residuals[1]
        n = np.append(before, self.n_later)
        return PassedDays(
            (ranks, n), (standardised, np.append(before, self.n_standard)), (signs, n),
            (self.general, np.append(before, self.n_whole)), self.place, self.history,
            self.positive, self.residuals, self.returns,
        )  # fmt: skip


def _empty(shape: tuple[int, ...]) -> Sums:
    return np.zeros(shape), np.zeros(shape, dtype=np.int64)


def _add(total: Sums, more: Sums) -> None:
    total[0][:] += more[0]
    total[1][:] += more[1]
