"""Money: orders in, fills, trades and an account out, with costs, limits and honest numbers."""

from __future__ import annotations

from backtest.trading.costs import Costs, Limits
from backtest.trading.orders import Order
from backtest.trading.simulate import Simulation, simulate

__all__ = ["Costs", "Limits", "Order", "Simulation", "simulate"]
