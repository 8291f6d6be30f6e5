"""Many announcement times at once, as columns.

Instants in UTC stand beside dates where the exchange is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.errors import CalendarError
from events.record.instant import NEW_YORK, moment


@dataclass(frozen=True, eq=False)
class Moments:
    """Announcement times, shape (n,): an instant has both columns, a date only its day."""

    utc: NDArray[np.datetime64]  # microseconds, NaT where only the date is known
    day: NDArray[np.datetime64]  # the date in the zone asked for
    is_instant: NDArray[np.bool_]

    @classmethod
    def of(cls, times: Sequence[object], zone: str = NEW_YORK.key) -> Moments:
        """Read instants, dates and ISO texts, mixed; `zone` says on which date an instant falls.

        Raises `CalendarError` naming the first row (from 0) that is none of these.
        """
        given = list(times)  # few dates of many announcements: what is one object is read once
        held = pd.factorize(np.fromiter(map(id, given), np.int64, len(given)))[0]
        first = np.unique(held, return_index=True)[1].tolist()
        read = np.empty(len(first), dtype=object)
        read[:] = [_read(row, given[row]) for row in first]
        same, each = pd.factorize(read)
        number = same[held]
        is_instant = np.array([isinstance(value, datetime) for value in each], dtype=bool)
        utc = np.array([_in_utc(value) for value in each], dtype="datetime64[us]")
        local = (
            pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None).normalize()
        )
        day = np.array(
            [None if isinstance(value, datetime) else value for value in each],
            dtype="datetime64[us]",
        )
        day[is_instant] = local.to_numpy(dtype="datetime64[us]")[is_instant]
        return cls(utc[number], day[number], is_instant[number])

    @property
    def dates(self) -> Moments:
        """The same announcements as if only their dates were known."""
        never = np.full(len(self.day), np.datetime64("NaT", "us"))
        return Moments(never, self.day, np.zeros(len(self.day), dtype=bool))


@dataclass(frozen=True, eq=False)
class Bounds:
    """The instants that bound announcements in UTC, each (n,), NaT where there is none."""

    low: NDArray[np.datetime64]
    high: NDArray[np.datetime64]

    @classmethod
    def of(cls, low: Sequence[object], high: Sequence[object]) -> Bounds:
        """Read instants and ISO texts; None and NaN are no bound.

        Raises `CalendarError` for anything else.
        """
        return cls(_instants("not_before", low), _instants("not_after", high))

    @property
    def given(self) -> NDArray[np.bool_]:
        """Whether there is an edge, (n,)."""
        return np.asarray(~np.isnat(self.low) | ~np.isnat(self.high))

    @property
    def any(self) -> bool:
        """Whether any announcement has an edge."""
        return bool(self.given.any())


def _instants(name: str, values: Sequence[object]) -> NDArray[np.datetime64]:
    out = np.full(len(values), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    for row, value in enumerate(values):
        # a scalar, whatever pandas thinks
        if value is None or value == "" or pd.isna(value):  # type: ignore[call-overload]
            continue
        try:
            found = moment(value)
        except ValueError as error:
            raise CalendarError(f"{name}, row {row}: {error}") from None
        if not isinstance(found, datetime):
            raise CalendarError(
                f"{name}, row {row}: {found} is a date; an instant with its offset is wanted"
            )
        out[row] = _in_utc(found)
    return out


def _in_utc(value: date | datetime) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return None


def _read(row: int, value: object) -> date | datetime:
    if value is pd.NaT or value is None:
        raise CalendarError(f"announced_at, row {row}: empty")
    # A panel's own dates come as midnight stamps without a zone: they are dates.
    if isinstance(value, pd.Timestamp) and value.tzinfo is None and value == value.normalize():
        return value.date()
    if type(value) is date:
        return value
    try:
        return moment(value)
    except ValueError as error:
        raise CalendarError(f"announced_at, row {row}: {error}") from None
