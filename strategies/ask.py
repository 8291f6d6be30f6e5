"""Ask a strategy for its orders, and believe none of them unseen."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from events.errors import ReactionsError
from strategies import STRATEGIES
from strategies.base import Strategy
from strategies.errors import StrategyError
from strategies.foresight import moments_of, peeks
from strategies.loader import where

CUTS = 12


def ask(strategy: Strategy, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
    """The orders of a strategy. Raises `StrategyError` where it fails, gives something else, or looks ahead.

    The registered ones are proven by their contract test; others are shown the past alone at 12
    moments of theirs.
    """
    orders = _orders(strategy, events, prices)
    if type(strategy) not in STRATEGIES.values():
        try:
            seen = peeks(strategy, events, prices, moments_of(orders, CUTS))
        except ReactionsError:
            raise
        except Exception as error:  # a stranger's code, without the future it counted on
            raise StrategyError(
                f"strategy {strategy.name} fails without future prices: {where(error, _file(strategy))}"
            ) from error
        if seen:
            raise StrategyError(f"strategy {strategy.name} looks ahead: {seen}")
    return orders


def _orders(strategy: Strategy, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
    try:
        orders = tuple(strategy.orders(events.copy(), prices))
    except ReactionsError:
        raise
    except Exception as error:  # whatever a stranger's code does wrong is told in one line
        raise StrategyError(
            f"strategy {strategy.name} failed: {where(error, _file(strategy))}"
        ) from error
    for order in orders:
        if not isinstance(order, Order):
            raise StrategyError(
                f"strategy {strategy.name} gave {order!r:.60}, no Order (backtest.trading.Order)"
            )
    return orders


def _file(strategy: Strategy) -> Path | None:
    """The file a strategy was written in."""
    written = getattr(sys.modules.get(type(strategy).__module__), "__file__", None)
    return Path(written) if written else None
