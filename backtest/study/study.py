"""The event study: a model, an estimation window and event windows, fitted to a catalog and prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.measure.abnormal import AbnormalReturns, abnormal_returns
from backtest.study.measure.running_sums import Bools
from backtest.study.normal import NormalModel
from backtest.study.place.alignment import AlignedEvents, align
from backtest.study.place.asked import check_data, check_model, count_of
from backtest.study.place.panel import build_panel
from backtest.study.place.windows import STANDARD_WINDOWS, Window, as_window, hull, named
from backtest.study.result import EventStudyResult
from events import Catalog

_NO_RETURN = "no return of {ticker} and its regressors in any window"


@dataclass(frozen=True)
class EventStudy:
    """How abnormal returns are to be measured.

    `estimation` is the window the model is fitted on. `exclude` is cut out of estimation windows
    around every other event of the same security (`None`: nothing is), and so are the first
    `skip_after_listing` returns of a security listed later than the panel begins; peers leave their
    basket within `exclude` of their own events. `horizon` is the span of the daily tables. A window
    may be written as a pair, `(-1, 1)`. Raises `StudyError` for what is no model, window or count.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    <EventStudyResult market model on SPY: ... dropped; CAAR[0,+4] = ...>
    """

    model: NormalModel
    estimation: Window = Window(-260, -11)
    windows: Mapping[str, Window] | Iterable[Window] = field(
        default_factory=lambda: STANDARD_WINDOWS
    )
    exclude: Window | None = Window(-1, 5)
    horizon: Window = Window(-10, 20)
    skip_after_listing: int = 5

    def __post_init__(self) -> None:
        check_model(self.model)
        for name in ("estimation", "horizon", *([] if self.exclude is None else ["exclude"])):
            object.__setattr__(self, name, as_window(getattr(self, name), name))
        object.__setattr__(self, "windows", named(self.windows))
        count_of(self.skip_after_listing, "skip_after_listing")
        first = min(window.start for window in named(self.windows).values())
        if self.estimation.end >= min(first, 0):
            raise StudyError(
                f"estimation window {self.estimation} reaches into the event windows, which start on day {first}; "
                f"let it end before day {min(first, 0)}"
            )

    def fit(self, events: Catalog | pd.DataFrame, prices: Prices | Returns) -> EventStudyResult:
        """Measure every event. Raises `StudyError` for input no event of which can be studied as asked.

        `events` is a catalog or a table with event_id, ticker and announced_at or event_session.
        """
        check_data(events, prices)
        returns = prices.returns() if isinstance(prices, Prices) else prices
        return self.fit_aligned(*align(events, returns), returns)

    def fit_aligned(
        self, aligned: AlignedEvents, dropped: pd.DataFrame, returns: Returns
    ) -> EventStudyResult:
        """`fit` for events that `align` has placed on the panel of these returns."""
        windows = named(self.windows)
        measured = self._measure(aligned, returns, windows)
        seen = _has_return(measured, windows)
        lost = aligned.frame.loc[~seen, ["event_id", "ticker"]]
        lost = lost.assign(why=[_NO_RETURN.format(ticker=ticker) for ticker in lost["ticker"]])
        dropped = pd.concat([dropped, lost], ignore_index=True)
        return EventStudyResult(
            measured.take(np.flatnonzero(seen)) if len(lost) else measured, windows, dropped
        )

    def _measure(
        self, aligned: AlignedEvents, returns: Returns, windows: dict[str, Window]
    ) -> AbnormalReturns:
        columns, position = np.unique(aligned.column, return_inverse=True)
        events = AlignedEvents(aligned.frame, aligned.row, position.astype(np.int64))
        panel = build_panel(
            returns,
            columns.astype(np.int64),
            self.model.design,
            (events.row, events.column),
            self.exclude,
            self.skip_after_listing,
        )
        horizon = hull([self.horizon, Window(-1, 1), *windows.values()])
        return abnormal_returns(
            events, self.model, panel, self.model.design.inside(self.estimation), horizon
        )


def _has_return(measured: AbnormalReturns, windows: dict[str, Window]) -> Bools:
    """Whether an event has a return in any of its windows."""
    days = measured.days
    asked = np.zeros(len(days), dtype=bool)
    for window in windows.values():
        asked |= (days >= window.start) & (days <= window.end)
    return np.asarray((measured.valid & asked).any(axis=1))
