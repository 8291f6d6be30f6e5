"""A caller's table of returns: is it dates x tickers, and which dates are they."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_bool_dtype

from backtest.errors import PriceError

_WRITE = "give a table of dates x tickers with numbers in it"


def check_frame(frame: object) -> None:
    """Raise `PriceError`, with what to write, for what is no table of dates x tickers.

    >>> check_frame(pd.Series([0.01], name="META"))
    Traceback (most recent call last):
    backtest.errors.PriceError: returns: a Series is no table; write Returns.from_frame(...)
    """
    if isinstance(frame, pd.Series):
        name = frame.name or "TICKER"
        raise PriceError(
            f"returns: a Series is no table; write Returns.from_frame(...to_frame({name!r}))"
        )
    if not isinstance(frame, pd.DataFrame):
        raise PriceError(f"returns: a {type(frame).__name__} is no table; {_WRITE}")
    if isinstance(frame.columns, pd.MultiIndex):
        raise PriceError(
            f"returns: the columns have {frame.columns.nlevels} levels; take one level of them, "
            "for example df.xs('Close', axis=1, level=0)"
        )
    if 0 in frame.shape:
        raise PriceError(f"returns: the table has shape {frame.shape}, nothing in it; {_WRITE}")
    yes_no = next((name for name, kind in frame.dtypes.items() if is_bool_dtype(kind)), None)
    if yes_no is not None:
        raise PriceError(f"returns: {yes_no} holds yes and no; {_WRITE}")


def dates_of(index: pd.Index) -> pd.DatetimeIndex:
    """The dates of an index, without a zone; text must be ISO. Raises `PriceError` for numbers.

    >>> dates_of(pd.DatetimeIndex(["2026-04-09"], tz="America/New_York"))[0]
    Timestamp('2026-04-09 00:00:00')
    """
    if pd.api.types.is_numeric_dtype(index):
        raise PriceError(
            f"returns: the index holds numbers ({index[0]}), not dates; write df.set_index('date')"
        )
    if isinstance(index, pd.PeriodIndex):
        return index.to_timestamp()
    dates = pd.DatetimeIndex(_read(index) if any(isinstance(d, str) for d in index) else index)
    if dates.tz is not None:
        return dates.tz_localize(None)
    return dates


def _read(index: pd.Index) -> pd.DatetimeIndex:
    try:
        return pd.to_datetime(index, format="ISO8601")
    except ValueError:
        raise PriceError(
            f"returns: the dates are text such as {index[0]!r}, not ISO (2026-04-09); "
            f"{_WRITE}, its dates read by pd.to_datetime(df.index, "
            "dayfirst=...) where they could be read in two ways"
        ) from None
