"""When something was announced: an instant with its offset, or only a date."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, WithJsonSchema

from events.record.text import as_written

NEW_YORK = ZoneInfo("America/New_York")
FIRST_YEAR, LAST_YEAR = 1900, 2100
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def with_offset(naive: datetime) -> str:
    """Write a New York wall-clock time with the offset it had that day.

    >>> with_offset(datetime(2026, 4, 9, 8))
    '2026-04-09T08:00:00-04:00'
    """
    return naive.replace(tzinfo=NEW_YORK).isoformat()


def moment(value: object) -> date | datetime:
    """Read an instant with offset, or a date, from a TOML value or ISO text.

    >>> moment("2026-04-09")
    datetime.date(2026, 4, 9)

    Raises `ValueError` for anything else, a time without an offset included.
    """
    found = value
    if isinstance(value, str):
        found = _from_text(value)
    if not isinstance(found, date):
        raise ValueError(
            f"{as_written(value)} is neither a date nor an instant (write 2026-04-09 or {_EXAMPLE})"
        )
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"year {found.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if isinstance(found, datetime) and found.utcoffset() is None:
        raise ValueError(f"no UTC offset (write {with_offset(found)})")
    return found


def day(value: object) -> date:
    """Read a date, from a TOML date or ISO text; a time of day is refused."""
    found = moment(value)
    if isinstance(found, datetime):
        raise ValueError(f"a date is wanted, without a time (write {found.date()})")
    return found


def local_date(when: date | datetime, zone: ZoneInfo = NEW_YORK) -> date:
    """Give the date of an instant in a zone, New York's if left out, or the date itself."""
    if isinstance(when, datetime):
        return when.astimezone(zone).date()
    return when


def as_instant(when: date | datetime) -> datetime:
    """Give an instant to sort by; a date counts as its first moment in New York."""
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, time(), NEW_YORK)


def _from_text(text: str) -> date | datetime:
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{as_written(text)} is no ISO date or instant (write 2026-04-09 or {_EXAMPLE})"
        ) from None
    if len(text) <= _DATE_ALONE:  # a week date, or one without its dashes
        raise ValueError(f"{as_written(text)} is a date written otherwise (write {found.date()})")
    return found


_EXAMPLE = "2026-04-09T08:00:00-04:00"
_DATE_ALONE = 10  # signs of 2026-04-09 and of 2026-W15-4: there is no time in it
Moment = Annotated[
    date | datetime,
    BeforeValidator(moment),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
    ),
]
Day = Annotated[date, BeforeValidator(day)]
