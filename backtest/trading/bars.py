"""Prices as a market gives them.

Two moments a session, the open and the close, in one row order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import TradingError
from backtest.prices import Prices
from events.errors import suggest

Floats = NDArray[np.float64]
VOLUME_SESSIONS = 20


@dataclass(frozen=True, eq=False)
class Bars:
    """Dividend-adjusted prices of n sessions x m tickers.

    Row 2i is the open of session i, row 2i+1 its close. `price` (2n, m) is what is paid, NaN where
    there was none. `known` (2n, m) is the last close strictly before the row. `mark` (2n, m) is the
    last price at or before the row. `low`, `high` (n, m) are those of the session; `dollar_volume`
    (n, m) is the mean of the 20 sessions before it.
    """

    sessions: pd.DatetimeIndex
    tickers: tuple[str, ...]
    price: Floats
    known: Floats
    mark: Floats
    low: Floats
    high: Floats
    dollar_volume: Floats
    column: dict[str, int]
    position: dict[pd.Timestamp, int]

    @classmethod
    def of(cls, prices: Prices) -> Bars:
        """Lay out a panel of prices."""
        scale = prices.adjusted / prices.close
        close = _floats(prices.adjusted)
        price = np.empty((2 * len(close), close.shape[1]))
        price[0::2], price[1::2] = _floats(prices.adjusted_open()), close
        known = np.full_like(price, np.nan)
        last = _forward(close)
        known[2::2], known[3::2] = last[:-1], last[:-1]
        traded = (
            (prices.close * prices.volume).rolling(VOLUME_SESSIONS, min_periods=1).mean().shift(1)
        )
        return cls(
            prices.sessions, prices.tickers, price, known, _forward(price),
            _floats(prices.low * scale), _floats(prices.high * scale), _floats(traded),
            {ticker: i for i, ticker in enumerate(prices.tickers)},
            {session: i for i, session in enumerate(prices.sessions)},
        )  # fmt: skip

    def ticker_column(self, ticker: str) -> int:
        """The column of a ticker; a miss names the nearest."""
        if ticker not in self.column:
            raise TradingError(f"no prices for {ticker!r}{suggest(ticker, self.tickers)}")
        return self.column[ticker]

    def session_of(self, row: int) -> pd.Timestamp:
        """The session a row belongs to."""
        return self._days[row // 2]

    @cached_property
    def _days(self) -> list[pd.Timestamp]:
        return list(self.sessions)


def moment(row: int) -> str:
    """Whether a row is an open or a close."""
    return "close" if row % 2 else "open"


def _floats(frame: pd.DataFrame) -> Floats:
    return np.array(frame, dtype=np.float64)


def _forward(values: Floats) -> Floats:
    """Carry the last number down each column."""
    rows = np.where(np.isfinite(values), np.arange(len(values))[:, None], 0)
    return np.asarray(values[np.maximum.accumulate(rows, axis=0), np.arange(values.shape[1])])
