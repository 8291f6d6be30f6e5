"""Days, tickers and rows of a Parquet panel as whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Days = np.ndarray[Any, np.dtype[np.int64]]


def day_scalar(day: str, kind: Any) -> Any:
    """A day (ISO) as a value of the column's own kind."""
    import pyarrow as pa

    return pa.scalar(pd.Timestamp(day).date(), pa.date32()).cast(kind)


def days_of(dates: Any) -> Days:
    """Days since 1970; a zone's own days, where the dates have one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if getattr(dates.type, "tz", None) is not None:
        dates = pc.local_timestamp(dates)
    days = dates
    if pa.types.is_timestamp(dates.type):
        days = pc.floor_temporal(dates, unit="day")
    counted: Days = days.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    return counted


def columns_of(tickers: Any, column: dict[str, int]) -> Days:
    """The column of each row's ticker, -1 for one that is not kept."""
    import pyarrow as pa

    if isinstance(tickers, pa.DictionaryArray):
        coded = tickers
    else:
        coded = tickers.dictionary_encode()
    place = np.array([column.get(name, -1) for name in coded.dictionary.to_pylist()], np.int64)
    found: Days = place[coded.indices.to_numpy()]
    return found


def rows_by_day(sessions: pd.DatetimeIndex) -> Days:
    """The row of each day from the first session on, -1 where the exchange is closed."""
    days = sessions.to_numpy().astype("datetime64[D]").astype(np.int64)
    rows = np.full(int(days[-1] - days[0]) + 1, -1, dtype=np.int64)
    rows[days - days[0]] = np.arange(len(days))
    return rows


def rows_of_days(after: Days, row_of: Days) -> Days:
    """The rows of days counted from the first session, -1 for what is no session."""
    inside = (after >= 0) & (after < len(row_of))
    return np.where(inside, row_of[np.where(inside, after, 0)], -1)
