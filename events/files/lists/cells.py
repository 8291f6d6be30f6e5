"""One cell of an event list: what it may hold, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.errors import suggest
from events.record.instant import moment
from events.record.text import one_line

MAX_CELL = 600
_NUMBER = re.compile(
    r"[+-]?(?:0|[1-9]\d*|(?=\.))(?:\.\d*)?(?:[eE][+-]?\d+)?"
)  # no leading zeros: those are names
_WHOLE = re.compile(r"[1-9]\d*\.0+")  # an id that a table has taken for a number
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True, eq=False)
class ListColumn:
    """A column of N cells: the `distinct` ones, and which of them each is, `codes` (N,)."""

    codes: NDArray[np.int64]
    distinct: NDArray[np.object_]

    @classmethod
    def of(cls, values: pd.Series) -> ListColumn:
        """The cells of a column of texts."""
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
        return cls(codes, np.asarray(distinct, dtype=object))

    @property
    def values(self) -> NDArray[np.object_]:
        """All cells, (N,)."""
        return self.distinct[self.codes]

    @property
    def numbers(self) -> NDArray[np.int64]:
        """A number for each cell, (N,): the same where the cells are, though read from others."""
        return np.asarray(pd.factorize(self.distinct)[0][self.codes], dtype=np.int64)

    @property
    def series(self) -> pd.Series:
        """The same as a series."""
        return pd.Series(self.values, dtype=object)


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


def id_text(value: object) -> str:
    """Write an id as text, however the file holds it, so that 10001, "10001" and 10001.0 meet.

    >>> id_text(10001.0), id_text("10001.0"), id_text("0700"), id_text(True), id_text("NA")
    ('10001', '10001', '0700', 'TRUE', 'NA')
    """
    if isinstance(value, bool | np.bool_):
        return str(value).upper()  # a spreadsheet takes the ticker TRUE for a truth value
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return f"{value:.0f}"
    cell = text(value)
    if _WHOLE.fullmatch(cell):
        return cell.split(".")[0]
    return cell


def cell_moment(value: object) -> date | datetime:
    """Read an instant or a date from text, or from what Parquet makes of either."""
    if is_blank(value):
        raise ValueError("empty")
    if isinstance(value, pd.Timestamp):
        naive_midnight = value.tzinfo is None and value == value.normalize()
        if naive_midnight:
            return value.date()
        return moment(value.to_pydatetime())
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == time():
        return value.date()  # a spreadsheet's dates come as midnights
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


def attribute_reader(distinct: Sequence[object]) -> Callable[[Any], Any]:
    """Choose, by its distinct values, how to read a column of the researcher's own.

    Numbers, where all of them are. An identifier such as 00036110 or 12345E10 among others that are
    no numbers stays text, with its zeros.
    """
    cells = [cell for cell in distinct if not is_blank(cell)]
    if all(isinstance(cell, bool | np.bool_) for cell in cells):
        return optional(bool)
    if all(_is_number(cell) for cell in cells):
        return optional(_number)
    return optional(_words)


def _is_number(cell: object) -> bool:
    return isinstance(cell, Number) or (
        isinstance(cell, str) and _NUMBER.fullmatch(cell) is not None
    )


def _number(value: object) -> int | float:
    number = float(str(value))
    if not np.isfinite(number):
        raise ValueError(f"{str(value)[:40]} is no finite number")
    if number.is_integer() and abs(number) < 2**53:
        return int(number)
    return number


def _words(value: object) -> str:
    cell = str(value)
    if len(cell) > MAX_CELL:
        raise ValueError(f"a cell of {len(cell)} characters; at most {MAX_CELL} are read")
    return one_line(" ".join(cell.split("\n")).strip())
