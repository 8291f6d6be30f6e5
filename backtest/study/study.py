"""The event study.

A model, an estimation window and event windows, fitted to a catalog and prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.prices.quality.units import split_by_unit
from backtest.study.donors import FromDonors
from backtest.study.donors.lost import has_enough, why_lost
from backtest.study.donors.measure import donor_returns
from backtest.study.donors.pool import Pool
from backtest.study.inference.by_security import PAIRS_UP_TO
from backtest.study.measure.abnormal import (
    AbnormalReturns,
    abnormal_returns,
)
from backtest.study.normal import NormalModel
from backtest.study.other.conventions import known_convention, returns_under
from backtest.study.place.alignment import AlignedEvents, align
from backtest.study.place.asked import check_data, check_model, count_of
from backtest.study.place.market import market_of, why_without
from backtest.study.place.memory import available, estimate, refuse_what_does_not_fit
from backtest.study.place.panel import Panel, build_panel
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Bools, Ints
from backtest.study.show.explained import explained
from backtest.study.windows import (
    ESTIMATION,
    HORIZON,
    NEAR_NEWS,
    STANDARD_WINDOWS,
    Window,
    as_window,
    hull,
    named,
)
from events import Catalog, PlacedEvents
from events.clock.exchanges import known_exchange


@dataclass(frozen=True)
class EventStudy:
    """How abnormal returns are to be measured.

    `estimation` is the window the model is fitted on. `exclude` is cut out of estimation windows
    around every other event of the same security (`None`: nothing is), and so are the first
    `skip_after_listing` returns of a security listed later than the panel begins; peers leave their
    basket within `exclude` of their own events. `horizon` is the span of the daily tables. A window
    may be written as a pair, `(-1, 1)`. Where prices are of several exchanges, every security is
    measured on its own sessions, and `benchmark_of` (exchange -> ticker) is what it is held to
    where the model's benchmark does not trade; without one its events are dropped. `convention`
    takes errors and tests as another package has them, such as "eventstudy2", which also takes
    returns from trade to trade (not against donors). Raises `StudyError` for what is no model,
    window or count.

    >>> from reactions import Catalog, EventStudy, MarketModel, Prices
    >>> study, catalog, prices = EventStudy(MarketModel("SPY")), Catalog.bundled(), Prices.sample()
    >>> study.fit(catalog, prices)
    <EventStudyResult market model on SPY: ... dropped; CAAR[0,+4] = ...>

    The steps of `fit`, one by one.

    >>> returns = study.returns_of(prices)
    >>> aligned, dropped = align(catalog, returns)
    >>> keep, changed = study.of_one_unit(aligned.frame, prices)
    >>> result = study.fit_aligned(aligned, dropped, returns, study.panel_of(aligned, returns))
    >>> bool(keep.all()), result.windows.equals(study.fit(catalog, prices).windows)
    (True, True)
    """

    model: NormalModel
    estimation: Window = ESTIMATION
    windows: Mapping[str, Window] | Iterable[Window] = field(
        default_factory=lambda: STANDARD_WINDOWS
    )
    exclude: Window | None = NEAR_NEWS
    horizon: Window = HORIZON
    skip_after_listing: int = 5
    benchmark_of: Mapping[str, str] = field(default_factory=dict)
    convention: str = ""

    def __post_init__(self) -> None:
        check_model(self.model)
        for name in ("estimation", "horizon", *([] if self.exclude is None else ["exclude"])):
            object.__setattr__(self, name, as_window(getattr(self, name), name))
        object.__setattr__(self, "windows", named(self.windows))
        count_of(self.skip_after_listing, "skip_after_listing")
        own = {known_exchange(name): str(own) for name, own in self.benchmark_of.items()}
        object.__setattr__(self, "benchmark_of", own)
        if self.convention:
            known_convention(self.convention)
        first = min(window.start for window in named(self.windows).values())
        if self.estimation.end >= min(first, 0):
            raise StudyError(
                f"estimation window {self.estimation} reaches into the event windows, "
                f"which start on day {first}; let it end before day {min(first, 0)}"
            )

    def explain(self) -> str:
        """What will be done, in words, before it is done.

        >>> from backtest import EventStudy, MarketModel
        >>> print(EventStudy(MarketModel("SPY")).explain().splitlines()[0])
        Normal returns: the market model on SPY, fitted to each event's own days -260 to -11.
        """
        return explained(self)

    def fit(
        self, events: Catalog | PlacedEvents | pd.DataFrame, prices: Prices | Returns
    ) -> EventStudyResult:
        """Measure every event.

        Raises `StudyError` for input no event of which can be studied as asked. Events that need
        more memory than is free are refused with the estimate. Where prices change their unit in
        the days an event stands on (pence for pounds), it is dropped with that reason.

        `events` is a catalog, what `place` made of one, or a table with event_id, ticker and
        announced_at or event_session.
        """
        check_data(events, prices)
        returns = self.returns_of(prices)
        aligned, dropped = align(events, returns)
        if isinstance(prices, Prices):
            keep, changed = self.of_one_unit(aligned.frame, prices)
            if len(changed):
                aligned = aligned.take(np.flatnonzero(keep))
                dropped = pd.concat([dropped, changed], ignore_index=True)
        return self.fit_aligned(aligned, dropped, returns)

    def returns_of(self, prices: Prices | Returns) -> Returns:
        """Returns as the convention takes them, (n_sessions, n_tickers), fractions.

        Donors, whose returns are compared day by day, have single sessions. Returns are as given.
        """
        if isinstance(prices, Returns):
            return prices
        if isinstance(self.model, FromDonors):
            return returns_under(prices, "")
        return returns_under(prices, self.convention)

    def of_one_unit(self, events: pd.DataFrame, prices: Prices) -> tuple[Bools, pd.DataFrame]:
        """Which placed events stand on prices of one unit, (N,).

        And event_id, ticker, why of the others. The days are those of estimation, windows and
        horizon; the prices those of the security and of what it is held to.
        """
        last = hull([self.horizon, *named(self.windows).values()]).end
        window = (self.estimation.start, last + 1)  # a window of an uncertain day is widened
        held_to = (*self.model.design.regressors, *self.benchmark_of.values())
        return split_by_unit(events, prices, window, held_to)

    def fit_aligned(
        self,
        aligned: AlignedEvents,
        dropped: pd.DataFrame,
        returns: Returns,
        panel: Panel | None = None,
    ) -> EventStudyResult:
        """`fit` for events that `align` has placed on the panel of these returns.

        `panel` is what `panel_of` a study of the same model, events and returns gave.
        """
        windows = named(self.windows)
        aligned, without = self._with_market(aligned, returns)
        if len(without):
            dropped = pd.concat([dropped, without], ignore_index=True)
        measured = self._measure(aligned, returns, windows, panel)
        seen = has_enough(measured, windows)
        lost = aligned.frame.loc[~seen, ["event_id", "ticker"]]
        lost = lost.assign(why=why_lost(measured, lost["ticker"].tolist(), ~seen, windows))
        dropped = pd.concat([dropped, lost], ignore_index=True)
        result = EventStudyResult(
            measured.take(np.flatnonzero(seen)) if len(lost) else measured,
            windows,
            dropped,
            returns.source,
            returns.simulated,
        )
        if self.convention:
            return result.under(self.convention)
        return result

    def _with_market(
        self, aligned: AlignedEvents, returns: Returns
    ) -> tuple[AlignedEvents, pd.DataFrame]:
        """The events whose exchange has a benchmark, and why the others are dropped."""
        if returns.blocks is None:
            return aligned, aligned.frame.loc[[], ["event_id", "ticker"]]
        regressors, own = self.model.design.regressors, self.benchmark_of
        frame = aligned.frame
        why = [why_without(ticker, returns, regressors, own) for ticker in frame["ticker"]]
        held = [market_of(ticker, returns, regressors, own) for ticker in frame["ticker"]]
        marked = AlignedEvents(frame.assign(market=held), aligned.row, aligned.column)
        lost = np.array([bool(one) for one in why], dtype=bool)
        table = frame.loc[lost, ["event_id", "ticker"]].assign(why=[one for one in why if one])
        if lost.any():
            marked = marked.take(np.flatnonzero(~lost))
        return marked, table

    def panel_of(self, aligned: AlignedEvents, returns: Returns) -> Panel:
        """What studies that differ in their windows alone have in common.

        Returns and regressors of the events' securities, with their running sums.
        """
        events, columns = self._with_market(aligned, returns)[0].numbered()
        return self._panel(events, columns, returns).with_sums()

    def _panel(self, events: AlignedEvents, columns: Ints, returns: Returns) -> Panel:
        return build_panel(
            returns,
            columns,
            self.model.design,
            (events.row, events.column),
            self.exclude,
            self.skip_after_listing,
            self.benchmark_of,
            events.names if self.model.design.without_news else [],
        )

    def _measure(
        self,
        aligned: AlignedEvents,
        returns: Returns,
        windows: dict[str, Window],
        panel: Panel | None,
    ) -> AbnormalReturns:
        events, columns = aligned.numbered()
        horizon = hull([self.horizon, Window(-1, 1), *windows.values()])
        self._check_memory(len(aligned), len(columns), len(returns.sessions), len(horizon))
        panel = panel or self._panel(events, columns, returns)
        if isinstance(self.model, FromDonors):
            if returns.spans is not None:
                raise StudyError(
                    f"the model {self.model.name} takes returns of single sessions, "
                    "not from trade to trade; use prices.returns()"
                )
            known = (aligned.row, aligned.column)
            pool = Pool.of(returns, self.model.donors, known, events.names, self.exclude)
            return donor_returns(events, self.model, panel, pool, self.estimation, horizon)
        return abnormal_returns(
            events, self.model, panel, self.model.design.inside(self.estimation), horizon
        )

    def _check_memory(self, n_events: int, n_securities: int, n_rows: int, horizon: int) -> None:
        if n_events > PAIRS_UP_TO and isinstance(self.model, FromDonors):
            raise StudyError(
                f"{n_events:,} events are too many for counterfactuals from donors, "
                f"whose tests go by pairs of events; {PAIRS_UP_TO:,} are the most"
            )
        if n_events > PAIRS_UP_TO:
            needed = estimate(n_events, n_securities, n_rows, horizon)
            refuse_what_does_not_fit(needed, n_events, available())
