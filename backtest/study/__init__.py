"""The event study: abnormal returns and what can be said about them."""

from __future__ import annotations

from backtest.study.donors import FromDonors
from backtest.study.inference import HEADLINE_TEST, TESTS, Outcome
from backtest.study.inference.joint.max_t import max_t
from backtest.study.inference.joint.multiple import adjust, adjust_events
from backtest.study.inference.joint.romano_wolf import romano_wolf
from backtest.study.normal import (
    MODELS,
    PEERS,
    Dimson,
    GarchMarketModel,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    ScholesWilliams,
    SyntheticControl,
    fama_french,
)
from backtest.study.place.factor_columns import with_factors
from backtest.study.result import EventStudyResult
from backtest.study.study import EventStudy
from backtest.study.windows import STANDARD_WINDOWS, Window

__all__ = [
    "HEADLINE_TEST",
    "MODELS",
    "PEERS",
    "STANDARD_WINDOWS",
    "TESTS",
    "Dimson",
    "EventStudy",
    "EventStudyResult",
    "FromDonors",
    "GarchMarketModel",
    "MarketAdjusted",
    "MarketModel",
    "MeanAdjusted",
    "MultiFactor",
    "Outcome",
    "ScholesWilliams",
    "SyntheticControl",
    "Window",
    "adjust",
    "adjust_events",
    "fama_french",
    "max_t",
    "romano_wolf",
    "with_factors",
]
