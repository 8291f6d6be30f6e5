"""Rows of a table as plain dicts, and what is read off one of windows.csv."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from events.flag import Flag, flags_in

Row = dict[str, Any]
Columns = dict[str, NDArray[Any]]


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table, column -> value."""
    columns = {str(name): column.tolist() for name, column in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_ticker(frame: pd.DataFrame, *names: str) -> dict[str, Columns]:
    """Columns of a table as arrays, ticker by ticker in their order.

    Much cheaper than a table a ticker.
    """
    codes, tickers = pd.factorize(frame["ticker"])
    arrays = {name: frame[name].to_numpy() for name in names}
    return {
        str(t): {name: array[codes == i] for name, array in arrays.items()}
        for i, t in enumerate(tickers)
    }


def apart(rows: pd.DataFrame) -> pd.Series:
    """Which intervals, `low` to `high`, leave out zero."""
    return (rows["low"] > 0) | (rows["high"] < 0)


def least_sure(row: Row) -> float:
    """The larger of the two p-values of one event.

    A move counts as more than noise only where both say so.

    >>> least_sure({"pvalue": 0.03, "conformal_p": 0.2})
    0.2
    """
    if math.isfinite(row["conformal_p"]):
        return float(max(row["pvalue"], row["conformal_p"]))
    return float(row["pvalue"])


def lacking(row: Row) -> str:
    """What to add where a sum runs over part of its window.

    >>> lacking({"flags": "overlap"}), lacking({"flags": "missing_days"})
    ('', ' (not all of its sessions have a return)')
    """
    some = Flag.MISSING_DAYS in flags_in(row["flags"])
    if some:
        return " (not all of its sessions have a return)"
    return ""


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
