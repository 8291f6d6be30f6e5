"""Abnormal returns added up over a window: CAR, its forecast error, SCAR and BHAR."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from backtest.study.measure.abnormal import AT_ONCE, AbnormalReturns
from backtest.study.measure.day_returns import DayReturns
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.windows import Window
from backtest.work.cached import cached_property
from backtest.work.parted import parts
from backtest.work.passing import Places, last_part, pass_on

# Of a window's sessions; with fewer its sum would stand for a window it did not see.
LEAST_SHARE = 0.5
_BY_EVENT = (
    "inside", "cut_off", "n_sessions", "_sums", "n_valid", "few_days", "_n_stood_for", "_stated",
    "_growth", "car", "car_se", "scar", "pvalue", "mde80",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class EventWindow:
    """N events seen through one window. Arrays are (N,), units fractions.

    `nominal` is the window asked for; `start` and `end` are each event's own ends: a window [0,0]
    runs to day 1 where the time of the announcement is not known well enough to say which session
    could react first.
    """

    abnormal: AbnormalReturns
    name: str
    nominal: Window
    start: Ints
    end: Ints

    @cached_property
    def inside(self) -> Bools:
        """Which sessions of the horizon belong to the window and are there, (N, H)."""
        return self._span(self.abnormal.days) & self.abnormal.valid

    def _span(self, days: Ints, rows: slice = slice(None)) -> Bools:
        return (days >= self.start[rows, None]) & (days <= self.end[rows, None])

    @cached_property
    def _columns(self) -> slice:
        """Columns of the horizon from the first day of any event's window to the last."""
        if not len(self.start):
            return slice(0, 0)
        first = self.abnormal.horizon.start
        return slice(int(self.start.min()) - first, int(self.end.max()) - first + 1)

    def _each_part(
        self, function: Callable[[slice, DayReturns, Bools], NDArray[Any]]
    ) -> NDArray[Any]:
        """What a function gives of some thousands of events at a time, (N, ...).

        It takes their places, their returns on `_columns`, and which of these are in the window.
        """

        def of(rows: slice) -> NDArray[Any]:
            read = self.abnormal.on(rows, self._columns)
            inside = self._span(self.abnormal.days[self._columns], rows) & read.valid
            return function(rows, read, inside)

        return np.concatenate([of(rows) for rows in parts(len(self.start), AT_ONCE)])

    @cached_property
    def columns_seen(self) -> Bools:
        """Days of the horizon on which an event's window has a return, (H,)."""
        seen = np.zeros(len(self.abnormal.days), dtype=bool)
        some = self._each_part(lambda _, __, inside: np.asarray(inside.any(axis=0))[None])
        seen[self._columns] = some.any(axis=0)
        return seen

    @cached_property
    def cut_off(self) -> Bools:
        """Events whose window reaches beyond the first or last session of the panel."""
        row = self.abnormal.events.row
        ends = np.column_stack([row + self.start, row + self.end])
        return np.asarray(~self.abnormal.panel.within(row, ends).all(axis=1))

    @cached_property
    def n_sessions(self) -> Ints:
        """Sessions each window should have."""
        return self.end - self.start + 1

    @cached_property
    def n_valid(self) -> Ints:
        """Sessions each window has."""
        return np.asarray(self._sums[:, 0], dtype=np.int64)

    @cached_property
    def _sums(self) -> Floats:
        """Sessions, abnormal returns and regressors added up over the valid ones, (N, 2 + r)."""
        if len(self.start) > AT_ONCE:  # in another order: the last digit may differ
            return self.abnormal.added_up(self.start, self.end)

        def of(_: slice, read: DayReturns, inside: Bools) -> Floats:
            values = (read.abnormal, *np.moveaxis(read.regressors, 2, 0))
            sums = [np.where(inside, one, 0.0).sum(axis=1) for one in values]
            return np.column_stack([inside.sum(axis=1), *sums])

        return self._each_part(of)

    @cached_property
    def few_days(self) -> Bools:
        """Events with returns over under half of the window's sessions, (N,).

        As before a listing. Sessions after a security's last return lack nothing: its holders were
        paid, or have gone.
        """
        abnormal = self.abnormal
        left = abnormal.panel.last_row[abnormal.events.column] - abnormal.events.row
        lasting = np.maximum(np.minimum(self.end, left) - self.start + 1, 0)
        least = np.maximum(LEAST_SHARE * lasting, 1)
        return np.asarray((self.n_valid == 0) | (self._n_stood_for < least))

    @cached_property
    def _n_stood_for(self) -> Ints:
        """Sessions with a return, or that one from trade to trade runs over, (N,)."""
        spanned, events = self.abnormal.panel.spanned, self.abnormal.events
        if spanned is None:
            return self.n_valid
        days = self.abnormal.days[self._columns]

        def of(rows: slice, _: DayReturns, inside: Bools) -> Ints:
            of_panel = np.clip(events.row[rows, None] + days, 0, len(spanned) - 1)
            run_over = spanned[of_panel, events.column[rows, None]]
            return np.asarray((inside | (self._span(days, rows) & run_over)).sum(axis=1))

        return self._each_part(of)

    @cached_property
    def _stated(self) -> Bools:
        """Measured are windows that the panel covers and half of whose sessions are there."""
        return ~self.cut_off & ~self.few_days

    @cached_property
    def _growth(self) -> Floats:
        """The security's own return, the benchmark's and the normal one, compounded, (N, 3).

        NaN where the window is not measured.
        """
        of_benchmark = list(self.abnormal.model.design.benchmark)

        def of(_: slice, read: DayReturns, inside: Bools) -> Floats:
            benchmark = read.regressors[..., of_benchmark].sum(axis=2)
            values = (read.returns, benchmark, read.normal)
            grown = [np.where(inside, 1.0 + one, 1.0).prod(axis=1) for one in values]
            return np.column_stack(grown)

        return np.where(self._stated[:, None], self._each_part(of), np.nan)

    @property
    def raw_return(self) -> Floats:
        """The security's own compounded return."""
        return np.asarray(self._growth[:, 0] - 1.0)

    @cached_property
    def car(self) -> Floats:
        """Cumulative abnormal return: the sum over the valid sessions."""
        return np.where(self._stated, self._sums[:, 1], np.nan)

    @property
    def regressor_sum(self) -> Floats:
        """Regressors added up over the valid sessions, (N, r)."""
        return np.asarray(self._sums[:, 2:])

    @cached_property
    def car_se(self) -> Floats:
        """Forecast standard error of the CAR, with the covariance through the shared estimates."""
        if self.abnormal.volatility is None:
            n = self.n_valid.astype(np.float64)
            variance = self.abnormal.fit.forecast_variance(n, self.regressor_sum)
        else:
            variance = self.abnormal.variance_of_sum(self.inside)
        return np.where(self._stated, np.sqrt(variance), np.nan)

    @cached_property
    def scar(self) -> Floats:
        """Standardised CAR.

        Student t with `df` degrees of freedom under independent normal errors.
        """
        return self.car / self.car_se

    @property
    def df(self) -> Ints:
        """Residual degrees of freedom of each event's fit."""
        return self.abnormal.fit.df

    @cached_property
    def pvalue(self) -> Floats:
        """Two-sided p-value of each SCAR."""
        return np.asarray(2 * stats.t.sf(np.abs(self.scar), self.abnormal.reference_df))

    @cached_property
    def interval(self) -> tuple[Floats, Floats]:
        """Ends of each CAR's 95% interval, both (N,).

        By the distribution its SCAR is compared with.
        """
        half = _quantile(0.975, self.abnormal.reference_df) * self.car_se
        return self.car - half, self.car + half

    @cached_property
    def mde80(self) -> Floats:
        """Effect found with 80% power by a two-sided 5% test of this one event."""
        df = self.abnormal.reference_df
        return np.asarray((_quantile(0.975, df) + _quantile(0.80, df)) * self.car_se)

    @property
    def bhar(self) -> Floats:
        """Buy-and-hold abnormal return against the benchmark's own return.

        Barber and Lyon (1997).
        """
        if not self.abnormal.model.design.benchmark:
            return np.full(len(self.start), np.nan)
        return np.asarray(self._growth[:, 0] - self._growth[:, 1])

    @property
    def bhar_model(self) -> Floats:
        """Buy-and-hold abnormal return against the model's normal return."""
        return np.asarray(self._growth[:, 0] - self._growth[:, 2])

    def take(self, keep: Places) -> EventWindow:
        """The same window for the events at these positions."""
        return self._of(self.abnormal.take(keep), keep)

    def tested(self) -> tuple[EventWindow, Ints]:
        """The same for the events with a finite SCAR, and their positions.

        Windows with the same such events share what is measured of them.
        """
        there = np.flatnonzero(np.isfinite(self.scar))
        if len(there) == len(self.start):
            return self, there
        return self._of(last_part(self.abnormal, there), there), there

    def _of(self, abnormal: AbnormalReturns, keep: Places) -> EventWindow:
        part = EventWindow(abnormal, self.name, self.nominal, self.start[keep], self.end[keep])
        return pass_on(self, part, _BY_EVENT, keep)


