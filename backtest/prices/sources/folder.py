"""A folder of price files: one TICKER.csv or TICKER.parquet a ticker, columns named as Yahoo names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.panel import assemble
from backtest.prices.prices import Prices
from backtest.prices.sources.table import Table, checked_table, read_raw
from backtest.prices.store.export import read_about
from backtest.prices.tickers import checked

SUFFIXES = (".csv", ".parquet")


def read_folder(folder: Path, tickers: tuple[str, ...] | None, calendar: str) -> Prices:
    """Read the files of a folder, or those of `tickers` that are there; no other file is opened."""
    files = _files(folder)
    if not files:
        raise PriceError(f"price folder {folder} has no TICKER.csv or TICKER.parquet file")
    wanted = wanted_of(tickers, files, f"price folder {folder}")
    tables = {ticker: read_file(files[ticker]) for ticker in wanted}
    panel = assemble(tables, "a folder of files", calendar)
    return replace(panel, **said) if (said := read_about(folder)) else panel


def wanted_of(tickers: Iterable[str] | None, there: Iterable[str], where: str) -> list[str]:
    """The tickers to read, in order; a ticker nobody has is left out, unless nothing is left then."""
    names = set(there)
    asked = names if tickers is None else set(map(checked, tickers))
    if not asked & names:
        raise PriceError(f"{where} has none of the tickers {', '.join(sorted(asked))}")
    return sorted(asked & names)


def read_file(path: Path) -> Table:
    """Read and check one file of one ticker."""
    return checked_table(*read_raw(path))


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
