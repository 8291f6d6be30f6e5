"""One ticker's table out of a file: dates x fields, checked; an error names the file and the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError

Floats = NDArray[np.float64]

NAMES = {
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
LABELS = {"adjusted": "Adj Close"} | {
    name: name.title() for name in ("date", "open", "high", "low", "close", "volume")
}
PRICES = ("open", "high", "low", "close", "adjusted")
NO_ADJUSTED = "no Adj Close, so Close is taken as adjusted"

# 2026-04-09, or the instant a bar begins with the exchange's own offset, as yfinance writes it.
_DATE = r"(\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"


@dataclass(frozen=True, eq=False)
class Table:
    """Checked fields on dates in order; `places` says where each row stood ("CRWV.csv line 12")."""

    frame: pd.DataFrame
    places: Sequence[str]
    note: str = ""


@dataclass(frozen=True)
class Places(Sequence[str]):
    """Where rows stood in a file, written out only when somebody asks."""

    file: str
    word: str
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: Any) -> str:
        return f"{self.file} {self.word} {self.numbers[row]}"


def read_raw(path: Path, columns: list[str] | None = None) -> tuple[pd.DataFrame, Places]:
    """The rows of a CSV (as text) or Parquet file as they are, without empty lines."""
    try:
        if path.suffix.lower() == ".parquet":
            frame = pd.read_parquet(path, columns=columns)
            dated = frame.index.name is not None or isinstance(frame.index, pd.DatetimeIndex)
            frame = frame.reset_index(names=frame.index.name or "Date") if dated else frame
            return frame, Places(path.name, "row", np.arange(1, len(frame) + 1))
        frame = pd.read_csv(
            path, dtype=str, skip_blank_lines=False, usecols=columns, skipinitialspace=True
        )
    except (ValueError, OSError, UnicodeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise PriceError(f"{path.name}: cannot be read: {reason}") from None
    lines = np.flatnonzero(frame.notna().any(axis=1))
    return frame.iloc[lines], Places(path.name, "line", lines + 2)


def named(raw: pd.DataFrame, file: str) -> pd.DataFrame:
    """The columns we know under our own names; Date and Close must be there, and each only once."""
    known = [name for name in raw.columns if str(name).strip().lower() in NAMES]
    table = raw[known].set_axis([NAMES[str(name).strip().lower()] for name in known], axis=1)
    names = list(table.columns)
    for needed in ("date", "close"):
        if needed not in names:
            raise PriceError(
                f"{file}: needs a column '{LABELS[needed]}', has {', '.join(map(str, raw.columns))}"
            )
    for name in names:
        if names.count(name) > 1:
            raise PriceError(f"{file}: has more than one column for {LABELS[name]}; keep one")
    return table


def checked_table(raw: pd.DataFrame, places: Places) -> Table:
    """Check rows of text or numbers with the columns a price file has.

    Raises `PriceError` naming file and line for what is no date, no number, not positive, out of
    order or there twice.
    """
    table = named(raw, places.file)
    if table.empty:
        raise PriceError(f"{places.file}: has no rows; remove the file or give it prices")
    dates = parse_dates(table["date"], places)
    in_order(dates, places)
    values = {name: parse_numbers(table[name], LABELS[name], places) for name in names_of(table)}
    for name in PRICES:
        if name in values:
            positive(values[name], LABELS[name], places)
    note = "" if "adjusted" in values else NO_ADJUSTED
    values.setdefault("adjusted", values["close"])
    missing = np.full(len(dates), np.nan)
    frame = pd.DataFrame(
        {name: values.get(name, missing) for name in (*PRICES, "volume")}, index=dates
    )
    return Table(frame, places, note)


def names_of(table: pd.DataFrame) -> list[str]:
    """The fields of a table, its dates left out."""
    return [name for name in table.columns if name != "date"]


def parse_dates(column: pd.Series, places: Places) -> pd.DatetimeIndex:
    """Plain dates; of an instant, the date on the exchange's own clock."""
    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        parsed = column.dt.tz_localize(None)
    else:
        text = column.astype("string").str.strip().str.extract(f"^{_DATE}$", expand=False)
        parsed = pd.to_datetime(text, errors="coerce", format="%Y-%m-%d")
    bad = np.flatnonzero(parsed.isna())
    if len(bad):
        raise PriceError(
            f"{places[bad[0]]}: Date is {_shown(column.iloc[bad[0]])}; write it as 2026-04-09"
        )
    return pd.DatetimeIndex(parsed, name=None).normalize().as_unit("us")


def in_order(dates: pd.DatetimeIndex, places: Places) -> None:
    """Refuse a date that is there twice or comes after a later one."""
    for row in np.flatnonzero(np.diff(dates.asi8) <= 0)[:1]:
        again = dates[row] == dates[row + 1]
        problem = (
            "is there twice" if again else f"comes after {dates[row].date()}; sort the rows by date"
        )
        raise PriceError(f"{places[row + 1]}: {dates[row + 1].date()} {problem}")


def parse_numbers(column: pd.Series, label: str, places: Places) -> Floats:
    """Finite numbers, NaN where the cell is empty."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.flatnonzero((np.isnan(values) & column.notna().to_numpy()) | np.isinf(values))
    if len(bad):
        raise PriceError(
            f"{places[bad[0]]}: {label} is {_shown(column.iloc[bad[0]])}, which is not a number"
        )
    return np.asarray(values)


def positive(values: Floats, label: str, places: Places) -> None:
    """Refuse a price of zero or less."""
    bad = np.flatnonzero(values <= 0)
    if len(bad):
        raise PriceError(f"{places[bad[0]]}: {label} is {values[bad[0]]}; prices must be positive")


def _shown(cell: Any) -> str:
    return "empty" if pd.isna(cell) else repr(str(cell)[:40])
