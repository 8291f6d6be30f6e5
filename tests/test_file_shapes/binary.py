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


def write_xls(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """Write rows as the one sheet of an old workbook (BIFF8 in a compound file)."""
    cells = b"".join(
        _old_cell(at, column, cell)
        for at, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell is not None
    )
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    sheet = _old_begin(0x10) + _old_record(0x200, size) + cells + _old_record(0x0A)
    before = len(_old_book(0))
    path.write_bytes(_compound(_old_book(before) + sheet))
    return path


def _old_book(sheet_at: int) -> bytes:
    name = b"Prices"
    bound = struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name
    return _old_begin(5) + _old_record(0x85, bound) + _old_record(0x0A)


def _old_begin(kind: int) -> bytes:
    return _old_record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6))


def _old_cell(row: int, column: int, cell: str | float) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _old_record(0x204, where + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    return _old_record(0x203, where + struct.pack("<d", float(cell)))


def _old_record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """A compound file of one stream: its header, one table of sectors, one of entries, the data."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    data = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(data) // 512
    table = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack(
        "<109I", 0, *[free] * 108
    )

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(raw), kind, 1, none, none, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    entries = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, none, 2, len(data))
    sector_table = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    return head + sector_table + entries.ljust(512, b"\0") + data
