"""Prices as a market gives them.

Two moments a session, the open and the close, in one row order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.prices.quality.units import change_words, changed_units
from events.errors import suggest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_TICK = 1e-9  # of a price: what rounding may put between a stop and a price that touches it
VOLUME_SESSIONS = 20


@dataclass(frozen=True, eq=False)
class Bars:
    """Dividend-adjusted prices of n sessions x m tickers.

    Row 2i is the open of session i, row 2i+1 its close. `price` (2n, m) is what is paid, NaN where
    there was none. `known` (2n, m) is the last close strictly before the row. `mark` (2n, m) is the
    last price at or before the row. `low`, `high` (n, m) are those of the session; `dollar_volume`
    (n, m) is the mean of the 20 sessions before it, of those since a change of unit alone. `units`
    (n + 1, m) counts the probable changes of unit before each session's close, and `unit_words`
    tells of each by (session, column).
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
    units: Ints
    unit_words: dict[tuple[int, int], str]

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
        units, unit_words = _units(prices)
        return cls(
            prices.sessions, prices.tickers, price, known, _forward(price),
            _floats(prices.low * scale), _floats(prices.high * scale), _mean_volume(prices, units),
            {ticker: i for i, ticker in enumerate(prices.tickers)},
            {session: i for i, session in enumerate(prices.sessions)},
            units, unit_words,
        )  # fmt: skip

    def ticker_column(self, ticker: str) -> int:
        """The column of a ticker; a miss names the nearest."""
        if ticker not in self.column:
            raise TradingError(f"no prices for {ticker!r}{suggest(ticker, self.tickers)}")
        return self.column[ticker]

    def session_of(self, row: int) -> pd.Timestamp:
        """The session a row belongs to."""
        return self._days[row // 2]

    def changes_unit(self, row: Ints, column: Ints, until: Ints) -> Bools:
        """Whether closes change their unit while a position is held.

        From the close before `row`, which sizes it, to that of the session of `until`.
        """
        return np.asarray(self.units[until // 2 + 1, column] > self.units[row // 2, column])

    def told_change(self, row: int, column: int, until: int) -> str:
        """The first such change in words; empty if there is none."""
        held = self.units[row // 2 : until // 2 + 2, column]
        if held[0] == held[-1]:
            return ""
        return self.unit_words[row // 2 + int(np.flatnonzero(np.diff(held))[0]), column]

    @cached_property
    def _days(self) -> list[pd.Timestamp]:
        return list(self.sessions)


def moment(row: int) -> str:
    """Whether a row is an open or a close."""
    if row % 2:
        return "close"
    return "open"


def _units(prices: Prices) -> tuple[Ints, dict[tuple[int, int], str]]:
    words = {}
    units = np.zeros((len(prices.sessions) + 1, len(prices.tickers)), dtype=np.int64)
    for one in changed_units(replace(prices, others=()) if prices.others else prices):
        at = int(prices.sessions.searchsorted(pd.Timestamp(one.first)))
        column = prices.tickers.index(one.ticker)
        units[at + 1 :, column] += 1
        words[at, column] = change_words(one.ticker, one.first, one.detail)
    return units, words


def _mean_volume(prices: Prices, units: Ints) -> Floats:
    """The mean daily volume in money before each session: never of pence and pounds together."""
    traded = prices.close * prices.volume
    mean = _floats(_mean(traded))
    for column in np.flatnonzero(units[-1]):
        own = traded.iloc[:, [int(column)]]
        for one in np.unique(units[1:, column])[1:]:  # before the first change all is one unit
            same = units[1:, column] == one
            mean[same, column] = _floats(_mean(own[same]))[:, 0]
    return np.vstack([np.full_like(mean[:1], np.nan), mean[:-1]])


def _mean(traded: pd.DataFrame) -> pd.DataFrame:
    return traded.rolling(VOLUME_SESSIONS, min_periods=1).mean()


def _floats(frame: pd.DataFrame) -> Floats:
    return np.array(frame, dtype=np.float64)


def _forward(values: Floats) -> Floats:
    """Carry the last number down each column."""
    rows = np.where(np.isfinite(values), np.arange(len(values))[:, None], 0)
    return np.asarray(values[np.maximum.accumulate(rows, axis=0), np.arange(values.shape[1])])


def touching(
    price: Floats, worst: Floats, level: Floats | float, rows: Ints
) -> tuple[Bools, Bools]:
    """On which rows a stop at `level` is touched, and on which of them between open and close.

    The close row of a session stands for all after its open; `worst` is the price furthest down.
    """
    reach = level + _TICK * np.abs(level)
    during = (rows % 2 == 1) & (worst <= reach)
    return (price <= reach) | during, during