def by_parts(window: EventWindow, function: Callable[[EventWindow], Floats]) -> Floats:
    """What a function gives of each event, (N,), some thousands of them at a time."""
    at_once = parts(len(window.start), AT_ONCE)
    if len(at_once) == 1:
        return function(window)
    return np.concatenate([function(window.take(rows)) for rows in at_once])


def _quantile(share: float, df: Floats) -> Floats:
    """Quantile of Student's t for each of the degrees of freedom (N,), of which few differ."""
    each, place = np.unique(df, return_inverse=True)
    return np.asarray(stats.t.ppf(share, each))[place]


def plain_window(abnormal: AbnormalReturns, window: Window) -> EventWindow:
    """See every event through `window` as it is, named by its sessions."""
    ends = (np.full(len(abnormal.events), day) for day in (window.start, window.end))
    return EventWindow(abnormal, str(window), window, *ends)


def event_window(abnormal: AbnormalReturns, name: str, window: Window) -> EventWindow:
    """See every event through `window`; [0,0] is widened where the first session is uncertain."""
    n_events = len(abnormal.events)
    end = np.full(n_events, window.end)
    if window == Window(0, 0):
        end = abnormal.events.frame["first_day_end"].to_numpy(dtype=np.int64)
    return EventWindow(abnormal, name, window, np.full(n_events, window.start), end)


def overlaps(window: EventWindow) -> Bools:
    """Whether an event shares a session of this window with another event of its security, (N,)."""
    row, column = window.abnormal.events.row, window.abnormal.events.column
    starts, ends = row + window.start, row + window.end
    order = np.lexsort((starts, column))
    first, last, security = starts[order], ends[order], column[order]
    # An earlier window may outlast those between, so each is held against the latest end before it;
    # the stride keeps the running maximum of one security below the rows of the next.
    stride = int(last.max(initial=0) - first.min(initial=0)) + 1
    reach = np.maximum.accumulate(last + security * stride)
    meets_earlier = first[1:] + security[1:] * stride <= reach[:-1]
    meets_next = (security[1:] == security[:-1]) & (first[1:] <= last[:-1])
    found = np.zeros(len(order), dtype=bool)
    found[order[1:]] |= meets_earlier
    found[order[:-1]] |= meets_next
    return found
