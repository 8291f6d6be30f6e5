"""The cells of a CSV or Parquet file as they are.

Its head row by row, nothing renamed, and its body by position.
"""

from __future__ import annotations

import ast
import codecs
import csv
from bisect import bisect
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from events.errors import table_fault

_HEAD = 4  # rows: no shape known has more of them above its prices
_DELIMITERS = ("\t", ";")  # whichever the first line has; otherwise the comma


@dataclass(frozen=True)
class Places(Sequence[str]):
    """Where rows stood in a file, written out only when somebody asks.

    Of a table in several files, `parts` has the number of the first row of each, and its name.
    """

    file: str
    word: str
    numbers: NDArray[np.int64]
    parts: tuple[tuple[int, str], ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: Any) -> str:
        number = int(self.numbers[row])
        if not self.parts:
            return f"{self.file} {self.word} {number}"
        first, part = self.parts[bisect(self.parts, number, key=lambda one: one[0]) - 1]
        return f"{self.file}/{part} {self.word} {number - first + 1}"

    def of(self, rows: NDArray[np.int64]) -> Places:
        """The places of some of the rows."""
        return replace(self, numbers=self.numbers[rows])


@dataclass(frozen=True)
class Head:
    """The first rows of a file, stripped; in the first stand the names of its columns."""

    file: str
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns as they are written."""
        return self.rows[0]


class Cells(Protocol):
    """A file opened for its cells."""

    @property
    def head(self) -> Head:
        """Its first rows."""

    def body(self, skip: int, positions: Sequence[int]) -> tuple[pd.DataFrame, Places]:
        """The rows below the first `skip`, without empty ones; columns are named by position."""


def text_of(path: Path) -> str:
    """The text of a file, with one kind of line ends. Raises `ValueError` for an empty one."""
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if wide else "utf-8-sig")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ValueError("it is empty")
    return text


@dataclass(frozen=True)
class Text:
    """A CSV, all of whose cells are text."""

    file: str
    text: str

    @cached_property
    def _above(self) -> int:
        """The number of empty lines above the head."""
        return next(n for n, line in enumerate(self.text.split("\n")) if line.strip())

    @cached_property
    def head(self) -> Head:
        """Its first rows, taken apart at the delimiter that the first of them has."""
        lines = list(islice(StringIO(self.text), self._above, self._above + _HEAD))
        delimiter = next((mark for mark in _DELIMITERS if mark in lines[0]), ",")
        rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
        try:
            stripped = tuple(tuple(cell.strip() for cell in row) for row in rows)
        except csv.Error as error:
            raise PriceError(f"{self.file}: cannot be read: {error}") from None
        return Head(self.file, stripped, delimiter)

    def body(self, skip: int, positions: Sequence[int]) -> tuple[pd.DataFrame, Places]:
        """The rows below the first `skip`, as text.

        Raises `PriceError` for one wider than the head.
        """
        above = self.head.rows[
            : max(skip, 1)
        ]  # without a header the first row is as wide as the others
        width = max(map(len, above))
        named = max(_last(row) for row in above) + 1
        delimiter = self.head.delimiter
        fields = max(width, *(_fields(line, delimiter) for line in self.text.split("\n")))
        beyond = range(named, fields)
        try:
            frame = pd.read_csv(
                StringIO(self.text),
                sep=delimiter,
                header=None,
                names=list(range(fields)),
                usecols=sorted({*positions, *beyond}),
                skiprows=self._above + skip,
                dtype=str,
                skip_blank_lines=False,
                skipinitialspace=True,
                keep_default_na=False,
                na_values=[""],
                index_col=False,
            )
        except pd.errors.EmptyDataError:
            frame = pd.DataFrame(columns=sorted(set(positions)), dtype=str)
        except ValueError as error:
            raise PriceError(f"{self.file}: cannot be read: {table_fault(error)}") from None
        return self._rows(frame, named, self._above + skip)

    def _rows(self, frame: pd.DataFrame, named: int, above: int) -> tuple[pd.DataFrame, Places]:
        """Drop empty lines, and the fields beyond the head where they are empty everywhere."""
        beyond = frame[[name for name in frame.columns if int(name) >= named]]
        full = beyond.apply(lambda column: column.str.strip().fillna("").ne(""))
        frame = frame.drop(columns=beyond.columns)
        lines = np.flatnonzero(frame.notna().any(axis=1))
        places = Places(self.file, "line", np.arange(len(frame)) + above + 1)
        for row in np.flatnonzero(full.to_numpy().any(axis=1))[:1]:
            more = _last(tuple("x" if cell else "" for cell in full.iloc[row])) + 1
            raise PriceError(
                f"{places[row]} has {more} field{'s' if more > 1 else ''} more than the header; "
                "write decimals with a point, or quote the field that holds the separator"
            )
        return frame.iloc[lines], places.of(lines)


def _fields(line: str, delimiter: str) -> int:
    """The number of fields of a line; what is quoted may hold the delimiter."""
    if '"' not in line:
        return line.count(delimiter) + 1
    return max(map(len, csv.reader([line], delimiter=delimiter, skipinitialspace=True)), default=0)


def _last(row: Sequence[str]) -> int:
    """The position of the last cell with something in it; -1 if there is none."""
    return max((position for position, cell in enumerate(row) if cell), default=-1)


class Parquet:
    """A Parquet file.

    A frame's index is a column, and several levels of names are several rows of the head.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet

        self._path, self._parquet = path, pyarrow.parquet
        self._schema = pyarrow.parquet.read_schema(path)
        # A frame's index comes last in the schema, but first for everyone who looks at it.
        named = [_name(field) for field in self._schema]
        self._order = sorted(range(len(named)), key=lambda at: not _dated(named[at]))
        names = [named[at] for at in self._order]
        depth = max(map(len, names), default=1)
        padded = [(*name, *[""] * (depth - len(name))) for name in names]
        rows = tuple(zip(*padded, strict=True)) or ((),)
        self.head = Head(path.name, rows)

    def body(
        self,
        skip: int,  # noqa: ARG002  # no row is above
        positions: Sequence[int],
    ) -> tuple[pd.DataFrame, Places]:
        """All rows, with the types the file gives them. Raises `PriceError` for a damaged file."""
        try:
            frame = self._columns(positions)
        except (ValueError, OSError, OverflowError) as error:  # pyarrow's errors are the first two
            raise PriceError(
                f"{self._path.name}: cannot be read, it is damaged: {table_fault(error)}"
            ) from None
        places = Places(self._path.name, "row", np.arange(1, len(frame) + 1))
        rows = np.flatnonzero(frame.notna().any(axis=1))
        return frame.iloc[rows], places.of(rows)

    def _columns(self, positions: Sequence[int]) -> pd.DataFrame:
        names, at = self._schema.names, [self._order[position] for position in positions]
        if len(set(names)) == len(names):
            table = self._parquet.read_table(self._path, columns=[names[one] for one in at])
        else:
            table = self._parquet.read_table(self._path).select(at)
        table.validate(full=True)  # text that is no text fails only where it is first looked at
        series = {
            position: table.column(number).to_pandas().rename(None)
            for number, position in enumerate(positions)
        }
        return pd.DataFrame(series)


def _dated(name: tuple[str, ...]) -> bool:
    return name[0].lower() in ("date", "datetime")


def _name(field: Any) -> tuple[str, ...]:
    """The name of a column, level by level; an index of dates without a name is called Date."""
    text = str(field.name)
    if text.startswith("__index_level_"):
        if str(field.type).startswith(("timestamp", "date")):
            return ("Date",)
        return ("",)
    if text.startswith("('"):
        with suppress(ValueError, SyntaxError):
            return tuple(str(level).strip() for level in ast.literal_eval(text))
    return (text.strip(),)
