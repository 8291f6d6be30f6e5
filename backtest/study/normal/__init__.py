"""Normal-return models, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backtest.study.normal.base import Fit, NormalModel
from backtest.study.normal.market import MarketModel
from backtest.study.normal.market_adjusted import MarketAdjusted
from backtest.study.normal.mean_adjusted import MeanAdjusted
from backtest.study.normal.multi_factor import MultiFactor

MODELS: Mapping[str, Callable[..., NormalModel]] = {
    "market": MarketModel,
    "market_adjusted": MarketAdjusted,
    "mean_adjusted": MeanAdjusted,
    "multi_factor": MultiFactor,
}

__all__ = ["MODELS", "Fit", "MarketAdjusted", "MarketModel", "MeanAdjusted", "MultiFactor", "NormalModel"]
