"""Normal-return models, one a file."""

from __future__ import annotations

from backtest.study.normal.base import DailyModel, Days, Fit, NormalModel, Volatility
from backtest.study.normal.benchmark import PEERS
from backtest.study.normal.by_name import MODELS, WITHOUT_BENCHMARK, named_model
from backtest.study.normal.design import Design
from backtest.study.normal.garch import GarchMarketModel
from backtest.study.normal.market import MarketAdjusted, MarketModel, MeanAdjusted
from backtest.study.normal.multi_factor import FACTORS, RISK_FREE, MultiFactor, fama_french
from backtest.study.normal.synthetic_control import SyntheticControl
from backtest.study.normal.thin_trading import Dimson, ScholesWilliams

__all__ = [
    "FACTORS",
    "MODELS",
    "PEERS",
    "RISK_FREE",
    "WITHOUT_BENCHMARK",
    "DailyModel",
    "Days",
    "Design",
    "Dimson",
    "Fit",
    "GarchMarketModel",
    "MarketAdjusted",
    "MarketModel",
    "MeanAdjusted",
    "MultiFactor",
    "NormalModel",
    "ScholesWilliams",
    "SyntheticControl",
    "Volatility",
    "fama_french",
    "named_model",
]
