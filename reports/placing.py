"""A catalog's events on the calendar of the prices, and what else falls into their windows."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from backtest import Prices
from events import Catalog, Sessions, place_events
from events.conflicts import Settled, conflicts, settle
from reports.experiment import Experiment

_BEYOND = timedelta(days=60)  # an event just after the last price is still placed
_PLACED = ["event_session", "tradable_open", "first_day_end", "timing_flags"]


def calendar_of(prices: Prices) -> Sessions:
    """The sessions the prices are on, some weeks beyond them included."""
    first, last = prices.sessions[0], prices.sessions[-1]
    if prices.calendar != "XNYS":
        return Sessions.from_dates(prices.sessions)
    return Sessions.exchange("XNYS", first.date().isoformat(), (last.date() + _BEYOND).isoformat())


def placed(catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """Every event with its session and first tradable open."""
    return place_events(catalog.events(), calendar_of(prices))


def rivals(experiment: Experiment, catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """What else could have moved an event's ticker within its longest window, as `events.conflicts` says it."""
    ends = [end for start, end in experiment.study.windows.values() if start >= 0] or [0]
    return conflicts(placed(catalog, prices), catalog, calendar_of(prices), (0, max(ends)))


def settled(experiment: Experiment, catalog: Catalog, prices: Prices, found: pd.DataFrame) -> Settled:
    """The events that the experiment's rule keeps, to be placed again by the study, and those it drops."""
    events = placed(catalog, prices)
    kept = settle(events, found, experiment.study.conflicts)
    return Settled(kept.events.drop(columns=_PLACED), kept.dropped)
