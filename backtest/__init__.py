"""The engine: prices in, abnormal returns and simulated trades out."""

from __future__ import annotations

import backtest.whole  # noqa: F401  # first of all: whose `events` is found
from backtest.prices import Prices, Returns
from backtest.study import (
    Dimson,
    EventStudy,
    EventStudyResult,
    FromDonors,
    GarchMarketModel,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    ScholesWilliams,
    SyntheticControl,
    Window,
    fama_french,
    with_factors,
)

__all__ = [
    "Dimson",
    "EventStudy",
    "EventStudyResult",
    "FromDonors",
    "GarchMarketModel",
    "MarketAdjusted",
    "MarketModel",
    "MeanAdjusted",
    "MultiFactor",
    "Prices",
    "Returns",
    "ScholesWilliams",
    "SyntheticControl",
    "Window",
    "fama_french",
    "with_factors",
]
