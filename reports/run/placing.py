"""What an experiment makes of placed events.

Which it studies, when it trades them, what else fell into their days.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest import Prices
from events import Catalog, PlacedEvents, Timing
from events.conflicts import conflicts
from events.files.lists.where import where
from events.flag import Flag, flag_cells
from events.record.vocabulary import TimingQuality
from reports.experiment.plan import Experiment

_GUESSED = (TimingQuality.INFERRED, TimingQuality.RECALLED)
_NEVER = np.datetime64("NaT", "us")


def guessed_times(catalog: Catalog) -> list[str]:
    """The announcements whose time of day no source states.

    It was inferred, or recalled from memory.
    """
    return [
        news.id
        for news in catalog.held.curated
        if news.timing is not Timing.UNKNOWN and news.timing_quality in _GUESSED
    ]


def tradable(
    experiment: Experiment, catalog: Catalog, placed: PlacedEvents, prices: Prices
) -> pd.DataFrame:
    """The placed events, but an order waits for the next session where the time of day is a guess.

    A guess may come from the very move a strategy would trade: "before the open", because the share
    opened higher. With `trading_times = "recorded"` guesses are traded on like facts. The event
    session stays as it is. What was announced before the first price cannot be traded.
    """
    events = placed.frame
    opens = events["tradable_open"].to_numpy(copy=True)
    first = _first_sessions(events["ticker"], prices)
    opens[(opens < first) | (events["event_session"].to_numpy() < first)] = _NEVER
    guessed = events["event_id"].isin(guessed_times(catalog)).to_numpy()
    if experiment.trading_times == "recorded" or not guessed.any():
        return events.assign(tradable_open=opens)
    opens[guessed] = np.maximum(opens[guessed], placed.undated_opens(guessed))
    flags = flag_cells({Flag.TIMING_UNKNOWN: guessed}, events["timing_flags"].to_numpy(object))
    return events.assign(tradable_open=opens, timing_flags=flags)


def _first_sessions(tickers: pd.Series, prices: Prices) -> NDArray[np.datetime64]:
    """The first session of the prices of each ticker's exchange, (n_events,)."""
    home = prices.sessions[0].to_datetime64()
    abroad = {
        ticker: panel.sessions[0].to_datetime64()
        for panel in prices.others
        for ticker in panel.tickers
    }
    return np.array([abroad.get(one, home) for one in tickers], dtype="datetime64[us]")


def chosen(experiment: Experiment, events: pd.DataFrame) -> pd.DataFrame:
    """The events that meet the experiment's condition.

    Raises `CatalogError` for one that cannot be.
    """
    condition = experiment.filter.where
    if condition:
        return where(events, condition)
    return events


def rivals(experiment: Experiment, catalog: Catalog, placed: PlacedEvents) -> pd.DataFrame:
    """What else could have moved an event's ticker within its longest window.

    As `events.conflicts` says it.
    """
    ends = [end for start, end in experiment.study.windows.values() if start >= 0] or [0]
    return conflicts(placed, catalog, (0, max(ends)))
