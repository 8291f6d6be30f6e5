"""A folder of price files: one TICKER.csv or TICKER.parquet a ticker, columns named as Yahoo names them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.panel import assemble
from backtest.prices.prices import Prices
from backtest.prices.tickers import checked

_NAMES = {
    "date": "date",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "adj close": "adjusted",
    "adj_close": "adjusted",
    "adjclose": "adjusted",
    "volume": "volume",
}
_PRICES = ("open", "high", "low", "close", "adjusted")
_SUFFIXES = (".csv", ".parquet")


def read_folder(folder: Path, tickers: tuple[str, ...] | None, calendar: str) -> Prices:
    """Read the files of a folder, or those of `tickers` that are there."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise PriceError(f"price folder {folder} {what}; give a folder of TICKER.csv files, or 'sample' or 'yahoo'")
    files = _files(folder)
    if not files:
        raise PriceError(f"price folder {folder} has no TICKER.csv or TICKER.parquet file")
    wanted = sorted(files) if tickers is None else [t for t in sorted(set(map(checked, tickers))) if t in files]
    if not wanted:
        raise PriceError(f"price folder {folder} has none of the tickers {', '.join(sorted(set(tickers or ())))}")
    tables, notes = {}, []
    for ticker in wanted:
        tables[ticker], note = read_file(files[ticker])
        notes += [f"{ticker}: {note}"] if note else []
    return assemble(tables, "a folder of files", calendar, notes=tuple(notes))


def _files(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _SUFFIXES and path.is_file():
            ticker = checked(path.stem)
            if ticker in found:
                raise PriceError(f"{found[ticker].name} and {path.name}: two files for {ticker}; remove one")
            found[ticker] = path
    return found


def read_file(path: Path) -> tuple[pd.DataFrame, str]:
    """Read and check one file: a table of dates x fields, and what a reader must know of it."""
    raw = _raw(path)
    columns = {str(name): _NAMES[key] for name in raw.columns if (key := str(name).strip().lower()) in _NAMES}
    table = raw[list(columns)].rename(columns=columns)
    for needed in ("date", "close"):
        if list(table.columns).count(needed) != 1:
            raise PriceError(f"{path.name}: needs exactly one column '{needed.title()}', has {', '.join(raw.columns)}")
    if table.empty:
        raise PriceError(f"{path.name}: has no rows; remove the file or give it prices")
    dates = _dates(table["date"], path)
    values = {name: _numbers(table[name], path) for name in table.columns if name != "date"}
    for name in _PRICES:
        if name in values:
            _positive(values[name], name, path)
    note = "" if "adjusted" in values else "no Adj Close, so Close is taken as adjusted"
    values.setdefault("adjusted", values["close"])
    missing = np.full(len(dates), np.nan)
    return pd.DataFrame({name: values.get(name, missing) for name in (*_PRICES, "volume")}, index=dates), note


def _raw(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            frame = pd.read_parquet(path)
            return frame if frame.index.name is None else frame.reset_index()
        return pd.read_csv(path, dtype=str, keep_default_na=True, skip_blank_lines=False)
    except (ValueError, OSError, UnicodeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise PriceError(f"{path.name}: cannot be read: {reason}") from None


def _where(path: Path, row: int) -> str:
    return f"{path.name} line {row + 2}" if path.suffix.lower() == ".csv" else f"{path.name} row {row + 1}"


def _dates(column: pd.Series, path: Path) -> pd.DatetimeIndex:
    parsed = pd.to_datetime(column, errors="coerce", format="ISO8601" if column.dtype.kind in "OUT" else None)
    bad = np.flatnonzero(parsed.isna())
    if len(bad):
        raise PriceError(f"{_where(path, bad[0])}: Date is {column.iloc[bad[0]]!r}; write it as 2026-04-09")
    dates = pd.DatetimeIndex(parsed).tz_localize(None).normalize().as_unit("us")
    for row in np.flatnonzero(np.diff(dates.asi8) <= 0)[:1]:
        again = dates[row] == dates[row + 1]
        problem = "is there twice" if again else f"comes after {dates[row].date()}; sort the rows by date"
        raise PriceError(f"{_where(path, row + 1)}: {dates[row + 1].date()} {problem}")
    return dates


def _numbers(column: pd.Series, path: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    parsed = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    bad = np.flatnonzero((np.isnan(parsed) & column.notna().to_numpy()) | np.isinf(parsed))
    if len(bad):
        raise PriceError(f"{_where(path, bad[0])}: {column.name} is {column.iloc[bad[0]]!r}, not a number")
    return np.asarray(parsed)


def _positive(values: np.ndarray[tuple[int], np.dtype[np.float64]], name: str, path: Path) -> None:
    bad = np.flatnonzero(values <= 0)
    if len(bad):
        label = "Adj Close" if name == "adjusted" else name.title()
        raise PriceError(f"{_where(path, bad[0])}: {label} is {values[bad[0]]}; prices must be positive")
