"""Abnormal returns added up over a window: CAR, its forecast error, SCAR and BHAR."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.windows import Window
from backtest.work.cached import cached_property
from backtest.work.parted import parts
from backtest.work.passing import last_part, pass_on

LEAST_SHARE = (
    0.5  # of a window's sessions; with fewer its sum would stand for a window it did not see
)
_PART = 20_000  # events whose horizons are laid out at once: 5 MB a table
_BY_EVENT = (
    "inside", "_span", "cut_off", "n_sessions", "n_valid", "few_days", "_stated", "raw_return",
    "car", "regressor_sum", "car_se", "scar", "pvalue", "mde80", "bhar", "bhar_model",
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
        return self._span & self.abnormal.valid

    @cached_property
    def _span(self) -> Bools:
        days = self.abnormal.days
        return (days >= self.start[:, None]) & (days <= self.end[:, None])

    @cached_property
    def cut_off(self) -> Bools:
        """Events whose window reaches beyond the first or last session of the panel."""
        return np.asarray((self._span & ~self.abnormal.in_panel).any(axis=1))

    @cached_property
    def n_sessions(self) -> Ints:
        """Sessions each window should have."""
        return self.end - self.start + 1

    @cached_property
    def n_valid(self) -> Ints:
        """Sessions each window has."""
        return np.asarray(self.inside.sum(axis=1))

    @cached_property
    def few_days(self) -> Bools:
        """Events with returns over under half of the window's sessions, (N,).

        As before a listing.
        """
        return few_days(self.abnormal, self._span)

    @cached_property
    def _stated(self) -> Bools:
        """A window is measured only if the panel covers it.

        And at least half of its sessions are there.
        """
        return ~self.cut_off & ~self.few_days

    def _growth(self, values: Floats) -> Floats:
        return np.where(self._stated, np.where(self.inside, 1.0 + values, 1.0).prod(axis=1), np.nan)

    @cached_property
    def raw_return(self) -> Floats:
        """The security's own compounded return."""
        return by_parts(self, lambda part: part._growth(part.abnormal.returns) - 1.0)

    @cached_property
    def car(self) -> Floats:
        """Cumulative abnormal return: the sum over the valid sessions."""
        abnormal = self.abnormal.abnormal  # once, for all windows
        sums = [
            np.where(self.inside[rows], abnormal[rows], 0.0).sum(axis=1)
            for rows in parts(len(self.start), _PART)
        ]
        return np.where(self._stated, np.concatenate(sums), np.nan)

    @cached_property
    def regressor_sum(self) -> Floats:
        """Regressors added up over the valid sessions, (N, r)."""
        x = self.abnormal.regressors
        sums = [
            np.where(self.inside[rows, :, None], x[rows], 0.0).sum(axis=1)
            for rows in parts(len(self.start), _PART)
        ]
        return np.concatenate(sums)

    @cached_property
    def car_se(self) -> Floats:
        """Forecast standard error of the CAR, with the covariance through the shared estimates."""
        return by_parts(self, EventWindow._error)

    def _error(self) -> Floats:
        return np.where(self._stated, np.sqrt(self.abnormal.variance_of_sum(self.inside)), np.nan)

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
        half = stats.t.ppf(0.975, self.abnormal.reference_df) * self.car_se
        return self.car - half, self.car + half

    @cached_property
    def mde80(self) -> Floats:
        """Effect found with 80% power by a two-sided 5% test of this one event."""
        df = self.abnormal.reference_df
        return np.asarray((stats.t.ppf(0.975, df) + stats.t.ppf(0.80, df)) * self.car_se)

    @cached_property
    def bhar(self) -> Floats:
        """Buy-and-hold abnormal return against the benchmark's own return.

        Barber and Lyon (1997).
        """
        columns = list(self.abnormal.model.design.benchmark)
        if not columns:
            return np.full(len(self.start), np.nan)

        def against(part: EventWindow) -> Floats:
            benchmark = part.abnormal.regressors[..., columns].sum(axis=2)
            return part._growth(part.abnormal.returns) - part._growth(benchmark)

        return by_parts(self, against)

    @cached_property
    def bhar_model(self) -> Floats:
        """Buy-and-hold abnormal return against the model's normal return."""

        def against(part: EventWindow) -> Floats:
            return part._growth(part.abnormal.returns) - part._growth(part.abnormal.normal)

        return by_parts(self, against)

    def take(self, keep: Ints) -> EventWindow:
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

    def _of(self, abnormal: AbnormalReturns, keep: Ints) -> EventWindow:
        part = EventWindow(abnormal, self.name, self.nominal, self.start[keep], self.end[keep])
        return pass_on(self, part, _BY_EVENT, keep)


def by_parts(window: EventWindow, function: Callable[[EventWindow], Floats]) -> Floats:
    """What a function gives of each event, (N,), some thousands of them at a time."""
    n = len(window.start)
    if n <= _PART:
        return function(window)
    return np.concatenate([function(window.take(np.arange(n)[rows])) for rows in parts(n, _PART)])


def few_days(abnormal: AbnormalReturns, span: Bools) -> Bools:
    """Events with returns over under `LEAST_SHARE` of the sessions `span` (N, H), (N,).

    Sessions after a security's last return lack nothing: its holders were paid, or have gone.
    """
    at_once = parts(len(span), _PART)
    return np.concatenate([_few_days(abnormal, span[part], part) for part in at_once])


def _few_days(abnormal: AbnormalReturns, span: Bools, part: slice) -> Bools:
    panel, column = abnormal.panel, abnormal.events.column[part, None]
    rows, there = abnormal.events.row[part, None] + abnormal.days, abnormal.valid[part]
    lasting = span & (rows <= panel.last_row[column])
    few = ~(span & there).any(axis=1)
    if panel.spanned is not None:  # trade to trade: a return stands for every session it runs over
        there = there | panel.spanned[np.clip(rows, 0, len(panel.y) - 1), column]
    least = np.maximum(LEAST_SHARE * lasting.sum(axis=1), 1)
    return np.asarray(few | ((span & there).sum(axis=1) < least))


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
