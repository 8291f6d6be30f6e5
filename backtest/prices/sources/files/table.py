"""One ticker's table out of a file: dates x fields, checked.

An error names the file and the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.prices.fields import FIELDS
from backtest.prices.fields import PRICED as PRICES
from backtest.prices.sources.files.cells import Places
from backtest.prices.sources.files.dates import ordered
from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.files.shapes.layout import LABELS

__all__ = ["FIELDS", "LABELS", "PRICES", "PriceTable", "priced_rows", "table_of"]

NO_ADJUSTED = "no Adj Close, so Close is taken as adjusted"
NO_CLOSE = (
    "only adjusted closes, taken as Close too, so a price level that somebody quoted cannot be told"
)
SPLITS = "as traded in the file; put on today's shares by its own splits"
NEWEST_FIRST = "the rows stood newest first and were sorted"


@dataclass(frozen=True, eq=False)
class PriceTable:
    """Checked fields on dates in order; `places` says where each row stood ("CRWV.csv line 12")."""

    frame: pd.DataFrame
    places: Sequence[str]
    note: str = ""


def table_of(
    values: Mapping[str, Floats], dates: pd.DatetimeIndex, places: Places, *, closes: bool = False
) -> PriceTable:
    """Put fields on their dates in order; rows without any price are left out.

    `values` are by field, arrays of (n_rows,). `closes` says that the file is a table of closes,
    of which a note speaks already. Raises `PriceError` for dates twice or out of order.
    """
    rows, turned = ordered(dates, places)
    fields = {name: array[rows] for name, array in values.items()}
    if turned:
        notes = [NEWEST_FIRST]
    else:
        notes = []
    if "close" not in fields:
        fields["close"] = fields["adjusted"]
        notes.append(NO_CLOSE)
    if _unsplit(fields):
        notes.append(SPLITS)
    if "adjusted" not in fields:
        fields["adjusted"] = fields["close"]
        if not closes:
            notes += [NO_ADJUSTED]
    missing = np.full(len(rows), np.nan)
    frame = pd.DataFrame({name: fields.get(name, missing) for name in FIELDS}, index=dates[rows])
    kept = priced_rows(fields)
    return PriceTable(frame.iloc[kept], places.of(rows[kept]), "; ".join(notes))


def priced_rows(values: Mapping[str, Floats]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The rows with a price, or a volume above 0, which is no empty row."""
    some = np.zeros(len(next(iter(values.values()))), dtype=bool)
    for name in FIELDS:
        if name in values:
            some |= values[name] > 0
    return np.flatnonzero(some)


def _unsplit(fields: dict[str, Floats]) -> bool:
    """Divide what was traded before a split by the splits after it; whether there was one."""
    factors = np.nan_to_num(fields.pop("split", np.ones(0)), nan=1.0)
    if not (factors != 1.0).any():
        return False
    later = np.append(np.cumprod(factors[::-1])[::-1][1:], 1.0)
    for name in ("open", "high", "low", "close"):
        if name in fields:
            fields[name] = fields[name] / later
    if "volume" in fields:
        fields["volume"] = fields["volume"] * later
    return True
