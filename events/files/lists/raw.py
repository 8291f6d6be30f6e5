"""A file as a table of raw cells.

The header as it is written, before any library renames a column.
"""

from __future__ import annotations

import codecs
import struct
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from events.files.lists.cells import is_blank
from events.files.lists.nameless import holds_dates
from events.files.lists.naming import SPREADSHEETS
from events.files.lists.sheets import read_sheet
from events.record.text import composed

MAX_COLUMNS = 300
_MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# What pandas' reader raises where lengths and kinds in the file are not what they should be.
_STUMBLES = (
    struct.error, LookupError, TypeError, AttributeError, MemoryError, OverflowError,
    ArithmeticError, AssertionError,
)  # fmt: skip


@dataclass(frozen=True)
class Raw:
    """Cells as read: `frame` has one column a header, `shape` says in words how the file was read.

    `first_row` is the number of its first row in the file: 1 where there is no header, and columns
    are named "column 1", "column 2".
    """

    frame: pd.DataFrame
    shape: str
    first_row: int = 2


def read_raw(path: Path) -> Raw:
    """Read a .csv (comma, semicolon, tab, bar; UTF-8 or UTF-16), spreadsheet, .dta or .parquet.

    Text files give text, empty cells as ""; the others what they hold. Headers lose outer blanks.
    Raises `ValueError` for a file that is no table, and where two columns have one name.
    """
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _parquet(path)
    if kind == ".dta":
        return _stata(path)
    if kind in SPREADSHEETS:
        return _spreadsheet(path)
    return _text(path)


def _text(path: Path) -> Raw:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        header = file.readline(200_000)
    # spreadsheets of half of Europe write ";"
    mark = max(_MARKS, key=header.count)
    if header.count(mark) >= 2 * MAX_COLUMNS:  # a million columns would take pandas minutes
        raise ValueError(f"more than {MAX_COLUMNS} columns")
    with warnings.catch_warnings():
        # a row longer than the header is no row
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            path,
            sep=mark,
            header=None,  # given a header, pandas would rename a repeated column in silence
            dtype=str,
            keep_default_na=False,
            encoding=encoding,
            skipinitialspace=True,
            index_col=False,
        )
    names = frame.iloc[0].tolist()
    body = frame.iloc[1:].reset_index(drop=True)
    if encoding == "utf-8-sig":
        written = ""
    else:
        written = ", UTF-16"
    shape = f"text separated by {_MARKS[mark]}{written}"
    if holds_dates(names):
        nameless = _named(frame, [""] * len(names))
        return Raw(nameless, f"{shape}, without a header", first_row=1)
    return Raw(_named(body, names), shape)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "utf-8-sig"


def _parquet(path: Path) -> Raw:
    from pyarrow import parquet

    _refuse_repeated(parquet.read_schema(path).names)
    table = parquet.read_table(path)
    table.validate(full=True)  # text that is no text fails only where it is first looked at
    try:
        frame = table.to_pandas()
    except (KeyError, TypeError, AttributeError, IndexError) as error:  # as pandas reads its notes
        raise ValueError(f"its notes for pandas are damaged: {error!r}") from None
    named = any(name is not None for name in frame.index.names)
    frame = frame.reset_index(drop=not named)
    return Raw(_named(frame, list(frame.columns)), "Parquet")


def _stata(path: Path) -> Raw:
    frame = read_stata(path)
    return Raw(_named(frame, list(frame.columns)), "Stata")


def _spreadsheet(path: Path) -> Raw:
    name, rows = read_sheet(path, "events")
    if len(rows[0]) > MAX_COLUMNS:
        raise ValueError(f"more than {MAX_COLUMNS} columns")
    cells = [[None if cell == "" else cell for cell in row] for row in rows]
    every = pd.DataFrame(cells, columns=range(len(rows[0])), dtype=object)
    if holds_dates(rows[0]):
        nameless = _named(every, [""] * len(rows[0]))
        return Raw(nameless, f"sheet {name!r}, without a header", first_row=1)
    return Raw(_named(every.iloc[1:].reset_index(drop=True), rows[0]), f"sheet {name!r}")


def _named(frame: pd.DataFrame, names: Sequence[Any]) -> pd.DataFrame:
    """Give the columns their written names; an empty column without a name is no column."""
    spelt = ["" if name is None or name != name else composed(str(name).strip()) for name in names]
    kept = [
        place
        for place, name in enumerate(spelt)
        if name or not frame.iloc[:, place].map(is_blank).all()
    ]
    frame = frame.iloc[:, kept]
    spelt = [spelt[place] or f"column {place + 1}" for place in kept]
    _refuse_repeated(spelt)
    return frame.set_axis(pd.Index(spelt, dtype=object), axis="columns")


def _refuse_repeated(names: Iterable[str]) -> None:
    counts = Counter(composed(str(name).strip()) for name in names)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise RepeatedColumnError(
            f"column {twice[0][:60]!r} is there {counts[twice[0]]} times; keep one, or rename them"
        )


class RepeatedColumnError(ValueError):
    """Two columns have one name, so that neither can be told from the other."""


def read_stata(path: Path) -> pd.DataFrame:
    """Read a .dta; labelled values are their labels.

    Raises `ValueError` where it is damaged or none.
    """
    if not path.stat().st_size:
        raise ValueError("it is empty")
    try:
        with warnings.catch_warnings():
            # of text in another encoding than the file says, of numbers in damaged heads
            warnings.simplefilter("ignore")
            frame = pd.read_stata(path)
    except _STUMBLES:
        raise ValueError("it is no sound Stata file; save it anew, or export it as CSV") from None
    labelled = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(labelled, object))
