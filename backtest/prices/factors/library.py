"""Daily factors from files of the Ken French data library, as downloaded: zip or CSV."""

from __future__ import annotations

import lzma
import re
import zlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from events.errors import suggest
from events.files.disk import read_bounded

_NAMES = {"mom": "Mom", "wml": "Mom", "umd": "Mom"} | {
    name.lower(): name for name in ("Mkt-RF", "SMB", "HML", "RMW", "CMA", "RF")
}
_MISSING = (-99.99, -999.0)  # the library's own marks
_FURTHEST = 100.0  # percent a day; the widest of the library's is 16
_DAILY = re.compile(r"^\s*\d{8}\s*,")
_MONTHLY = re.compile(r"^\s*\d{6}\s*,")
# What a zip raises: damaged, encrypted, compressed in a way unknown, damaged inside.
_BROKEN = (BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, lzma.LZMAError)
_LARGEST = 50 * 2**20  # bytes; the library's largest daily file unpacks to under 2 MB
# Daily spreads of the library's factors in percent, 1926 on: market 1.1, the others 0.3 to 0.8;
# in fractions a hundredth of that. The bar lies between them with room on both sides.
_LEAST_SPREAD = 0.05
_ENOUGH_DAYS = 20


def read_factors(*paths: str | Path) -> pd.DataFrame:
    """Read one file or more into one table of factors.

    Sessions x factors (Mkt-RF, SMB, HML, RMW, CMA, Mom, RF), fractions. The files' percent become
    fractions and their marks of missing values NaN; rows are the days that all files have. A factor
    that two files give is taken from the first of them: the three-factor and the five-factor file
    have an SMB of their own. Raises `PriceError` for a file that is no daily factor file.
    """
    if not paths:
        raise PriceError("no factor files named")
    return joined(
        [read_factor_file(Path(path)) for path in paths], [Path(path).name for path in paths]
    )


def joined(tables: Sequence[pd.DataFrame], names: Iterable[str]) -> pd.DataFrame:
    """Tables of factors as one, in the manner of `read_factors`.

    `names` are those of their files.
    """
    first, *others = tables
    for table in others:
        first = first.join(table[table.columns.difference(first.columns, sort=False)], how="inner")
    if first.empty:
        raise PriceError(f"{', '.join(names)}: the files have no day in common")
    return first


def read_factor_file(path: Path) -> pd.DataFrame:
    """Read one file: sessions x its factors, fractions.

    Raises `PriceError` for one that is no daily factor file.
    """
    lines = _text(path).splitlines()
    rows = [line for line in lines if _DAILY.match(line)]
    if not rows:
        monthly = any(_MONTHLY.match(line) for line in lines)
        if monthly:
            what = "is a monthly file; download the one named [Daily]"
        else:
            what = "has no rows of daily factors"
        raise PriceError(f"{path.name} {what}")
    header = lines[lines.index(rows[0]) - 1].split(",")[1:]
    names = [_NAMES.get(name.strip().lower()) for name in header]
    if not names or None in names:
        strange = [name.strip() for name in header if name.strip().lower() not in _NAMES]
        raise PriceError(
            f"{path.name}: the line above the first day is {','.join(header)!r}; "
            "expected names like Mkt-RF"
            + (suggest(strange[0], dict.fromkeys(_NAMES.values())) if strange else "")
        )
    _each_once([str(name) for name in names], path)
    return _table([line.split(",") for line in rows], [str(name) for name in names], path)


def _each_once(names: list[str], path: Path) -> None:
    for name in names:
        if names.count(name) > 1:
            raise PriceError(f"{path.name}: has more than one column for {name}; keep one")


