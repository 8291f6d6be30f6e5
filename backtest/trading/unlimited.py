"""What each bet would earn if money were no object: no account, no refusal for cash, thousands of times a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backtest.trading.bars import Bars, Floats
from backtest.trading.costs import Costs, Limits
from backtest.trading.orders import Order
from backtest.trading.route import route
from backtest.trading.trades import Trade, made_trades


def excess_returns(
    orders: Sequence[Order], bars: Bars, costs: Costs, benchmark: str, limits: Limits | None = None
) -> Floats:
    """Excess returns of the completed bets, (n_bets,), as `Simulation.bets` has them where nothing is refused."""
    bets: dict[tuple[str, str], list[Trade]] = {}
    for trade in made_trades(route(orders, bars, limits or Limits()).fills, bars, costs, benchmark):
        bets.setdefault((trade.event_id, trade.bet), []).append(trade)
    done = [legs for legs in bets.values() if all(leg.status != "open" for leg in legs)]
    excess = np.array([_excess(legs) for legs in done], dtype=np.float64)
    return excess[np.isfinite(excess)]


def _excess(legs: list[Trade]) -> float:
    main = [leg for leg in legs if not leg.hedge] or legs
    value = sum(leg.entry_value for leg in main)
    net = sum(leg.net_pnl for leg in legs)
    if len(main) < len(legs):
        return net / value
    passive = sum(np.sign(leg.shares) * leg.entry_value * leg.benchmark_return for leg in legs)
    return float((net - passive) / value)
