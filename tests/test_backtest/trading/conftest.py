"""A small market made by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices

Rows = list[
    tuple[float, ...]
]  # open, close or open, high, low, close or open, high, low, close, adjusted, volume
Market = Callable[..., Prices]


@pytest.fixture
def market() -> Market:
    """Make a panel from one list of bars a ticker; SPY stands still unless given."""

    def make(start: str = "2026-03-02", **tickers: Rows) -> Prices:
        n = max(map(len, tickers.values()))
        tickers = {"SPY": [(100.0, 100.0)] * n, **tickers}
        sessions = pd.bdate_range(start, periods=n, unit="us")
        bars = {ticker: np.array([_bar(row) for row in rows]) for ticker, rows in tickers.items()}
        fields = ("open", "high", "low", "close", "adjusted", "volume")
        frames = {
            name: pd.DataFrame({t: bars[t][:, i] for t in sorted(bars)}, index=sessions)
            for i, name in enumerate(fields)
        }
        return Prices(**frames, source="by hand")

    return make


def _bar(row: tuple[float, ...]) -> tuple[float, ...]:
    if len(row) == 2:
        return (row[0], max(row), min(row), row[1], row[1], 1e6)
    return (*row, row[3], 1e6) if len(row) == 4 else row
