"""When a filing was public at the latest, from the instant at which EDGAR accepted it.

The header's `<ACCEPTANCE-DATETIME>` is New York wall-clock time. A filing accepted after 17:30 is
disseminated the next business day, when EDGAR opens at 06:00. 23:59:59 and 00:00:00 stand where the
clock was not kept. A wire may have had the news earlier: all this is an upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from events.record.instant import NEW_YORK

CUT, OPENS = time(17, 30), time(6)
_PLACEHOLDERS = {time(23, 59, 59), time(0, 0, 0)}


@dataclass(frozen=True)
class Acceptance:
    """The instant of acceptance (New York), the first instant it was surely public, and why."""

    stamp: datetime
    public_by: datetime
    basis: str
    placeholder: bool = False  # the stamp's clock says nothing


def acceptance(stamp: datetime, filed: date, where: str = "the filing's header") -> Acceptance:
    """Read a naive New York stamp and the date the filing counts as filed.

    >>> acceptance(datetime(2026, 6, 2, 16, 5, 31), date(2026, 6, 2)).public_by.isoformat()
    '2026-06-02T16:05:31-04:00'
    >>> acceptance(datetime(2026, 6, 5, 17, 31), date(2026, 6, 8)).public_by.isoformat()
    '2026-06-08T06:00:00-04:00'
    """
    local = stamp.replace(tzinfo=NEW_YORK)
    said = f"EDGAR accepted it {stamp:%Y-%m-%d %H:%M:%S} in New York ({where})"
    if stamp.time() in _PLACEHOLDERS:
        said = f"EDGAR's stamp {stamp:%Y-%m-%d %H:%M:%S} is a placeholder ({where})"
        if filed <= stamp.date() and _business(stamp.date()):
            end = datetime.combine(stamp.date(), time(23, 59, 59), NEW_YORK)
            return Acceptance(local, end, f"{said}; filed that day", placeholder=True)
        return Acceptance(
            local, _next_opening(stamp.date(), filed), f"{said}; public the next business day", True
        )
    if stamp.time() > CUT or not _business(stamp.date()):
        if stamp.time() > CUT:
            late = "after 17:30"
        else:
            late = "on a day without business"
        return Acceptance(
            local,
            _next_opening(stamp.date(), filed),
            f"{said}, {late}: disseminated the next business day",
        )
    return Acceptance(local, max(local, datetime.combine(stamp.date(), OPENS, NEW_YORK)), said)


def _next_opening(day: date, filed: date) -> datetime:
    """Give the next opening of EDGAR: on the day it counts as filed, where that is later."""
    if filed <= day or filed > day + timedelta(7):
        filed = day + timedelta(1)
        while not _business(filed):
            filed += timedelta(1)
    return datetime.combine(filed, OPENS, NEW_YORK)


def _business(day: date) -> bool:
    from pandas.tseries.holiday import USFederalHolidayCalendar

    if day.weekday() >= 5:
        return False
    return not len(USFederalHolidayCalendar().holidays(str(day), str(day)))
