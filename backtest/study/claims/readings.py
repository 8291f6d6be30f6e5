"""What a press claim can mean on daily prices: from which price, to which, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices import Prices
from events.record.claim import Claim
from events.record.vocabulary import Basis, PricePoint, WindowUnit

_POINTS = {
    PricePoint.CLOSE: "close",
    PricePoint.OPEN: "open",
    PricePoint.HIGH: "high",
    PricePoint.LOW: "low",
}
_TO_DATE = {
    WindowUnit.WEEK_TO_DATE: "W-SUN",
    WindowUnit.MONTH_TO_DATE: "M",
    WindowUnit.QUARTER_TO_DATE: "Q",
    WindowUnit.YEAR_TO_DATE: "Y",
}


@dataclass(frozen=True, eq=False)
class Quotes:
    """One ticker's daily prices, each of shape (n_sessions,).

    Dividends are left out, NaN where missing.
    """

    sessions: pd.DatetimeIndex
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]

    @classmethod
    def of(cls, prices: Prices, ticker: str) -> Quotes:
        """Take one ticker out of a panel."""
        columns = (
            getattr(prices, name)[ticker].to_numpy(np.float64)
            for name in ("open", "high", "low", "close")
        )
        return cls(prices.sessions, *columns)

    def position(self, day: date) -> int | None:
        """Say which session a day is, or None."""
        found = int(np.searchsorted(self.sessions.to_numpy(), np.datetime64(day)))
        if found < len(self.sessions) and self.sessions[found].date() == day:
            return found
        return None

    def last_until(self, day: pd.Timestamp) -> int:
        """Say which session is the last up to a day; -1 where there is none."""
        return int(self.sessions.searchsorted(day, side="right")) - 1

    def price(self, name: str, position: int) -> float:
        """Give a price, NaN outside the panel."""
        column: NDArray[np.float64] = getattr(self, name)
        if 0 <= position < len(column):
            return float(column[position])
        return float("nan")

    def day(self, position: int) -> str:
        """Name a session."""
        return str(self.sessions[position].date())


@dataclass(frozen=True)
class ClaimReading:
    """One way to compute a claim: the number, and the basis in words."""

    value: float  # percent for a change, dollars for a level; NaN where a price is missing
    basis: str


def changes(claim: Claim, quotes: Quotes, end: int) -> Iterator[ClaimReading]:
    """Give every meaning the wording of a change allows, the most literal first."""
    for base, from_words in _bases(claim, quotes, end):
        to, to_words = _end_price(claim, quotes, end)
        yield ClaimReading((to / base - 1.0) * 100.0, f"from {from_words} to {to_words}")


def other_changes(claim: Claim, quotes: Quotes, end: int) -> Iterator[ClaimReading]:
    """Give bases the wording does not allow, but on which a mistaken number often holds.

    The likeliest comes first. A number rounded to whole percents fits too much by chance: only for
    finer ones are opens and neighbours tried.
    """
    to = quotes.price("close", end)
    in_sessions = claim.window_unit is WindowUnit.SESSIONS and claim.basis is Basis.PREVIOUS_CLOSE
    if in_sessions and claim.window > 1:
        for n in _nearby(claim.window, end):
            base = quotes.price("close", end - n)
            yield _reading(
                to,
                base,
                f"over {n} sessions, not {claim.window} (from {_close_words(quotes, end - n)})",
            )
    if claim.precision < 1 and in_sessions:
        for start in range(end, end - claim.window - 1, -1):
            if start >= 0:
                base = quotes.price("open", start)
                yield _reading(to, base, f"from the open of {quotes.day(start)} ({base:.2f})")
        yield from _neighbours(claim, quotes, end)


def other_days(quotes: Quotes, end: int) -> list[int]:
    """Give the sessions within two weeks whose close a wrong level may be, the nearest first."""
    near = []
    for step in range(1, 11):
        near += [end - step, end + step]
    return [day for day in near if 0 <= day < len(quotes.sessions)]


def extremes(claim: Claim, quotes: Quotes, end: int) -> tuple[float, float] | None:
    """Give the least and the largest change the day's low and high allow, in percent."""
    base, _ = next(_bases(claim, quotes, end), (float("nan"), ""))
    low = 100.0 * (quotes.price("low", end) / base - 1.0)
    high = 100.0 * (quotes.price("high", end) / base - 1.0)
    if np.isnan(low) or np.isnan(high):
        return None
    return low, high


