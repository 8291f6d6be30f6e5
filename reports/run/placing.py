"""A catalog's events on the calendar of the prices, and what else falls into their windows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from backtest import Prices
from backtest.prices.returns import OWN_DATES
from events import Catalog, Sessions, Timing, place_events
from events.conflicts import Settled, conflicts, settle
from events.files.where import where
from events.record.instant import moment
from events.record.vocabulary import TimingQuality
from reports.experiment.plan import Experiment

_BEYOND = timedelta(days=60)  # an event just after the last price is still placed
_GUESSED = (TimingQuality.INFERRED, TimingQuality.RECALLED)
_PLACED = ["event_session", "tradable_open", "first_day_end", "timing_flags"]


def calendar_of(prices: Prices) -> Sessions:
    """The sessions of the exchange the prices are on, some weeks beyond them included.

    A panel on dates of its own has no exchange: its sessions are New York's hours on those dates.
    """
    first, last = prices.sessions[0], prices.sessions[-1]
    if prices.calendar == OWN_DATES:
        return Sessions.from_dates(prices.sessions)
    return Sessions.exchange(prices.calendar, first, last + _BEYOND)


def placed(catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """Every event with its session and first tradable open."""
    return place_events(catalog.events(), calendar_of(prices))


def guessed_times(catalog: Catalog) -> list[str]:
    """The announcements whose time of day no source states: it was inferred, or recalled from memory."""
    return [
        news.id
        for news in catalog
        if news.timing is not Timing.UNKNOWN and news.timing_quality in _GUESSED
    ]


def tradable(experiment: Experiment, catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """`placed`, but an order waits for the next session where the time of day is a guess.

    A guess may come from the very move a strategy would trade: "before the open", because the share
    opened higher. With `trading_times = "recorded"` guesses are traded on like facts. The event
    session stays as it is.
    """
    events = placed(catalog, prices)
    guessed = events["event_id"].isin(guessed_times(catalog)).to_numpy()
    if experiment.trading_times == "recorded" or not guessed.any():
        return events
    calendar = calendar_of(prices)
    dates = [_date_at(calendar, at) for at in events.loc[guessed, "announced_at"]]
    unsure = (
        events.loc[guessed]
        .drop(columns=_PLACED)
        .assign(announced_at=dates, timing=Timing.UNKNOWN.value)
    )
    later = place_events(unsure, calendar)
    waiting = events["tradable_open"].to_numpy(copy=True)
    waiting[guessed] = np.maximum(waiting[guessed], later["tradable_open"].to_numpy())
    flags = events["timing_flags"].to_numpy(dtype=object, copy=True)
    flags[guessed] = [";".join(filter(None, (own, "timing_unknown"))) for own in flags[guessed]]
    return events.assign(tradable_open=waiting, timing_flags=flags)


def chosen(experiment: Experiment, events: pd.DataFrame) -> pd.DataFrame:
    """The events that meet the experiment's condition; raises `CatalogError` for one that cannot be."""
    condition = experiment.filter.where
    return where(events, condition) if condition else events


def _date_at(calendar: Sessions, announced_at: object) -> date:
    """The date of an announcement on the wall clock of the exchange."""
    when = moment(announced_at)
    return when.astimezone(ZoneInfo(calendar.zone)).date() if isinstance(when, datetime) else when


def rivals(experiment: Experiment, catalog: Catalog, prices: Prices) -> pd.DataFrame:
    """What else could have moved an event's ticker within its longest window, as `events.conflicts` says it."""
    ends = [end for start, end in experiment.study.windows.values() if start >= 0] or [0]
    return conflicts(placed(catalog, prices), catalog, calendar_of(prices), (0, max(ends)))


def settled(
    experiment: Experiment, catalog: Catalog, prices: Prices, found: pd.DataFrame
) -> Settled:
    """The events that the experiment's rule keeps, to be placed again by the study, and those it drops."""
    events = placed(catalog, prices)
    kept = settle(events, found, experiment.study.conflicts)
    return Settled(kept.events.drop(columns=_PLACED), kept.dropped)
