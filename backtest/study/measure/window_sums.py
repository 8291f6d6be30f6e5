"""CARs of any number of events over any window, at a cost that depends on neither window's length.

The lean way for placebo catalogs and millions of events: no daily table is made, only differences
of running sums.
"""

from __future__ import annotations

import numpy as np

from backtest.study.measure.abnormal import MINIMUM_OBSERVATIONS
from backtest.study.measure.event_windows import LEAST_SHARE
from backtest.study.normal import Fit, NormalModel
from backtest.study.place.donor_news import without
from backtest.study.place.panel import Panel
from backtest.study.running_sums import (
    Bools,
    Floats,
    Ints,
    RunningMoments,
    RunningSums,
    Spans,
    running_lines,
)
from backtest.study.windows import Window


class WindowSums:
    """Running sums of a panel, taken once.

    Fits and CARs of events given by row and column follow from them.
    """

    def __init__(self, panel: Panel) -> None:
        self.n_rows = len(panel.sessions)
        # from trade to trade a return stands for several sessions, which are not counted here
        self._least_share = LEAST_SHARE if panel.spanned is None else 0.0
        self._last_row = panel.last_row
        self._estimation = RunningSums(panel.y, panel.estimation_x, panel.estimable)
        self._days = running_lines(panel.valid.T, np.float64)
        self._values = [
            running_lines(np.where(panel.valid, one, 0.0).T, np.float64)
            for one in (panel.y, *np.moveaxis(panel.x, 2, 0))
        ]

    def fit(
        self,
        model: NormalModel,
        estimation: Window,
        row: Ints,
        column: Ints,
        barred: Bools | None = None,
    ) -> Fit:
        """The model fitted to every event's estimation window, (N,); GARCH as least squares.

        `barred` (N, r) are regressors that may not stand in for an event.
        """
        moments = self.moments(row + estimation.start, row + estimation.end, column)
        return model.fit(moments if barred is None else without(moments, barred))

    def moments(self, first: Ints, last: Ints, column: Ints) -> RunningMoments:
        """Moments over the estimable sessions of rows `first` to `last`."""
        return self._estimation.over(first, last, column)

    def cars(
        self, fit: Fit, first: Ints, last: Ints, column: Ints
    ) -> tuple[Floats, Floats, Ints, Floats]:
        """CAR, its standard error and the valid sessions of rows `first` to `last`, (N,).

        The regressors' sums are (N, r). NaN where the panel does not cover the window, under half
        of its sessions are valid, or under 30 sessions were estimated on.
        """
        spans = Spans(self._days.shape, first, last, column)
        days = spans.sums(self._days)
        y, *x = (spans.sums(running) for running in self._values)
        x_sum = np.stack(x, axis=1) if x else np.zeros((len(y), 0))
        lasting = np.minimum(last, self._last_row[column]) - first + 1
        enough = (days > 0) & (days >= self._least_share * lasting)
        covered = (first >= 0) & (last < self.n_rows)
        stated = covered & enough & (fit.n_obs >= MINIMUM_OBSERVATIONS)
        car = y - days * fit.intercept - (x_sum * fit.slopes).sum(axis=1)
        with np.errstate(invalid="ignore"):
            se = np.sqrt(fit.forecast_variance(days, x_sum))
        return (
            np.where(stated, car, np.nan),
            np.where(stated, se, np.nan),
            days.astype(np.int64),
            x_sum,
        )
