"""A chart: what is drawn, what it says in words, and the numbers behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

Json = dict[str, Any]
_DIGITS = 4
_ISO, _SOME = 10, 3  # letters of a date; dates worth packing


@dataclass(frozen=True)
class Chart:
    """Traces and layout in the words of plotly.js, of which `svg` and matplotlib draw a part.

    Colours are tokens (`@c0`, `@ink/0.2`) that a theme resolves.

    `alt` is the text alternative; `columns` and `rows` are the data table behind the picture.
    """

    name: str
    title: str
    alt: str
    traces: tuple[Json, ...]
    layout: Json
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    note: str = ""
    source: str = ""  # in words, below a picture that stands by itself
    narrow: Chart | None = None  # the same for a phone, where panels stand below one another

    def as_json(self) -> Json:
        """The numbers behind the picture, column by column.

        Rounded to a basis point, dates as YYYY-MM-DD.
        """
        values = [_packed(_compact(column)) for column in zip(*self.rows, strict=True)]
        return {"columns": list(self.columns), "values": values}


def _packed(column: list[Any]) -> Any:
    """A column as it is, or shorter.

    {"runs"} of words that repeat, {"days"} of dates, {"span"} of counts, {"bp"}. `bp` are fractions
    in basis points, `days` a first date and the days to each next one, `span` a first and a last
    count and how often they come.
    """
    if not column:
        return column
    if all(isinstance(value, str) for value in column):
        return _dated(column) or _repeated(column)
    if all(type(value) is int for value in column):
        span = list(range(column[0], max(column) + 1))
        times = 0
        if span:
            times = len(column) // len(span)
        if span * times == column:
            return {"span": [span[0], span[-1], times]}
        return column
    known = [value for value in column if value is not None]
    if known and all(type(value) is float and abs(value) < 10 for value in known):
        return {"bp": [None if value is None else round(value * 10**_DIGITS) for value in column]}
    return column


def _repeated(column: list[str]) -> Any:
    runs = [[value, len(list(same))] for value, same in groupby(column)]
    if 2 * len(runs) <= len(column):
        return {"runs": runs}
    return column


def _dated(column: list[str]) -> Any:
    """Dates in their order as a first one and the days between, None for anything else."""
    try:
        days = [date.fromisoformat(value).toordinal() for value in column if len(value) == _ISO]
    except ValueError:
        return None
    steps = [after - before for before, after in pairwise(days)]
    if len(days) < len(column) or len(days) < _SOME or min(steps) < 0:
        return None
    return {"days": [column[0], *steps]}


def _compact(value: Any) -> Any:
    if type(value) is float:  # most of what there is
        if math.isfinite(value):
            return round(value, _DIGITS)
        return None
    if isinstance(value, Mapping):
        return {str(key): _compact(one) for key, one in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Sequence):
        return [_compact(one) for one in value]
    if isinstance(value, int):
        return int(value)
    number = float(value)
    if math.isfinite(number):
        return round(number, _DIGITS)
    return None
