"""The dates of a price file: one way of writing for the whole column, never guessed row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Places

_CLOCK = r"(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?)?"
# 2026-04-09, or the instant a bar begins with the exchange's own offset, as yfinance writes it.
_ISO = rf"(\d{{4}}-\d\d-\d\d){_CLOCK}"
# Year first, in other signs or none; and months by name. One reading each.
_CLEAR: Mapping[str, str] = {
    rf"(\d{{4}}/\d\d?/\d\d?){_CLOCK}": "%Y/%m/%d",
    rf"(\d{{4}}\.\d\d?\.\d\d?){_CLOCK}": "%Y.%m.%d",
    r"(\d{8})(?:\.0+)?": "%Y%m%d",  # a table may have taken it for a decimal number
    r"(\d\d?[A-Za-z]{3}\d{4})": "%d%b%Y",
    r"([A-Za-z]{3} \d\d?, \d{4})": "%b %d, %Y",
    r"(\d\d? [A-Za-z]{3} \d{4})": "%d %b %Y",
    r"(\d\d?-[A-Za-z]{3}-\d{4})": "%d-%b-%Y",
}
_TWO_WAYS = rf"(\d\d?[/.\-]\d\d?[/.\-]\d{{4}}){_CLOCK}"
_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
_EARLIEST, _LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2199-12-31")


def parse_dates(column: pd.Series, places: Places, order: str | None = None) -> pd.DatetimeIndex:
    """Plain dates; of an instant, the date on the exchange's own clock.

    `order` is "day first" or "month first" where it is known; otherwise the whole column decides.
    Raises `PriceError` for a cell that is no date, and where the column can be read both ways.
    """
    return dates_and_words(column, places, order)[0]


def dates_and_words(
    column: pd.Series, places: Places, order: str | None = None
) -> tuple[pd.DatetimeIndex, str]:
    """`parse_dates`, and how the dates are written: an example of it, and the order decided."""
    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        parsed, like = column.dt.tz_localize(None), "2026-04-09"
    else:
        parsed, like = _from_text(column.astype("string").str.strip(), places, order)
    for row in np.flatnonzero(parsed.isna())[:1]:
        raise PriceError(f"{places[row]}: Date is {shown(column.iloc[row])}; write it as {like}")
    dates = pd.DatetimeIndex(parsed, name=None).as_unit("us")
    for row in np.flatnonzero((dates < _EARLIEST) | (dates > _LATEST))[:1]:
        raise PriceError(
            f"{places[row]}: Date is {shown(column.iloc[row])}, of a year without an exchange "
            "calendar; correct it or remove the row"
        )
    return dates.normalize(), like.removesuffix(" as the others")


def _from_text(text: pd.Series, places: Places, order: str | None) -> tuple[pd.Series, str]:
    """The dates in the way of writing that most cells are in, and an example of it."""
    iso = _read(text, _ISO, "%Y-%m-%d")
    if iso.notna().all():
        return iso, "2026-04-09"
    readings = {"2026-04-09": iso}
    two_ways = text.str.fullmatch(_TWO_WAYS).fillna(False).astype(bool)
    if two_ways.sum() > iso.notna().sum():
        return _two_ways(text, places, order)
    for pattern, form in _CLEAR.items():
        readings[pd.Timestamp("2026-04-09").strftime(form)] = _read(text, pattern, form)
    like = max(readings, key=lambda one: int(readings[one].notna().sum()))
    return readings[like], like


def _two_ways(text: pd.Series, places: Places, order: str | None) -> tuple[pd.Series, str]:
    """Day and month in an order that the whole column decides."""
    slashed = text.str.replace(r"[.\-](?=.*\d{4})", "/", regex=True)
    pattern = _TWO_WAYS.replace(r"[/.\-]", "/")
    day, month = (_read(slashed, pattern, form) for form in (_DAY_FIRST, _MONTH_FIRST))
    if order is not None:
        first = order == "day first"
        if first:
            return (day, "09/04/2026 (day first)")
        return (month, "04/09/2026 (month first)")
    if day.notna().all() and month.notna().all() and not day.equals(month):
        row = int(np.flatnonzero((day != month).to_numpy())[0])
        raise PriceError(
            f"{places[row]}: Date {shown(text.iloc[row])} can be {day.iloc[row].date()} or "
            f"{month.iloc[row].date()}, and so can every date of the file; name the column "
            "'Date (DD/MM/YYYY)' or 'Date (MM/DD/YYYY)'"
        )
    if day.notna().sum() >= month.notna().sum():
        return day, "09/04/2026, day first as the others"
    return month, "04/09/2026, month first as the others"


def _read(text: pd.Series, pattern: str, form: str) -> pd.Series:
    found = text.str.extract(f"^{pattern}$", expand=False)
    return pd.to_datetime(found, errors="coerce", format=form)


def ordered(dates: pd.DatetimeIndex, places: Places) -> tuple[NDArray[np.int64], bool]:
    """The rows in order of date, and whether they stood newest first.

    Raises `PriceError` for a date that is there twice, and for one after a later one unless all
    are strictly descending.
    """
    steps = np.diff(dates.asi8)
    rows = np.arange(len(dates))
    if len(steps) and (steps < 0).all():
        return rows[::-1], True
    for row in np.flatnonzero(steps <= 0)[:1]:
        again = dates[row] == dates[row + 1]
        if again:
            problem = "is there twice"
        else:
            problem = f"comes after {dates[row].date()}; sort the rows by date"
        raise PriceError(f"{places[row + 1]}: {dates[row + 1].date()} {problem}")
    return rows, False


def shown(cell: Any) -> str:
    """A cell as an error shows it.

    >>> shown("2026-13-01"), shown(None)
    ("'2026-13-01'", 'empty')
    """
    if pd.isna(cell):
        return "empty"
    return repr(str(cell)[:40])
