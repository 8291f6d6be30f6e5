"""Small files that are no text, made without the programs that usually write them."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

Cell = str | float | int | None
_TYPES = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _number(n: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    out = b""
    while True:
        low, n = n & 0x7F, n >> 7
        out += bytes([low | (0x80 if n else 0)])
        if not n:
            return out


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    return head + _number(len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, cell: Cell) -> bytes:
    where = struct.pack("<II", column, 0)
    if cell is None:
        return b""
    if isinstance(cell, str):
        return _record(6, where + _text(cell))
    return _record(5, where + struct.pack("<d", float(cell)))


def write_xlsb(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """Write rows as the one sheet of a binary workbook (BIFF12)."""
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, size) + _record(145)
    for number, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        sheet += b"".join(_cell(column, cell) for column, cell in enumerate(row))
    sheet += _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("Prices")
    book = _record(131) + _record(153, struct.pack("<II", 0, 0) + _text(""))
    book += _record(143) + _record(156, bundle) + _record(144) + _record(132)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    relation = (
        f'{head}<Relationships xmlns="{_TYPES}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/%s" Target="%s"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", f'{head}<Types xmlns="{_TYPES}/content-types"/>')
        packed.writestr("_rels/.rels", relation % ("officeDocument", "xl/workbook.bin"))
        packed.writestr(
            "xl/_rels/workbook.bin.rels", relation % ("worksheet", "worksheets/sheet1.bin")
        )
        packed.writestr("xl/workbook.bin", book)
        packed.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def write_sqlite(path: Path, frame: pd.DataFrame) -> str:
    """Write a frame as the table `daily`, and give its URL."""
    with closing(sqlite3.connect(path)) as base:
        frame.to_sql("daily", base, index=False)
    return f"sqlite:///{path}?table=daily"


def write_duckdb(path: Path, frame: pd.DataFrame) -> str:
    """The same in DuckDB."""
    import duckdb

    with duckdb.connect(str(path)) as base:
        base.register("given", frame)
        base.execute("CREATE TABLE daily AS SELECT * FROM given")
    return f"duckdb:///{path}?table=daily"


def write_parts(folder: Path, frame: pd.DataFrame, by: str) -> Path:
    """A folder of Parquet parts, a folder a value of `by`."""
    for value, part in frame.groupby(by):
        place = folder / f"{by}={value}"
        place.mkdir(parents=True)
        part.drop(columns=by).to_parquet(place / "part-0.parquet", index=False)
    return folder
