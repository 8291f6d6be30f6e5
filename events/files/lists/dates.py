"""The dates of a column: one order of day and month for all of it, never guessed row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from events.errors import CatalogError
from events.files.times import when

_PARTS = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?P<rest>[ T].*)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?P<rest>[ T].*)?"
)
_MIDNIGHT = re.compile(r"[ T]+(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*a\.?m\.?)", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_RUN = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:\.0+)?")
_WORDS = re.compile(
    r"(?P<day>\d{1,2})[ -]?(?P<word>[A-Za-z]{3,9})\.?[ ,-]*(?P<year>\d{4})"
    r"|(?P<word2>[A-Za-z]{3,9})\.?[ -]*(?P<day2>\d{1,2})[ ,-]+(?P<year2>\d{4})"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ASK = "say --dayfirst (3 April for 03/04) or --monthfirst (4 March)"


class DateOrder:
    """How the dates of one column are written, decided from all of them.

    >>> DateOrder(["03/04/2023", "19/10/2023"]).iso("03/04/2023")
    '2023-04-03'

    Raises `ValueError` where both orders fit and none is said, or neither fits all.
    """

    def __init__(self, cells: Sequence[object], dayfirst: bool | None = None) -> None:
        timed = [cell for cell in cells if isinstance(cell, str) and ":" in cell]
        # A table that knows only days may write each with a midnight.
        self._days_only = bool(timed) and all(_midnight(cell) for cell in timed)
        parts = [found for cell in cells if (found := _ambiguous(cell))]
        self.words = _in_words(cells)
        self.dayfirst = dayfirst
        if parts:
            self.dayfirst = _decide(parts, dayfirst)
            if self.dayfirst:
                self.words = "day first"
            else:
                self.words = "month first"

    def iso(self, cell: Any) -> Any:
        """Write a date, in any of the forms read, the ISO way; leave everything else as it is."""
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell:
            cell = f"{cell:.0f}" if float(cell).is_integer() else cell
        if not isinstance(cell, str):
            return cell
        cell = cell.strip()
        if self._days_only and (midnight := _midnight(cell)):
            cell = cell[: midnight.start()]
        if found := _PARTS.fullmatch(cell):
            day, month = (found["a"], found["b"]) if self.dayfirst else (found["b"], found["a"])
            text = _iso(cell, _full_year(found["year"], cell), int(month), int(day))
        elif _ISO.match(cell):
            return _with_zone(cell)
        elif found := _YEAR_FIRST.fullmatch(cell):
            text = _iso(cell, int(found["year"]), int(found["month"]), int(found["day"]))
        elif found := _RUN.fullmatch(cell):
            return _iso(cell, int(found["year"]), int(found["month"]), int(found["day"]))
        elif found := _WORDS.fullmatch(cell):
            day, year = found["day"] or found["day2"], found["year"] or found["year2"]
            month_number = _month(found["word"] or found["word2"])
            return _iso(cell, int(year), month_number, int(day)) if month_number else cell
        else:
            return cell
        return _with_zone(text + (found["rest"] or ""))


def _midnight(cell: str) -> re.Match[str] | None:
    found = _MIDNIGHT.search(cell.strip())
    if found and found.end() == len(cell.strip()):
        return found
    return None


def _ambiguous(cell: object) -> re.Match[str] | None:
    if isinstance(cell, str):
        return _PARTS.fullmatch(cell.strip())
    return None


def _decide(parts: Sequence[re.Match[str]], said: bool | None) -> bool:
    day_first = next((found for found in parts if int(found["a"]) > 12), None)
    month_first = next((found for found in parts if int(found["b"]) > 12), None)
    if day_first and month_first:
        raise ValueError(
            f"{day_first[0][:40]!r} is day first and {month_first[0][:40]!r} month first; "
            "write all in one order, 2023-10-19"
        )
    if day_first:
        known = True
    elif month_first:
        known = False
    else:
        known = None
    if known is not None and said is not None and known != said:
        wrong = (day_first or month_first or parts[0])[0][:40]
        if said:
            asked = "--dayfirst"
        else:
            asked = "--monthfirst"
        raise ValueError(f"{wrong!r} cannot be read as {asked} asks; leave the option out")
    if known is None and said is None:
        unclear = next((found for found in parts if int(found["a"]) != int(found["b"])), None)
        if unclear is not None:
            raise ValueError(f"{unclear[0][:40]!r} and all others fit two orders; {_ASK}")
    return bool(known if known is not None else said)


def _in_words(cells: Sequence[object]) -> str:
    if any(isinstance(cell, date | datetime) for cell in cells):
        return "dates of the file"
    return "year first"


def _with_zone(text: str) -> str:
    """Give a New York time its offset, as where an announcement is added by hand."""
    try:
        said = when(text)
    except CatalogError as error:
        raise ValueError(str(error)) from None
    # what is less than an instant ("after hours") is no cell of a date: it is refused as it stands
    if len(said) == 1:
        return str(said["announced_at"])
    return text


def _full_year(year: str, cell: str) -> int:
    if len(year) < 4:
        raise ValueError(f"{cell[:40]!r}: write the year with four digits")
    return int(year)


def _iso(cell: str, year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is no day of the calendar") from None


def _month(word: str) -> int | None:
    fits = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(word.lower())]
    if len(fits) == 1:
        return fits[0]
    return None
