"""A column of a list that says where each security trades: XLON, LSE, NYSE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from events.clock.exchanges import known_exchange
from events.errors import CalendarError
from events.files.lists.naming import plain_name

_NAMES = ("exchange", "mic", "exchangecode", "exchangemic")


def exchange_column(columns: Mapping[str, pd.Series]) -> tuple[str, dict[str, str]]:
    """The column that names exchanges, and each of its values as a calendar knows it.

    ("", {}) where no column does. A column of which one value is no exchange names none: then it is
    an attribute like another.

    >>> exchange_column({"Exchange": pd.Series(["LSE", None, "XETR"])})
    ('Exchange', {'LSE': 'XLON', 'XETR': 'XETR'})
    """
    for name in _candidates(columns):
        values = _values(columns[name].tolist())
        try:
            known = {value: known_exchange(value) for value in values}
        except CalendarError:
            continue
        if known:
            return name, known
    return "", {}


def exchange_words(columns: Mapping[str, pd.Series]) -> str:
    """What was understood of such a column, "" where there is none."""
    name, _ = exchange_column(columns)
    if name:
        return f"{name!r} says where each ticker trades"
    for candidate in _candidates(columns):
        for value in _values(columns[candidate].tolist()):
            try:
                known_exchange(value)
            except CalendarError as error:
                return f"{candidate!r} is an attribute alone, as there is {error}"
    return ""


def _candidates(columns: Mapping[str, pd.Series]) -> list[str]:
    return [name for name in columns if plain_name(name) in _NAMES]


def _values(cells: Sequence[Any]) -> list[str]:
    """The distinct texts of a column; nothing where a cell is a number: a vendor's own code."""
    there = [cell for cell in dict.fromkeys(cells) if not pd.isna(cell)]
    if all(isinstance(cell, str) for cell in there):
        return there
    return []
