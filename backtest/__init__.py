"""The engine: prices in, abnormal returns and simulated trades out."""

from __future__ import annotations

from backtest.prices import Prices, Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    Window,
)

__all__ = [
    "EventStudy",
    "EventStudyResult",
    "MarketAdjusted",
    "MarketModel",
    "MeanAdjusted",
    "MultiFactor",
    "Prices",
    "Returns",
    "Window",
]
