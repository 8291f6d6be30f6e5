"""One cell of an event list: what it may hold, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from events.errors import suggest
from events.moment import moment
from events.text import one_line, plain

MAX_CELL = 2000
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def optional(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a blank cell be None."""
    return lambda value: None if is_blank(value) else check(value)


def is_blank(value: object) -> bool:
    """Say whether a cell holds nothing (NaN is unequal to itself)."""
    return value is None or value is pd.NaT or value is pd.NA or value == "" or value != value


def text(value: object) -> str:
    """Take a cell that must hold something as text."""
    if is_blank(value):
        raise ValueError("empty")
    return str(value)


def cell_moment(value: object) -> date | datetime:
    """Read an instant or a date from text, or from what Parquet makes of either."""
    if is_blank(value):
        raise ValueError("empty")
    if isinstance(value, pd.Timestamp):
        naive_midnight = value.tzinfo is None and value == value.normalize()
        return value.date() if naive_midnight else moment(value.to_pydatetime())
    return moment(value)


def word(value: object, known: Sequence[str], own: bool) -> str:
    """Take a word of the vocabulary, or the researcher's own where it is no misspelling of one."""
    word = one_line(text(value))
    if word in known:
        return word
    near = get_close_matches(word[:100], known, n=1, cutoff=0.85)
    if near or not own or len(word) > 100:
        raise ValueError(f"'{word[:60]}' is none of {', '.join(known)}{suggest(word[:100], known)}")
    return word


def dollars(value: object) -> float:
    """Read a positive sum."""
    cell = str(value)
    if _THOUSANDS.fullmatch(cell):
        cell = cell.replace(",", "")
    try:
        number = float(cell)
    except ValueError:
        number = float("nan")
    if not 0 < number <= 1e14:
        raise ValueError(f"'{str(value)[:40]}' is no sum of dollars between 0 and 1e14")
    return number


def attribute(value: Any) -> bool | int | float | str:
    """Read a cell of a column of the researcher's own."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    cell = str(value)
    if len(cell) > MAX_CELL:
        raise ValueError(f"a cell of {len(cell)} characters; at most {MAX_CELL} are read")
    try:
        number = float(cell)
    except ValueError:
        return plain(cell.strip()).replace("\n", " ")
    if not np.isfinite(number):
        raise ValueError(f"{cell[:40]} is no finite number")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
