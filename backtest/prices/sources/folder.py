"""A folder of price files: one TICKER.csv or TICKER.parquet a ticker, columns named as Yahoo names them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.panel import assemble
from backtest.prices.prices import Prices
from backtest.prices.sources.cells import opened
from backtest.prices.sources.reading import Read, read_tables, unknown_shape
from backtest.prices.sources.shapes import recognised
from backtest.prices.store.export import read_about
from backtest.prices.tickers import checked

_SHARE_CLASS = re.compile(r"[A-Za-z]{1,5}[.\-][A-Za-z]")
SUFFIXES = (".csv", ".parquet")


def read_folder(folder: Path, tickers: tuple[str, ...] | None, calendar: str) -> Prices:
    """Read the files of a folder, or those of `tickers` that are there; no other file is opened."""
    files = _files(folder)
    if not files:
        raise PriceError(f"price folder {folder} has no TICKER.csv or TICKER.parquet file")
    wanted = wanted_of(tickers, files, f"price folder {folder}")
    read = {ticker: read_file(files[name]) for ticker, name in wanted.items()}
    tables = {ticker: one.tables[wanted[ticker]] for ticker, one in read.items()}
    notes = [note for one in read.values() for note in one.notes]
    notes += [
        f"{ticker}: read from {files[name].name}"
        for ticker, name in wanted.items()
        if ticker != name
    ]
    panel = assemble(tables, "a folder of files", calendar, notes=tuple(notes))
    return replace(panel, **said) if (said := read_about(folder)) else panel


def wanted_of(tickers: Iterable[str] | None, there: Iterable[str], where: str) -> dict[str, str]:
    """The tickers to read, sorted, each with its name in the source: BRK.B is also found as BRK-B.

    A ticker nobody has is left out, unless nothing is left then: that is a `PriceError`.

    >>> wanted_of(["BRK.B", "META", "XYZ"], ["BRK-B", "META"], "here")
    {'BRK.B': 'BRK-B', 'META': 'META'}
    """
    names = set(there)
    asked = sorted(set(map(checked, names if tickers is None else tickers)))
    spelled = {one: one if one in names else _other_spelling(one) for one in asked}
    found = {ticker: name for ticker, name in spelled.items() if name in names}
    if not found:
        raise PriceError(f"{where} has none of the tickers {', '.join(asked)}")
    return found


def _other_spelling(ticker: str) -> str:
    """A share class with the other sign, as vendors differ; any other ticker as it is."""
    if _SHARE_CLASS.fullmatch(ticker) is None:
        return ticker
    return ticker.replace(".", "-") if "." in ticker else ticker.replace("-", ".")


def read_file(path: Path) -> Read:
    """Read and check one file of one ticker, the ticker of its name."""
    cells, ticker = opened(path), path.stem
    layout = recognised(cells.head)
    if layout is None or layout.shape == "a table of closes":
        raise unknown_shape(cells.head.names, path.name)
    read = read_tables(cells, layout, lambda there: {ticker: _only(there, path)})
    said = f"{ticker}: read in the shape of {layout.shape}"
    notes = tuple(
        note if note.startswith(path.name) else f"{ticker}: {note}" for note in read.notes
    )
    return Read(read.tables, (*(() if layout.shape == "plain" else (said,)), *notes))


def _only(there: list[str], path: Path) -> str:
    """The one name a file of one ticker has, which must be that of the file."""
    if len(there) > 1:
        raise PriceError(
            f"{path.name}: has prices of {', '.join(there[:5])}; "
            "name the file itself where the folder is named now"
        )
    name = there[0].upper().removesuffix(".US") if there else ""
    if name and path.stem.upper() not in (name, _other_spelling(name)):
        raise PriceError(
            f"{path.name}: has prices of {there[0]}, not of {path.stem}; rename the file"
        )
    return there[0]


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise PriceError(
            f"price folder {folder} does not exist; give a folder of TICKER.csv files, 'sample' or 'yahoo'"
        )
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file():
            try:
                ticker = checked(path.stem)
            except PriceError as error:
                raise PriceError(
                    f"{path.name}: {error}; rename the file or move it elsewhere"
                ) from None
            if ticker in found:
                raise PriceError(
                    f"{found[ticker].name} and {path.name}: two files for {ticker}; remove one"
                )
            found[ticker] = path
    return found
