"""Rows of a table as plain dicts, and what is read off one of windows.csv."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from numpy.typing import NDArray

Row = dict[str, Any]
Columns = dict[str, NDArray[Any]]


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table, column -> value."""
    columns = {str(name): column.tolist() for name, column in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_ticker(frame: pd.DataFrame, *names: str) -> dict[str, Columns]:
    """Columns of a table as arrays, ticker by ticker in their order: much cheaper than a table a ticker."""
    codes, tickers = pd.factorize(frame["ticker"])
    arrays = {name: frame[name].to_numpy() for name in names}
    return {
        str(t): {name: array[codes == i] for name, array in arrays.items()}
        for i, t in enumerate(tickers)
    }


def reach(row: Row) -> float:
    """Half the width of the 95% forecast interval of a CAR (fraction), NaN where there is none."""
    from scipy import stats

    if not (math.isfinite(row["car_se"]) and row["df"] > 0):
        return math.nan
    return float(stats.t.ppf(0.975, row["df"]) * row["car_se"])


def span(row: Row) -> str:
    """The sessions of a row's window as measured: [0, +4]."""
    return interval(int(row["start"]), int(row["end"]))


def interval(start: int, end: int) -> str:
    """Sessions around an event, both ends included.

    >>> interval(-5, -1)
    '[−5, −1]'
    """
    signs = [f"{day:+d}".replace("-", "−") if day else "0" for day in (start, end)]
    return f"[{', '.join(signs)}]"
