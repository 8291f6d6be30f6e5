"""The errors a user can cause; every other package's errors grow from `ReactionsError`."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ReactionsError(Exception):
    """Wrong input. Its text is shown to the user as it is: what, which value, where, what to do."""


class CatalogError(ReactionsError):
    """An announcement, or a file of them, cannot be used."""


class CalendarError(ReactionsError):
    """A date or instant cannot be placed on the exchange calendar."""


def suggest(word: str, choices: Iterable[str]) -> str:
    """Say which known name a misspelt one is nearest to, or nothing.

    >>> suggest("maket", ["market", "mean_adjusted"])
    "; did you mean 'market'?"
    >>> suggest("zzz", ["market"])
    ''
    """
    near = get_close_matches(word, list(choices), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
