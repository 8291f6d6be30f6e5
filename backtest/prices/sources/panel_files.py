"""One file with many tickers in it: wide (a column a ticker, closes) or long (a row a ticker and day)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import PriceError
from backtest.prices.panel import assemble
from backtest.prices.prices import Prices
from backtest.prices.sources.folder import wanted_of
from backtest.prices.sources.table import (
    NAMES,
    Places,
    Table,
    checked_table,
    in_order,
    parse_dates,
    parse_numbers,
    positive,
    read_raw,
)
from backtest.prices.tickers import checked

_TICKER = ("ticker", "symbol")
_WIDE = "a table of closes (one column a ticker), taken as adjusted for dividends"


def read_panel(path: Path, tickers: tuple[str, ...] | None, calendar: str) -> Prices:
    """Read a CSV or Parquet file of many tickers; of a Parquet file only what is asked for.

    Long: columns Date, Ticker (or Symbol) and those of a price file. Wide: Date, then one column a
    ticker with its closes. Raises `PriceError` naming file and line.
    """
    columns = _columns(path)
    lowered = [name.strip().lower() for name in columns]
    keys = [name for name, low in zip(columns, lowered, strict=True) if low in _TICKER]
    if "date" not in lowered:
        raise PriceError(f"{path.name}: needs a column 'Date', has {', '.join(columns[:12])}")
    if len(keys) == 1 and "close" in lowered:
        return assemble(_long(path, keys[0], tickers), "a table of prices", calendar)
    if keys or "close" in lowered:
        raise PriceError(
            f"{path.name}: a table of many tickers has the columns Date, Ticker, Close ... (long), or Date and one "
            "column a ticker (wide); one ticker's file belongs into a folder as TICKER.csv"
        )
    return assemble(
        _wide(path, columns, lowered.index("date"), tickers),
        "a table of closes",
        calendar,
        notes=(_WIDE,),
    )


def _columns(path: Path) -> list[str]:
    try:
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet  # type: ignore[import-untyped]  # pyarrow ships no types

            return list(map(str, pyarrow.parquet.read_schema(path).names))
        return list(pd.read_csv(path, nrows=0, dtype=str).columns)
    except (ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise PriceError(f"{path.name}: cannot be read: {reason}") from None


def _long(path: Path, key: str, tickers: tuple[str, ...] | None) -> dict[str, Table]:
    raw, places = _long_rows(path, key, tickers)
    lacking = np.flatnonzero(raw[key].isna())
    if len(lacking):
        raise PriceError(f"{places[lacking[0]]}: the ticker is empty")
    groups = raw.groupby(raw[key].astype(str).str.strip(), sort=True).indices
    rows = {str(ticker): np.asarray(mine) for ticker, mine in groups.items()}
    found = {}
    for ticker in wanted_of(tickers, rows, path.name):
        mine = np.sort(rows[checked(ticker)])
        found[ticker] = checked_table(
            raw.iloc[mine], Places(places.file, places.word, places.numbers[mine])
        )
    return found


def _long_rows(
    path: Path, key: str, tickers: tuple[str, ...] | None
) -> tuple[pd.DataFrame, Places]:
    if path.suffix.lower() != ".parquet" or tickers is None:
        return read_raw(path)
    wanted: Any = [(key, "in", sorted(set(map(checked, tickers))))]
    try:
        frame = pd.read_parquet(path, filters=wanted)
    except (
        ValueError,
        OSError,
        NotImplementedError,
    ) as error:  # a ticker column of another type, or a broken file
        raise PriceError(f"{path.name}: cannot be read: {str(error).splitlines()[0]}") from None
    if frame.empty:
        raise PriceError(f"{path.name} has none of the tickers {', '.join(sorted(tickers))}")
    return frame, Places(path.name, "row of the tickers asked for,", np.arange(1, len(frame) + 1))


def _wide(
    path: Path, columns: list[str], date: int, tickers: tuple[str, ...] | None
) -> dict[str, Table]:
    there = {name.strip(): name for position, name in enumerate(columns) if position != date}
    wanted = wanted_of(tickers, there, path.name)
    raw, places = read_raw(path, [columns[date], *(there[checked(ticker)] for ticker in wanted)])
    if raw.empty:
        raise PriceError(f"{path.name}: has no rows")
    dates = parse_dates(raw[columns[date]], places)
    in_order(dates, places)
    return {ticker: _closes(raw[there[ticker]], ticker, dates, places) for ticker in wanted}


def _closes(column: pd.Series, ticker: str, dates: pd.DatetimeIndex, places: Places) -> Table:
    values = parse_numbers(column, ticker, places)
    positive(values, ticker, places)
    empty = np.full(len(values), np.nan)
    fields = {
        name: values if name in ("close", "adjusted") else empty
        for name in NAMES.values()
        if name != "date"
    }
    return Table(pd.DataFrame(fields, index=dates), places)
