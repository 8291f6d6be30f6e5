"""A panel of simple returns, from prices or from a researcher's own table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.frames import check_frame, dates_of
from events.errors import suggest

OWN_DATES = "own dates"


@dataclass(frozen=True, eq=False)
class Returns:
    """Simple returns, fractions per session, NaN where missing: `values` (n_sessions, n_tickers), read-only.

    `calendar` is the exchange whose sessions the rows are, or "own dates"; `extent` says what
    begins and ends with them, in the reasons given for leaving an event out.

    >>> frame = pd.DataFrame({"A": [0.01, np.nan]}, index=["2026-04-08", "2026-04-09"])
    >>> Returns.from_frame(frame)
    <Returns: 1 tickers, 2 sessions, 2026-04-08 to 2026-04-09>
    """

    values: NDArray[np.float64]
    sessions: pd.DatetimeIndex
    tickers: tuple[str, ...]
    calendar: str = OWN_DATES
    extent: str = "prices"

    def __post_init__(self) -> None:
        self.values.flags.writeable = False

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Returns:
        """Take a table of dates x tickers; its own dates are then the calendar.

        Dates with a time zone are the dates on the wall there. Raises `PriceError` for what is no
        table of dates x tickers, dates that are not in order or not unique, repeated tickers, returns
        that are no finite number, or at or below -100%.
        """
        check_frame(frame)
        try:
            sessions = dates_of(frame.index)
            values = frame.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        except (TypeError, ValueError) as error:
            raise PriceError(
                f"returns: {error}; give a table of dates x tickers with numbers in it"
            ) from None
        tickers = tuple(map(str, frame.columns))
        _check(values, sessions, tickers)
        return cls(values, sessions, tickers)

    def position(self, ticker: str) -> int:
        """The column of a ticker; a miss names the nearest."""
        try:
            return self._positions[ticker]
        except KeyError:
            raise PriceError(f"no prices for {ticker!r}{suggest(ticker, self.tickers)}") from None

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {ticker: position for position, ticker in enumerate(self.tickers)}

    def column(self, ticker: str) -> NDArray[np.float64]:
        """The returns of one ticker, (n_sessions,)."""
        return self.values[:, self.position(ticker)]

    def __repr__(self) -> str:
        span = (
            f", {self.sessions[0].date()} to {self.sessions[-1].date()}"
            if len(self.sessions)
            else ""
        )
        return f"<Returns: {len(self.tickers)} tickers, {len(self.sessions)} sessions{span}>"


def _check(
    values: NDArray[np.float64], sessions: pd.DatetimeIndex, tickers: tuple[str, ...]
) -> None:
    if not (sessions.is_monotonic_increasing and sessions.is_unique) or sessions.hasnans:
        raise PriceError("returns: the dates are not in order, or one is there twice or missing")
    if len(set(tickers)) < len(tickers):
        twice = next(ticker for ticker in tickers if tickers.count(ticker) > 1)
        raise PriceError(f"returns: the ticker {twice!r} is there twice")
    bad = np.argwhere(np.isinf(values) | (values <= -1))
    if len(bad):
        row, column = bad[0]
        raise PriceError(
            f"returns: {tickers[column]} on {sessions[row].date()} is {values[row, column]}; "
            "write fractions above -1 (0.01 is one percent)"
        )
