"""The earliest and the latest instant of announcements whose instant is not known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.clock.hours import Hours
from events.clock.instants import Bounds, Moments
from events.record.vocabulary import Timing

Stamps = NDArray[np.datetime64]
_TICK = np.timedelta64(1, "us")


class Edges(NamedTuple):
    """The earliest and latest instant of each announcement in UTC, both of shape (n,)."""

    low: Stamps
    high: Stamps

    @classmethod
    def of(
        cls, bounds: Bounds, moments: Moments, timing: NDArray[np.object_], sessions: Hours
    ) -> Edges:
        """What is said of the part of the day, narrowed by the bounds.

        The bounds prevail where the two part.
        """
        whole = _day_edges(moments.day, sessions.zone)
        low, high = _of_part(whole, moments.day, timing, sessions)
        low = np.where(np.isnat(bounds.low), low, np.maximum(low, bounds.low))
        high = np.where(np.isnat(bounds.high), high, np.minimum(high, bounds.high))
        apart = low > high
        # One edge beyond the date, as where the party's clock is elsewhere: the day of that edge.
        early = _day_edges(_day_of(bounds.high, sessions.zone), sessions.zone)[0]
        late = _day_edges(_day_of(bounds.low, sessions.zone), sessions.zone)[1]
        low = np.where(apart, np.where(np.isnat(bounds.low), early, bounds.low), low)
        high = np.where(apart, np.where(np.isnat(bounds.high), late, bounds.high), high)
        return cls(low, high)


def _of_part(
    whole: tuple[Stamps, Stamps], day: Stamps, timing: NDArray[np.object_], sessions: Hours
) -> tuple[Stamps, Stamps]:
    """The first and the last instant of the part of the day that is said."""
    low, high = whole
    opens = sessions.opens.tz_localize(None).to_numpy(dtype="datetime64[us]")
    closes = sessions.closes.tz_localize(None).to_numpy(dtype="datetime64[us]")
    days = sessions.dates.to_numpy(dtype="datetime64[us]")
    at = np.searchsorted(days, day)
    held = np.isin(day, days)
    own = np.minimum(at, max(len(days) - 1, 0))
    if len(days):
        open_, close = opens[own], closes[own]
        low = np.where(held & (timing == Timing.DURING_SESSION.value), open_, low)
        low = np.where(held & (timing == Timing.AFTER_CLOSE.value), close, low)
        high = np.where(held & (timing == Timing.BEFORE_OPEN.value), open_ - _TICK, high)
        high = np.where(held & (timing == Timing.DURING_SESSION.value), close - _TICK, high)
    return low, high


def _day_of(utc: Stamps, zone: str) -> Stamps:
    """The date of instants where the exchange is; NaT stays NaT."""
    there = pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None).normalize()
    return np.asarray(there.to_numpy(dtype="datetime64[us]"))


def _day_edges(day: Stamps, zone: str) -> tuple[Stamps, Stamps]:
    """The first and the last instant, in UTC, of dates where the exchange is."""
    there = pd.DatetimeIndex(day)
    first, after = (
        stamp.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        .tz_convert("UTC")
        .tz_localize(None)
        .to_numpy(dtype="datetime64[us]")
        for stamp in (there, there + pd.Timedelta(days=1))
    )
    return first, np.asarray(after - _TICK, dtype="datetime64[us]")
