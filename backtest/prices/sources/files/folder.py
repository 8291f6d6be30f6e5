"""A folder of price files.

One TICKER.csv or TICKER.parquet a ticker, columns named as Yahoo names them. Files may stay as they
were downloaded, the ticker in their names: `meta_us_d.csv` and `aapl.us.csv` (Stooq), `META
Historical Data.csv` (Investing), `daily_adjusted_META.csv` (Alpha Vantage).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.panels.panel import PricePanel, assemble
from backtest.prices.sources.files.grids import SPREADSHEETS, opened
from backtest.prices.sources.files.panel_files import panels_of, read_panels
from backtest.prices.sources.files.reading import Read, read_tables, unknown_shape
from backtest.prices.sources.files.shapes import recognised
from backtest.prices.store.export import read_about
from backtest.prices.tickers import checked, is_ticker, names_in, other_spelling, wanted_of
from events.errors import suggest
from events.files.together import finish

CLOSES = "a table of closes"
_WORDS = ("sample", "yahoo", "tiingo")
_NAMED = 5  # files that a line lists
SUFFIXES = (".csv", ".tsv", ".parquet", ".dta", *SPREADSHEETS)
_AGAIN = r"(?: ?\(\d+\))?"  # a browser's second copy: (1)
_VENDORS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<ticker>[a-z0-9.\-]+)_(?P<land>us|uk|de|jp|hk)_[dwm]{_AGAIN}",
        rf"(?P<ticker>[a-z0-9\-]+)\.(?P<land>us){_AGAIN}",
        rf"(?P<ticker>.+?) (?:Stock Price History|Historical Data){_AGAIN}",
        rf"(?:time_series_)?daily_(?:adjusted_)?(?P<ticker>[a-z0-9.\-]+){_AGAIN}",
    )
)
_LANDS = {"us": "", "uk": ".L", "de": ".DE", "jp": ".T", "hk": ".HK"}  # as Stooq writes them


def read_folder(
    folder: Path,
    tickers: tuple[str, ...] | None,
    calendar: str,
    exchanges: Mapping[str, str] | None = None,
) -> PricePanel:
    """Read the files of a folder, or those of `tickers` that are there; no other file is opened."""
    files = _files(folder)
    if not files:
        raise PriceError(f"price folder {folder} has no TICKER.csv or TICKER.parquet file")
    if not _any_of(files, tickers) and (panels := panels_of(files)):
        return read_panels(panels, tickers, calendar, exchanges)
    wanted = wanted_of(
        map(checked, files if tickers is None else tickers), files, f"price folder {folder}"
    )
    read = {ticker: read_file(files[name], name) for ticker, name in wanted.items()}
    tables = {ticker: one.tables[wanted[ticker]] for ticker, one in read.items()}
    notes = [note for one in read.values() for note in one.notes]
    notes += [
        f"{ticker}: read from {files[name].name}"
        for ticker, name in wanted.items()
        if ticker != files[name].stem
    ]
    panel = assemble(
        tables,
        "a folder of files",
        calendar,
        notes=tuple(notes),
        exchanges=exchanges,
        understood=_understood({files[wanted[ticker]].name: one for ticker, one in read.items()}),
    )
    if said := read_about(folder):
        return replace(panel, **said)
    return panel


def _any_of(files: dict[str, Path], tickers: tuple[str, ...] | None) -> bool:
    """Whether files are named after tickers.

    Some of those wanted, or what the files themselves say.
    """
    if tickers is not None:
        return bool(names_in(tickers, files))
    if not all(map(is_ticker, files)):  # panels alone may be named otherwise
        return False
    layouts = [recognised(opened(path).head) for path in files.values()]
    return not all(one and one.shape == CLOSES for one in layouts)


def _understood(read: Mapping[str, Read]) -> tuple[str, ...]:
    """How the files were read, those read alike in one line."""
    alike: dict[str, list[str]] = {}
    for name, one in read.items():
        alike.setdefault(one.understood, []).append(name)
    return tuple(f"{_listed(names)}: {how}" for how, names in alike.items())


def _listed(names: list[str]) -> str:
    more = ""
    if len(names) > _NAMED:
        more = f" and {len(names) - _NAMED} more"
    return f"{', '.join(names[:_NAMED])}{more}"


def read_file(path: Path, own: str) -> Read:
    """Read and check one file of one ticker, which is `own`."""
    cells = opened(path)
    layout = recognised(cells.head)
    if layout is None or layout.shape == CLOSES:
        raise unknown_shape(cells.head.names, path.name)
    read = read_tables(cells, layout, lambda there: {own: _only(there, path, own)})
    said = f"{own}: read in the shape of {layout.shape}"
    notes = tuple(note if note.startswith(path.name) else f"{own}: {note}" for note in read.notes)
    told = () if layout.shape == "plain" else (said,)
    return Read(read.tables, (*told, *notes), read.understood)


def _only(there: list[str], path: Path, own: str) -> str:
    """The one name a file of one ticker has, which must be that of the file."""
    if len(there) > 1:
        raise PriceError(
            f"{path.name}: has prices of {', '.join(there[:5])}; "
            "name the file itself where the folder is named now"
        )
    name = ""
    if there:
        name = there[0].upper().removesuffix(".US")
    if name and own.upper() not in (name, other_spelling(name)):
        raise PriceError(f"{path.name}: has prices of {there[0]}, not of {own}; rename the file")
    return there[0]


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise PriceError(
            f"price folder {folder} does not exist; give a folder of TICKER.csv files, 'sample', "
            f"'yahoo' or 'tiingo'{suggest(str(folder), _WORDS)}"
        )
    try:
        finish(folder)
    except OSError as error:
        raise PriceError(
            f"price folder {folder}: an export was cut off and cannot be finished: "
            f"{error.strerror}; make the folder writable, or export again"
        ) from None
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        named = path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        if named and path.is_symlink() and not path.exists():
            raise PriceError(f"{path.name}: a link that leads to no file; mend or remove it")
        if named and path.is_file():
            try:
                ticker = ticker_of(path.stem)
            except PriceError as error:
                if not panels_of({path.stem: path}):
                    raise PriceError(
                        f"{path.name}: {error}; rename the file or move it elsewhere"
                    ) from None
                ticker = path.stem  # of a panel, which names its tickers itself
            if ticker in found:
                raise PriceError(
                    f"{found[ticker].name} and {path.name}: two files for {ticker}; remove one"
                )
            found[ticker] = path
    return found


def ticker_of(stem: str) -> str:
    """The ticker in a file's name without its end. Raises `PriceError` where there is none.

    >>> [ticker_of(one) for one in ("META", "meta_us_d", "vod_uk_d", "META Historical Data (1)")]
    ['META', 'META', 'VOD.L', 'META']
    """
    for shape in _VENDORS:
        if found := shape.fullmatch(stem):
            named = found.groupdict()
            land = named.get("land")
            return checked(
                named["ticker"].upper() + _LANDS[land.lower()] if land else named["ticker"]
            )
    return checked(stem)
