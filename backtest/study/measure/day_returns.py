"""Returns of events on days around them, read from the panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from backtest.study.place.panel import Panel
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.windows import Window
from backtest.work.passing import Places


@dataclass(frozen=True, eq=False)
class DayReturns:
    """N events on W days: returns and what was normal, (N, W), and regressors, (N, W, r).

    NaN where they are not `valid`: the security or a regressor is missing.
    """

    valid: Bools
    returns: Floats
    regressors: Floats
    normal: Floats

    @property
    def abnormal(self) -> Floats:
        """Abnormal returns, (N, W)."""
        return self.returns - self.normal

    def take(self, rows: Places, columns: slice = slice(None)) -> DayReturns:
        """The same for some of the events, and of the days."""
        return DayReturns(*(value[rows][:, columns] for value in vars(self).values()))


@dataclass(frozen=True, eq=False)
class Lines:
    """What counts of a panel, a security's sessions side by side, with room before and after.

    Returns (K, before + T + after) and regressors (K, before + T + after, r); NaN where the panel
    has none that counts, as on the sessions of another exchange. The days of an event are then
    neighbours in memory, and all have a place.
    """

    before: int
    y: Floats
    x: Floats

    @classmethod
    def of(cls, panel: Panel, horizon: Window) -> Lines:
        """The lines that hold the horizon of any session."""
        before, after = max(-horizon.start, 0), max(horizon.end, 0)
        n_rows, n_securities = panel.y.shape
        size = (n_securities, before + n_rows + after)
        y, x = np.full(size, np.nan), np.full((*size, panel.x.shape[2]), np.nan)
        own = slice(before, before + n_rows)
        y[:, own] = np.where(panel.valid, panel.y, np.nan).T
        x[:, own] = np.where(panel.valid[..., None], panel.x, np.nan).swapaxes(0, 1)
        return cls(before, y, x)

    def read(self, row: Ints, column: Ints, days: Ints) -> tuple[Bools, Floats, Floats]:
        """Securities `column` (N,) on neighbouring days about `row` (N,).

        Whether a return counts, returns and regressors: (N, W), (N, W) and (N, W, r).
        """
        if not len(days):
            nothing = np.empty((len(row), 0))
            return nothing.astype(bool), nothing, np.empty((*nothing.shape, self.x.shape[2]))
        at = (column, row + int(days[0]) + self.before)
        y = sliding_window_view(self.y, len(days), axis=1)[at]
        x = sliding_window_view(self.x, len(days), axis=1)[at].swapaxes(1, 2)
        return np.isfinite(y), y, x
