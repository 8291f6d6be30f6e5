"""The engine: prices in, abnormal returns and simulated trades out."""

from __future__ import annotations

from backtest.prices import Prices, Returns
from backtest.study import (
    Dimson,
    EventStudy,
    EventStudyResult,
    GarchMarketModel,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    ScholesWilliams,
    Window,
)

__all__ = [
    "Dimson",
    "EventStudy",
    "EventStudyResult",
    "GarchMarketModel",
    "MarketAdjusted",
    "MarketModel",
    "MeanAdjusted",
    "MultiFactor",
    "Prices",
    "Returns",
    "ScholesWilliams",
    "Window",
]
