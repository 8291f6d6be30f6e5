"""What a vendor's answer must be like to enter the store.

Nothing is mended, a bad answer is refused as a whole.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import numpy as np
import pandas as pd

from backtest.prices.fields import COLUMN_OF
from backtest.prices.sources.files.numbers import NO_PRICE
from events import Sessions

COLUMNS = tuple(COLUMN_OF.values())
# Above the volume of anything, coins in weak currencies included.
NO_COUNT = 1e18  # shares of a session, dollars of a dividend, new shares for an old one
# Closing prices settle in the minutes after the bell, and Yahoo shows them late.
SETTLED = pd.Timedelta(minutes=20)


class Fault(StrEnum):
    """What can go wrong with a question to a vendor."""

    UNKNOWN_TICKER = "unknown ticker"
    NO_DATA = "no data in range"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "cannot be reached"
    BAD_ANSWER = "unusable answer"
    NO_ACCESS = "key refused"


class VendorError(Exception):
    """A question that got no usable answer; for the fetching code, never for a user."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


def accept(answer: pd.DataFrame, over: pd.Timestamp) -> pd.DataFrame:
    """The bars until the last session that is over, as they came.

    `VendorError` for what one cannot trust.
    """
    if answer.empty:
        raise VendorError(Fault.NO_DATA, "the answer has no rows")
    lacking = [name for name in COLUMNS if name not in answer.columns]
    if lacking:
        raise VendorError(Fault.BAD_ANSWER, f"the answer has no column {lacking[0]!r}")
    dates = pd.DatetimeIndex(answer.index)
    for row in np.flatnonzero(np.diff(dates.asi8) <= 0)[:1]:
        raise VendorError(
            Fault.BAD_ANSWER, f"{dates[row + 1].date()} is there twice or out of order"
        )
    prices = answer[list(COLUMNS[:-1])].to_numpy(dtype=np.float64)
    for row in np.flatnonzero(((prices <= 0) | np.isinf(prices)).any(axis=1))[:1]:
        raise VendorError(
            Fault.BAD_ANSWER, f"a price of {dates[row].date()} is not positive and finite"
        )
    for row in np.flatnonzero((prices > NO_PRICE).any(axis=1))[:1]:
        raise VendorError(
            Fault.BAD_ANSWER, f"{np.nanmax(prices[row]):g} on {dates[row].date()} is no price"
        )
    _no_count_is_negative(answer)
    done = answer[dates <= over]
    if not done["Close"].notna().any():
        raise VendorError(Fault.NO_DATA, "no session in it has a close yet")
    _adjusted_for_dividends(done)
    return done


def _no_count_is_negative(answer: pd.DataFrame) -> None:
    """Refuse shares, dividends and ratios of splits that are below 0 or beyond any number."""
    for name, what in (("Volume", "volume"), ("Dividends", "dividend"), ("Stock Splits", "split")):
        if name not in answer.columns:
            continue
        values = answer[name].to_numpy(dtype=np.float64)
        for row in np.flatnonzero((values < 0) | (values > NO_COUNT))[:1]:
            day = pd.Timestamp(answer.index[row]).date()
            raise VendorError(Fault.BAD_ANSWER, f"{values[row]:g} on {day} is no {what}")


def last_over(now: datetime, until: str | None = None) -> pd.Timestamp:
    """The last session of New York, up to a day, that was settled at an instant.

    It was over, and so was the settling of its close.
    """
    instant = pd.Timestamp(now)
    day = instant.tz_convert("America/New_York").tz_localize(None).normalize()
    if until:
        day = min(day, pd.Timestamp(until))
    sessions = Sessions.exchange("XNYS", day - pd.Timedelta(days=10), day)
    return pd.Timestamp(sessions.dates[sessions.closes + SETTLED <= instant][-1])


def _adjusted_for_dividends(table: pd.DataFrame) -> None:
    """Refuse an Adj Close that is the Close although dividends were paid.

    yfinance fills a missing one so.
    """
    if "Dividends" not in table.columns:
        return
    paid = table["Dividends"].fillna(0.0).to_numpy()[1:] > 0
    same = table["Adj Close"].eq(table["Close"]) | table["Close"].isna()
    if paid.any() and same.all():
        day = table.index[1:][paid][0].date()
        raise VendorError(
            Fault.BAD_ANSWER, f"Adj Close leaves out dividends (one was paid on {day})"
        )
