"""The events of a study on other days, each measured as the study itself would measure it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backtest.study.fitted import FittedStudy
from backtest.study.measure.window_sums import WindowSums
from backtest.study.place.alignment import AlignedEvents
from backtest.study.place.panel import around
from backtest.study.running_sums import Floats, Ints, between, running_lines
from backtest.study.windows import Window
from backtest.work.cached import cached_property
from backtest.work.parted import parts
from backtest.work.threads import beside

# a moved window must not touch these sessions around a real event of the security
NEAR = Window(-1, 5)
_AT_ONCE = 16_000  # moved events
Measured = tuple[Floats, Floats]  # CARs and their standard errors, (n, S) each


@dataclass(frozen=True, eq=False)
class MovedCatalog:
    """A study's events and the numbers of sessions (S,) they are moved back by.

    A moved event is left out where its sessions in `clear`, or each window's own, touch a real one.
    """

    result: FittedStudy
    moves: Ints
    clear: Window | None

    @cached_property
    def order(self) -> Ints:
        """The order in which events are measured."""
        return _side_by_side(self.result.measured.events, slice(None))

    @cached_property
    def near(self) -> Ints:
        """How many sessions up to each row are near a real event of the security, (K, T + 1)."""
        events = self.result.measured.events
        marked = around((events.row, events.column), NEAR, self.result.measured.panel.y.shape)
        return running_lines(marked.T, np.int32)

    def cars(self, window: str, events: Ints) -> Floats:
        """CARs of some events in a window, (n, S), NaN where one has none."""
        order = _side_by_side(self.result.measured.events, events)
        out = np.empty((len(events), len(self.moves)))
        measured = _measured(self, events[order], [window])[window]
        out[order] = np.concatenate([car for car, _ in measured])
        return out


def _side_by_side(events: AlignedEvents, some: Ints | slice) -> Ints:
    """The order of some events by security and session.

    What is read of running sums for one lies beside what is read for the next.
    """
    return np.lexsort((events.row[some], events.column[some]))


def scars_of(moved: MovedCatalog, chunk: tuple[int, int]) -> list[Floats]:
    """SCARs of every window for the events that are `chunk` in order, (n, S) each."""
    names = list(moved.result.named_windows)
    found = _measured(moved, moved.order[slice(*chunk)], names)
    return [np.concatenate([car / se for car, se in found[name]]) for name in names]


def _measured(moved: MovedCatalog, events: Ints, names: Sequence[str]) -> dict[str, list[Measured]]:
    """Placebo CARs of some events in some windows, some thousands of days at once."""
    measured, some = moved.result.measured, parts(len(events), _at_once(moved.moves))
    column = measured.events.column[events]
    own = slice(int(column.min(initial=len(moved.near))), int(column.max(initial=0)) + 1)
    # of the securities of these events alone: all running sums would be many times the panel
    sums = WindowSums(measured.panel.of(own)), own.start
    found = beside(lambda part: _refit(moved, events[part], names, *sums), some)
    return {name: [one[at] for one in found] for at, name in enumerate(names)}


def _at_once(moves: Ints) -> int:
    """Events whose moved ones lie near the processor."""
    return max(_AT_ONCE // max(len(moves), 1), 1)


def _refit(
    moved: MovedCatalog, events: Ints, names: Sequence[str], sums: WindowSums, first_column: int
) -> list[Measured]:
    measured, n_moves = moved.result.measured, len(moved.moves)
    row = (measured.events.row[events, None] - moved.moves).ravel()
    column = np.repeat(measured.events.column[events], n_moves)
    barred, news = None, measured.panel.donor_news
    if news is not None:
        called = measured.events.frame["event_id"].iloc[events].astype(str).repeat(n_moves)
        barred = news.barred(called.tolist(), measured.panel.day(row), measured.horizon)
    own = column - first_column
    fit = sums.fit(measured.model, measured.estimation, row, own, barred)
    out = []
    for name in names:
        window = moved.result.window(name)
        first = row + np.repeat(window.start[events], n_moves)
        last = row + np.repeat(window.end[events], n_moves)
        car, se, *_ = sums.cars(fit, first, last, own)
        if moved.clear is not None:
            first, last = row + moved.clear.start, row + moved.clear.end
        touches = between(moved.near, first, last, column) > 0
        shape = len(events), n_moves
        out.append((np.where(touches, np.nan, car).reshape(shape), se.reshape(shape)))
    return out