def level(claim: Claim, quotes: Quotes, end: int) -> ClaimReading:
    """Compute a claimed price: of one day, or the extreme of a longer window."""
    name = _POINTS.get(claim.at, "close")
    if claim.window_unit is not WindowUnit.YEARS:
        return ClaimReading(quotes.price(name, end), f"the {name} of {quotes.day(end)}")
    first = quotes.last_until(quotes.sessions[end] - pd.DateOffset(years=claim.window)) + 1
    column: NDArray[np.float64] = getattr(quotes, name)[first : end + 1]
    if first == 0 or np.isnan(column).all():
        return ClaimReading(float("nan"), "the prices do not reach back over the window")
    at = int(np.nanargmin(column) if claim.at is PricePoint.LOW else np.nanargmax(column))
    return ClaimReading(float(column[at]), f"the {name} of {quotes.day(first + at)}")


def _bases(claim: Claim, quotes: Quotes, end: int) -> Iterator[tuple[float, str]]:
    if claim.base_price is not None and claim.basis in (Basis.OFFER_PRICE, Basis.STATED_PRICE):
        yield claim.base_price, f"{claim.basis.value.replace('_', ' ')} {claim.base_price:.2f}"
    elif claim.basis is Basis.OPEN:
        start = end - claim.window + 1
        yield quotes.price("open", start), f"the open of {quotes.day(start)}"
    elif claim.basis is Basis.HIGH:
        top = level(claim.model_copy(update={"at": PricePoint.HIGH}), quotes, end)
        yield top.value, top.basis
    elif claim.basis in (Basis.PREVIOUS_CLOSE, Basis.YEAR_END):
        for start, words in _starts(claim, quotes, end):
            if start >= 0:
                yield quotes.price("close", start), f"{words}{_close_words(quotes, start)}"


def _starts(claim: Claim, quotes: Quotes, end: int) -> Iterator[tuple[int, str]]:
    """Say at which session's close the window begins, with a word on the reading."""
    today, n = quotes.sessions[end], claim.window
    if claim.basis is Basis.YEAR_END:
        yield quotes.last_until(today.to_period("Y").start_time - pd.Timedelta(1, "D")), ""
    elif claim.window_unit in (WindowUnit.SESSIONS, WindowUnit.UNSPECIFIED):
        # Trading after hours starts from the close of its own day.
        yield end - n + (claim.at is PricePoint.AFTER_HOURS), ""
    elif claim.window_unit is WindowUnit.CALENDAR_DAYS:
        yield _with_days(quotes, end, n)
    elif claim.window_unit is WindowUnit.CALENDAR_MONTHS:
        yield quotes.last_until(today - pd.DateOffset(months=n)), ""
        yield _with_days(quotes, end, 30 * n)
    elif claim.window_unit in _TO_DATE:
        start = today.to_period(_TO_DATE[claim.window_unit]).start_time
        yield quotes.last_until(start - pd.Timedelta(1, "D")), ""


def _with_days(quotes: Quotes, end: int, days: int) -> tuple[int, str]:
    start = quotes.last_until(quotes.sessions[end] - pd.Timedelta(days, "D"))
    return start, f"{days} calendar days ({end - start} sessions) before, "


def _end_price(claim: Claim, quotes: Quotes, end: int) -> tuple[float, str]:
    if claim.price is not None:
        return claim.price, f"the {claim.price:.2f} it is quoted with"
    name = _POINTS.get(claim.at, "close")
    value = quotes.price(name, end)
    return value, f"the {name} of {quotes.day(end)} ({value:.2f})"


def _neighbours(claim: Claim, quotes: Quotes, end: int) -> Iterator[ClaimReading]:
    if claim.window == 1:
        for day in (end - 1, end + 1):
            if 0 < day < len(quotes.sessions):
                to, base = quotes.price("close", day), quotes.price("close", day - 1)
                yield _reading(to, base, f"for the session of {quotes.day(day)}")
        base = quotes.price("close", end - 1)
        for name in ("high", "low"):
            yield _reading(quotes.price(name, end), base, f"for the day's {name}")


def _reading(to: float, base: float, words: str) -> ClaimReading:
    return ClaimReading((to / base - 1.0) * 100.0, words)


def _nearby(window: int, end: int) -> list[int]:
    return [n for n in (window - 1, window + 1, window - 2, window + 2) if 1 <= n <= end]


def _close_words(quotes: Quotes, position: int) -> str:
    return f"the close of {quotes.day(position)} ({quotes.price('close', position):.2f})"
