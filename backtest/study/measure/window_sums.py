"""CARs of any number of events over any window, at a cost that depends on neither window's length.

The lean way for placebo catalogs and millions of events: no daily table is made, only differences
of running sums.
"""

from __future__ import annotations

import numpy as np

from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS
from backtest.study.measure.running_sums import Floats, Ints, Moments, RunningSums
from backtest.study.normal import Fit, NormalModel
from backtest.study.place.panel import Panel
from backtest.study.place.windows import Window


class WindowSums:
    """Running sums of a panel, taken once: fits and CARs of events given by row and column follow from them."""

    def __init__(self, panel: Panel) -> None:
        self.n_rows = len(panel.sessions)
        self._estimation = RunningSums(panel.y, panel.estimation_x, panel.estimable)
        values = np.concatenate([panel.valid[..., None], panel.y[..., None], panel.x], axis=2)
        values[~panel.valid] = 0.0
        self._values = [_running(values[..., i]) for i in range(values.shape[2])]

    def fit(self, model: NormalModel, estimation: Window, row: Ints, column: Ints) -> Fit:
        """The model fitted to every event's estimation window, (N,); GARCH as least squares."""
        return model.fit(self.moments(row + estimation.start, row + estimation.end, column))

    def moments(self, first: Ints, last: Ints, column: Ints) -> Moments:
        """Moments over the estimable sessions of rows `first` to `last`."""
        return self._estimation.over(first, last, column)

    def cars(
        self, fit: Fit, first: Ints, last: Ints, column: Ints
    ) -> tuple[Floats, Floats, Ints, Floats]:
        """CAR, its standard error and the valid sessions of rows `first` to `last`, (N,); the regressors' sums (N, r).

        NaN where the panel does not cover the window, no session of it is valid, or under 30
        sessions were estimated on.
        """
        low, high = np.clip(first, 0, self.n_rows), np.clip(last + 1, 0, self.n_rows)
        days, y, *x = (running[high, column] - running[low, column] for running in self._values)
        x_sum = np.stack(x, axis=1) if x else np.zeros((len(y), 0))
        stated = (
            (first >= 0) & (last < self.n_rows) & (days > 0) & (fit.n_obs >= MINIMUM_OBSERVATIONS)
        )
        car = y - days * fit.intercept - (x_sum * fit.slopes).sum(axis=1)
        with np.errstate(invalid="ignore"):
            se = np.sqrt(fit.forecast_variance(days, x_sum))
        return (
            np.where(stated, car, np.nan),
            np.where(stated, se, np.nan),
            days.astype(np.int64),
            x_sum,
        )


def _running(values: Floats) -> Floats:
    out = np.zeros((len(values) + 1, values.shape[1]))
    out[1:] = values
    accumulate(out)
    return out


def accumulate(lines: Floats) -> None:
    """Running sums down the rows, in place: row by row, which is twice as fast as `np.cumsum` down a wide table."""
    for row in range(1, len(lines)):
        lines[row] += lines[row - 1]
