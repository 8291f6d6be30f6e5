"""A list without a header whose cells say what they are.

A name, a date and a price, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import Layout

_DATE = re.compile(
    r"\d{4}[-/.]\d\d?[-/.]\d\d?.*|\d\d?[-/.]\d\d?[-/.]\d{4}.*|(?:19|20)\d\d[01]\d[0-3]\d"
    r"|\d\d?[ -]?[A-Za-z]{3}[ -]?\d{4}"
)
_NUMBER = re.compile(r"-?[\d.,]*\d[.,]?")


def kind_of(cell: str) -> str:
    """What a cell is by its looks.

    >>> [kind_of(cell) for cell in ("30.04.1997", "58.0000", "Adobe Systems", "")]
    ['date', 'number', 'word', 'empty']
    """
    if not cell:
        return "empty"
    if _DATE.fullmatch(cell):
        return "date"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "word"


def is_headless(cells: Sequence[str]) -> bool:
    """Whether a first row is data: a date stands in it, where a name should."""
    return any(kind_of(cell) == "date" for cell in cells)


@dataclass(frozen=True)
class Headerless:
    """One date, one number and at most one name a row."""

    name: str = "a list without a header"

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if the first rows are of these kinds and leave nothing open."""
        rows = [[kind_of(cell) for cell in row] for row in head.rows]
        kinds = rows[0]
        if any(row != kinds for row in rows if any(kind != "empty" for kind in row)):
            return None
        if sorted(kinds) not in (["date", "number"], ["date", "number", "word"]):
            return None
        key = None
        if "word" in kinds:
            key = kinds.index("word")
        close = {"": {"close": kinds.index("number")}}
        return Layout(self.name, kinds.index("date"), close, key, header=0)


SHAPE = Headerless()
