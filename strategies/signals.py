"""What the event study says of an event by the close of its first day.

And what was known of its beta before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from backtest.prices import Prices
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window

Key = tuple[str, str]  # event_id, ticker
_BEFORE = Window(-5, -1)  # a window is needed where only the estimates are


class FirstDay(NamedTuple):
    """An abnormal return over the 1-day window, the same in standard errors.

    And the window's sessions after day 0.
    """

    abnormal: float
    surprise: float
    sessions: int


@dataclass(frozen=True)
class Signals:
    """Signals from a market model on `benchmark`, estimated before the event.

    Or on PEERS, the basket of `peers`.
    """

    benchmark: str
    peers: tuple[str, ...] = ()

    def first_days(self, events: pd.DataFrame, prices: Prices) -> dict[Key, FirstDay]:
        """First days whose every session has a return, by event and ticker.

        Public at their last close.
        """
        result = self._fit(events, prices, {"0": Window(0, 0), "1": Window(0, 1)})
        if result is None:
            return {}
        end = result.events.set_index(["event_id", "ticker"])["first_day_end"].astype(int).to_dict()
        rows = result.windows[
            ["event_id", "ticker", "window", "n_valid", "car", "scar"]
        ].itertuples(index=False)
        return {
            (event_id, ticker): FirstDay(car, scar, int(window))
            for event_id, ticker, window, n_valid, car, scar in rows
            if int(window) == end[event_id, ticker] and n_valid == int(window) + 1
        }

    def betas(self, events: pd.DataFrame, prices: Prices) -> dict[Key, float]:
        """Betas by event and ticker.

        Without a beta where there is too little to estimate one on.
        """
        result = self._fit(events, prices, {"before": _BEFORE})
        if result is None:
            return {}
        rows = result.estimates[["event_id", "ticker", "beta"]].itertuples(index=False)
        return {(event_id, ticker): beta for event_id, ticker, beta in rows if pd.notna(beta)}

    def _fit(
        self, events: pd.DataFrame, prices: Prices, windows: dict[str, Window]
    ) -> EventStudyResult | None:
        there = events["ticker"].isin(prices.tickers) & events["event_session"].isin(
            prices.sessions
        )
        if not there.any():
            return None
        horizon = Window(
            min(w.start for w in windows.values()), max(w.end for w in windows.values())
        )
        study = EventStudy(
            MarketModel(self.benchmark, self.peers), windows=windows, horizon=horizon
        )
        return study.fit(events[there].reset_index(drop=True), prices)
