"""The errors a user can cause; every other package's errors grow from `ReactionsError`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


class ReactionsError(Exception):
    """Wrong input. Its text is shown to the user as it is: what, which value, where, what to do.

    All errors below are of this kind, so that a script catches it alone.

    >>> from reactions import Catalog
    >>> try:
    ...     Catalog.bundled().filter(tickers=["METTA"])
    ... except ReactionsError as error:
    ...     print(error)
    no announcement has ticker 'METTA'; did you mean 'META'?
    """


class CatalogError(ReactionsError):
    """An announcement, or a file of them, cannot be used.

    >>> from reactions import Catalog
    >>> Catalog.bundled()["2026-04-09-meta-corewave-21bn"]
    Traceback (most recent call last):
    events.errors.CatalogError: no announcement '2026-04-09-meta-corewave-21bn'; did you ...
    """


class ArgumentError(ReactionsError, TypeError):
    """A Python call was given another kind of thing than it takes; the text names the argument."""


class CalendarError(ReactionsError):
    """A date or instant cannot be placed on the exchange calendar.

    >>> from events.clock.exchanges import known_exchange
    >>> known_exchange("XLONN")
    Traceback (most recent call last):
    events.errors.CalendarError: no exchange 'XLONN'; did you mean 'XLON'?
    """


class DiscoveryError(ReactionsError):
    """Filings or a newsroom's feed cannot be asked for, or an answer cannot be trusted.

    >>> from reactions import discover
    >>> discover()
    Traceback (most recent call last):
    events.errors.DiscoveryError: whose filings? Name a ticker (--ticker CRWV), or a feed ...
    """


def suggest(word: str, choices: Iterable[str]) -> str:
    """Say which known name a misspelt one is nearest to, or nothing; capitals tell none apart.

    >>> suggest("maket", ["market", "mean_adjusted"])
    "; did you mean 'market'?"
    >>> suggest("meta", ["metal", "META"])
    "; did you mean 'META'?"
    >>> suggest("WRDS code", ["Eventus", "wrds"]), suggest("zzz", ["market"])
    ("; did you mean 'wrds'?", '')
    """
    known = list(choices)
    small = {one.lower(): one for one in known}
    if word.lower() in small:
        same = [small[word.lower()]]
    else:
        same = []
    near = same or get_close_matches(word, known, n=1)
    near = near or [small[one] for one in get_close_matches(word.lower(), small, n=1)]
    if near:
        return f"; did you mean '{near[0]}'?"
    return ""


_TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_TOO_SHORT = re.compile(r"Too many columns specified: expected (\d+) and found (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def table_fault(error: Exception) -> str:
    """What is wrong with a table that a library could not read, in words of the table; one line.

    >>> said = "Error tokenizing data. C error: Expected 2 fields in line 2, saw 3"
    >>> table_fault(ValueError(said))
    'line 2 has 3 fields, the header 2; quote a field that holds the separator'
    """
    if isinstance(error, UnicodeDecodeError):
        if error.object[:2] == b"\x1f\x8b":
            return "it is packed (gzip); unpack it first"
        return f"it is no UTF-8 text (byte {error.start}); save it as UTF-8"
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
