"""Market data: checked prices and returns, whatever their source."""

from __future__ import annotations

from backtest.prices.panels.returns import Returns
from backtest.prices.prices import Prices

__all__ = ["Prices", "Returns"]
