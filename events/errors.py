"""The errors a user can cause; every other package's errors grow from `ReactionsError`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


class ReactionsError(Exception):
    """Wrong input. Its text is shown to the user as it is: what, which value, where, what to do."""


class CatalogError(ReactionsError):
    """An announcement, or a file of them, cannot be used."""


class ArgumentError(ReactionsError, TypeError):
    """A Python call was given another kind of thing than it takes; the text names the argument."""


class CalendarError(ReactionsError):
    """A date or instant cannot be placed on the exchange calendar."""


class DiscoveryError(ReactionsError):
    """Filings or a newsroom's feed cannot be asked for, or an answer cannot be trusted."""


def suggest(word: str, choices: Iterable[str]) -> str:
    """Say which known name a misspelt one is nearest to, or nothing; capitals tell none apart.

    >>> suggest("maket", ["market", "mean_adjusted"])
    "; did you mean 'market'?"
    >>> suggest("WRDS code", ["Eventus", "wrds"]), suggest("zzz", ["market"])
    ("; did you mean 'wrds'?", '')
    """
    known = list(choices)
    small = {one.lower(): one for one in known}
    near = get_close_matches(word, known, n=1) or [
        small[one] for one in get_close_matches(word.lower(), small, n=1)
    ]
    return f"; did you mean '{near[0]}'?" if near else ""


_TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_TOO_SHORT = re.compile(r"Too many columns specified: expected (\d+) and found (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def table_fault(error: Exception) -> str:
    """What is wrong with a table that a library could not read, in words of the table; one line.

    >>> said = "Error tokenizing data. C error: Expected 2 fields in line 2, saw 3"
    >>> table_fault(ValueError(said))
    'line 2 has 3 fields, the header 2; quote a field that holds the separator'
    """
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    if found := _TOO_LONG.search(said):
        wanted, line, seen = found.groups()
        return (
            f"line {line} has {seen} fields, the header {wanted}; "
            "quote a field that holds the separator"
        )
    if found := _TOO_SHORT.search(said):
        return f"its rows have {found[2]} fields, its header {found[1]}; write the missing ones"
    if found := _OPEN_QUOTE.search(said):
        return f"a quotation mark of line {int(found[1]) + 1} is never closed; close or remove it"
    if "No columns to parse" in said:
        return "it is empty"
    return said
