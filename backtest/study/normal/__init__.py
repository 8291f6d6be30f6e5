"""Normal-return models, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backtest.study.normal.base import DailyModel, Days, Fit, NormalModel
from backtest.study.normal.design import PEERS, Design
from backtest.study.normal.dimson import Dimson
from backtest.study.normal.fama_french import carhart, fama_french, ff3, ff5
from backtest.study.normal.garch import GarchMarketModel
from backtest.study.normal.market import MarketModel
from backtest.study.normal.market_adjusted import MarketAdjusted
from backtest.study.normal.mean_adjusted import MeanAdjusted
from backtest.study.normal.multi_factor import MultiFactor
from backtest.study.normal.scholes_williams import ScholesWilliams
from backtest.study.normal.synthetic_control import SyntheticControl
from backtest.study.normal.volatility import Volatility

MODELS: Mapping[str, Callable[..., NormalModel]] = {
    "market": MarketModel,
    "market_adjusted": MarketAdjusted,
    "mean_adjusted": MeanAdjusted,
    "multi_factor": MultiFactor,
    "scholes_williams": ScholesWilliams,
    "dimson": Dimson,
    "garch": GarchMarketModel,
    "synthetic_control": SyntheticControl,
    "ff3": ff3,
    "ff5": ff5,
    "carhart": carhart,
}

__all__ = [
    "MODELS",
    "PEERS",
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
]