def _table(cells: list[list[str]], names: list[str], path: Path) -> pd.DataFrame:
    for row in cells:
        if len(row) != len(names) + 1:
            raise PriceError(
                f"{path.name}: {row[0].strip()} has {len(row) - 1} values, expected {len(names)}"
            )
    dates = pd.to_datetime(
        pd.Series([row[0].strip() for row in cells]), format="%Y%m%d", errors="coerce"
    )
    percent = _numbers(cells, names, path)
    _in_order(dates, cells, path)
    percent[np.isin(percent, _MISSING)] = np.nan
    for row, column in np.argwhere(np.abs(percent) > _FURTHEST)[:1]:
        raise PriceError(
            f"{path.name}: {names[column]} of {cells[row][0].strip()} is {percent[row, column]:g}; "
            "no factor moves so many percent in a day"
        )
    refuse_fractions(percent, names, path.name)
    return pd.DataFrame(percent / 100.0, index=pd.DatetimeIndex(dates).as_unit("us"), columns=names)


def _in_order(dates: pd.Series, cells: list[list[str]], path: Path) -> None:
    """Refuse a day that is no date, is there twice, or stands below a later one; it is named."""
    days = dates.to_numpy()
    for row in np.flatnonzero(dates.isna())[:1]:
        raise PriceError(f"{path.name}: {cells[row][0].strip()} is no date")
    for row in np.flatnonzero(days[1:] <= days[:-1])[:1]:
        day, before = cells[row + 1][0].strip(), cells[row][0].strip()
        if day == before:
            why = "is there twice"
        else:
            why = f"is out of order, below {before}"
        raise PriceError(f"{path.name}: {day} {why}")


def _numbers(cells: list[list[str]], names: list[str], path: Path) -> NDArray[np.float64]:
    """The values, (n_days, n_factors), all finite.

    The first cell that is none is named with its day.
    """
    try:
        values = np.array([row[1:] for row in cells], dtype=np.float64)
    except ValueError:
        values = np.array([[_number(cell) for cell in row[1:]] for row in cells])
    for row, column in np.argwhere(~np.isfinite(values))[:1]:
        raise PriceError(
            f"{path.name}: {names[column]} of {cells[row][0].strip()} is "
            f"{cells[row][column + 1].strip()[:40]!r}, which is not a number; "
            "a missing value is written -99.99"
        )
    return values


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _text(path: Path) -> str:
    try:
        data = read_bounded(path, _LARGEST)
        if data.startswith(b"PK"):
            data = _unzipped(data, path)
        return data.decode("latin-1")
    except OSError as error:
        raise PriceError(f"{path} cannot be read: {error.strerror or error}") from None


def _unzipped(data: bytes, path: Path) -> bytes:
    """The one file in a zip; nothing is written, and nothing that unpacks to the size of a disk."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            inside = [
                info
                for info in archive.infolist()
                if info.filename.lower().endswith((".csv", ".txt"))
            ]
            if len(inside) != 1 or inside[0].file_size > _LARGEST:
                raise PriceError(
                    f"{path.name}: expected one CSV file in it, "
                    f"found {len(inside)}, or one too large"
                )
            return archive.read(inside[0])
    except _BROKEN as error:
        raise PriceError(f"{path.name}: a broken zip file ({error}); download it again") from None


def refuse_fractions(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]], names: Sequence[str], file: str
) -> None:
    """Raise `PriceError` where a file's values (days, factors) are fractions already, not percent.

    The daily spread tells them apart, that of Mkt-RF where the file has it, else the largest. The
    riskless rate says nothing, and neither do fewer than 20 days.

    >>> refuse_fractions(np.array([[0.004], [-0.004]] * 10), ["Mkt-RF"], "own.csv")
    Traceback (most recent call last):
    backtest.errors.PriceError: own.csv: Mkt-RF varies by 0.004 a day, ...
    """
    if "Mkt-RF" in names:
        told = ["Mkt-RF"]
    else:
        told = [name for name in names if name != "RF"]
    spread = {}
    for name in told:
        there = values[:, list(names).index(name)]
        there = there[np.isfinite(there)]
        if len(there) >= _ENOUGH_DAYS:
            spread[name] = float(there.std())
    widest = max(spread, key=lambda name: spread[name], default=None)
    if widest is not None and 0 < spread[widest] < _LEAST_SPREAD:
        raise PriceError(
            f"{file}: {widest} varies by {spread[widest]:.2g} a day, so its values are fractions; "
            "the library's files are in percent: multiply every factor by 100"
        )
