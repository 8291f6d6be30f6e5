"""Tables of the page: cells with the text shown and the value sorted by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.words import NONE, fine, number, percent, pvalue

_READ = re.compile(
    r"<?[+−±]?\d[\d,.]*%?( |$)"
)  # a number that stands in a text by itself, or first


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it sorts by.

    Also an anchor within the page, and whether it is a number or one word.
    """

    text: str
    sort: float | str | None = None
    anchor: str = ""
    numeric: bool = False
    strong: bool = False
    title: str = ""
    whole: bool = False

    @property
    def key(self) -> str | None:
        """The value to sort by, as text; empty sorts last.

        None where the page's script reads it off the text.
        """
        if self.numeric and (self.text == NONE or _READ.match(self.text)):
            return None
        if self.sort is None:
            if self.text == NONE:
                return ""
            return self.text
        if isinstance(self.sort, float):
            if math.isfinite(self.sort):
                return f"{self.sort:.7g}"
            return ""
        return self.sort


@dataclass(frozen=True)
class Table:
    """A table with its caption.

    `sortable` ones get buttons in their heads and a field to filter by. `keys` say which row is
    which, where the page's control fills the rows anew.
    """

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sortable: bool = False
    notes: str = ""
    keys: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        caption: str,
        head: Sequence[str],
        rows: Iterable[Sequence[Cell | str]],
        *,
        sortable: bool = False,
        notes: str = "",
    ) -> Table:
        """A table from rows of cells or plain text."""
        cells = tuple(
            tuple(one if isinstance(one, Cell) else Cell(one) for one in row) for row in rows
        )
        return cls(name, caption, tuple(head), cells, sortable, notes)

    @property
    def columns(self) -> str:
        """Classes that say of which columns, from 1, cells are set right or never broken.

        Style sheets do: right is n2, never broken w2.
        """
        return "".join(f" {look}{i}" for i, look in enumerate(self._looks(), 1) if look)

    def _looks(self) -> Iterator[str]:
        """How each column stands: a number (n), never broken (w), or like other text."""
        for i in range(len(self.head)):
            if self.numeric(i):
                yield "n"
            elif any(row[i].whole for row in self.rows):
                yield "w"
            else:
                yield ""

    def numeric(self, column: int) -> bool:
        """Whether a column holds numbers, to be set to the right."""
        return any(row[column].numeric for row in self.rows)


def percent_cell(value: float, digits: int = 1, *, strong: bool = False) -> Cell:
    """A fraction, shown as signed percent."""
    return Cell(
        percent(value, digits),
        float(value),
        numeric=True,
        strong=strong,
    )


def percent_free(value: float, digits: int = 1) -> Cell:
    """A share or an error, shown as percent without a sign."""
    return Cell(percent(value, digits).lstrip("+"), float(value), numeric=True)


def number_cell(value: float, digits: int = 2) -> Cell:
    """A plain number."""
    return Cell(number(value, digits), float(value), numeric=True)


def p_cell(value: float, *, judged: bool = True) -> Cell:
    """A p-value, bold below 0.05; a probability of another kind is not judged so."""
    return Cell(pvalue(value), float(value), numeric=True, strong=judged and bool(value < 0.05))


def between_cell(value: float, low: float, high: float) -> Cell:
    """An estimate with the two ends of its interval, alone where there is none."""
    digits = fine(low, high)
    told = percent(value, digits)
    if math.isfinite(value) and math.isfinite(low) and math.isfinite(high):
        told += f" [{percent(low, digits)}, {percent(high, digits)}]"
    return Cell(told, float(value), numeric=True)


def columns(most: int = 30) -> str:
    """The style sheet of `Table.columns`.

    Columns of numbers, set right, and those that are never broken.
    """
    right = ",".join(f".n{i} td:nth-child({i})" for i in range(1, most + 1))
    whole = ",".join(f".w{i} td:nth-child({i})" for i in range(1, most + 1))
    return (
        f"{right}{{text-align:right;white-space:nowrap}}{whole}{{white-space:nowrap;min-width:0}}"
        f"@media print{{{right}{{white-space:normal}}}}"
    )
