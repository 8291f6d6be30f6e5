"""Opening any file for its cells.

Those of spreadsheets, Stata files and databases come with types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Cells, Head, Parquet, Places, Text, text_of
from events.errors import table_fault
from events.files.lists.cells import id_text, is_blank
from events.files.lists.naming import SPREADSHEETS as SPREADSHEETS
from events.files.lists.raw import read_stata
from events.files.lists.sheets import read_sheet

HEAD_ROWS = 4
DATABASES = ("sqlite", "duckdb")


def opened(path: Path | str) -> Cells:
    """Open a file by its suffix, or a table of a database by its URL.

    Raises `PriceError` for what cannot be read.
    """
    if isinstance(path, str) and is_database(path):
        return database(path)
    path = Path(path)
    kind = path.suffix.lower()
    if path.exists() and not (path.is_file() or path.is_dir()):  # a device has no end
        raise PriceError(f"{path.name}: is neither a file nor a folder")
    try:
        if kind in SPREADSHEETS:
            return spreadsheet(path)
        if kind == ".dta":
            return stata(path)
        if path.is_dir():
            return parts(path)
        if kind == ".parquet":
            return Parquet(path)
        return Text(path.name, text_of(path))
    except PriceError:
        raise
    except (ValueError, OSError) as error:  # a UnicodeError is a ValueError
        raise PriceError(f"{path.name}: cannot be read: {table_fault(error)}") from None


@dataclass(frozen=True, eq=False)
class CellGrid:
    """Rows of cells as a file holds them; the first rows are its head, as for a text file."""

    file: str
    rows: pd.DataFrame
    word: str = "row"
    parts: tuple[tuple[int, str], ...] = ()  # of several files: the row each begins at, its name

    @property
    def head(self) -> Head:
        """The first rows as text."""
        first = self.rows.iloc[:HEAD_ROWS].itertuples(index=False)
        return Head(self.file, tuple(tuple(map(_name, row)) for row in first))

    def body(self, skip: int, positions: Sequence[int]) -> tuple[pd.DataFrame, Places]:
        """The rows below the first `skip`, without empty ones; columns are named by position."""
        below = self.rows.iloc[skip:, list(positions)].set_axis(list(positions), axis="columns")
        below = below.astype(object).where(~below.map(is_blank), None)
        places = Places(self.file, self.word, np.arange(len(below)) + skip + 1, self.parts)
        lines = np.flatnonzero(below.notna().any(axis=1))
        return below.iloc[lines].infer_objects(), places.of(lines)


def _name(cell: Any) -> str:
    """A cell of the head as text: a ticker that a table took for a number is one again."""
    if is_blank(cell):
        return ""
    return id_text(cell).strip()


def spreadsheet(path: Path) -> CellGrid:
    """The one sheet with cells of a spreadsheet. Raises `ValueError`."""
    name, rows = read_sheet(path, "prices")
    return CellGrid(f"{path.name} sheet {name!r}", pd.DataFrame(rows, dtype=object))


def stata(path: Path) -> CellGrid:
    """A Stata file; its names are the head."""
    return named(path.name, read_stata(path))


def named(file: str, frame: pd.DataFrame, parts: tuple[tuple[int, str], ...] = ()) -> CellGrid:
    """A table whose names stand beside it, put above it as a head."""
    head = pd.DataFrame([[str(name) for name in frame.columns]], dtype=object)
    body = frame.astype(object).set_axis(range(frame.shape[1]), axis="columns")
    return CellGrid(file, pd.concat([head, body], ignore_index=True), parts=parts)


def parts(folder: Path) -> CellGrid:
    """A folder of Parquet parts, `year=2023/part-0.parquet`, whose keys are columns too."""
    from backtest.prices.sources.files.parts import open_parts  # Arrow, where parts are read

    data = open_parts(folder)
    frame = data.to_table().to_pandas()
    if frame.index.name:
        frame = frame.reset_index()
    files = list(data.get_fragments())
    ends = np.cumsum([1, *(one.count_rows() for one in files)])  # 1: the head
    starts = zip(ends, files, strict=False)
    whole = folder.absolute()
    begins = [(int(end) + 1, Path(one.path).relative_to(whole).as_posix()) for end, one in starts]
    return named(folder.name, frame, tuple(begins))


def is_database(spec: str) -> bool:
    """Whether a source is a table of a database: `sqlite:///file.db?table=prices`."""
    return urlsplit(str(spec)).scheme in DATABASES


def database(url: str) -> CellGrid:
    """A table of an SQLite or DuckDB file, opened for reading only. Raises `PriceError`."""
    found = urlsplit(url)
    table = parse_qs(found.query).get("table", [""])[0]
    path = Path(unquote(found.path[1:] if found.path.startswith("/") else found.path))
    shown = f"{found.scheme}:///{path.name}"
    if not table or found.netloc:
        raise PriceError(
            f"{shown}: write the file and its table, {found.scheme}:///prices.db?table=daily (four "
            "slashes where the path begins at the root)"
        )
    if not path.is_file():
        raise PriceError(f"{shown}: there is no such file")
    if found.scheme == "sqlite":
        read = _sqlite
    else:
        read = _duckdb
    frame = read(path, table)
    return named(f"{path.name} table {table!r}", frame)


def _sqlite(path: Path, table: str) -> pd.DataFrame:
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            kinds = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            tables = [str(name) for (name,) in found.execute(kinds)]
            _there(path, table, tables)
            # quoted, and known
            return pd.read_sql_query(f"SELECT * FROM {_quoted(table)}", found)  # noqa: S608
    except sqlite3.Error as error:
        raise PriceError(f"{path.name}: no SQLite database that can be read: {error}") from None


def _duckdb(path: Path, table: str) -> pd.DataFrame:
    try:
        import duckdb
    except ImportError:
        raise PriceError(
            f"{path.name}: DuckDB is not installed; "
            "install market-reactions[duckdb], or export the table as Parquet"
        ) from None
    try:
        with duckdb.connect(str(path), read_only=True) as found:
            tables = [str(row[0]) for row in found.execute("SHOW TABLES").fetchall()]
            _there(path, table, tables)
            # quoted, and known
            return found.execute(f"SELECT * FROM {_quoted(table)}").df()  # noqa: S608
    except duckdb.Error as error:
        why = " ".join(str(error).split())[:120]
        raise PriceError(f"{path.name}: no DuckDB database that can be read: {why}") from None


def _there(path: Path, table: str, tables: list[str]) -> None:
    if table not in tables:
        raise PriceError(
            f"{path.name}: has no table {table!r}; it has {', '.join(tables[:10]) or 'none'}"
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
