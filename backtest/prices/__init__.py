"""Market data: checked prices and returns, whatever their source."""

from __future__ import annotations

from backtest.prices.prices import Prices
from backtest.prices.returns import Returns

__all__ = ["Prices", "Returns"]
