"""What each bet would earn if money were no object.

No account, no refusal for cash, thousands of times a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backtest.trading.bars import Bars, Floats
from backtest.trading.costs import Costs, Limits
from backtest.trading.orders import Order
from backtest.trading.route import Fill, route
from backtest.trading.trades import Accountant, Money, in_order


def excess_returns(
    orders: Sequence[Order], bars: Bars, costs: Costs, benchmark: str, limits: Limits | None = None
) -> Floats:
    """Excess returns of the completed bets, (n_bets,).

    As `Simulation.bets` has them where nothing is refused.
    """
    return named_excess(orders, bars, costs, benchmark, limits)[1]


def named_excess(
    orders: Sequence[Order], bars: Bars, costs: Costs, benchmark: str, limits: Limits | None = None
) -> tuple[NDArray[np.object_], Floats]:
    """The same with the ticker of each bet's first leg that hedges nothing.

    Two arrays (n_bets,).
    """
    accountant = Accountant(bars, costs, benchmark)
    bets: dict[tuple[str, str], list[tuple[Fill, Money]]] = {}
    for own in in_order(route(orders, bars, limits or Limits(), benchmark).fills):
        first = own[0]
        legs = bets.setdefault((first.leg.event_id, first.leg.bet), [])
        legs.append((first, accountant.money(own)))
    done = [legs for legs in bets.values() if not any(money.is_open for _, money in legs)]
    excess = np.array([_excess(legs) for legs in done], dtype=np.float64)
    tickers = np.array([_main(legs)[0][0].leg.ticker for legs in done], dtype=object)
    known = np.isfinite(excess)
    return tickers[known], excess[known]


def _main(legs: list[tuple[Fill, Money]]) -> list[tuple[Fill, Money]]:
    """The legs that hedge nothing; all of them where each hedges another."""
    return [(entry, money) for entry, money in legs if not entry.leg.hedge] or legs


def _excess(legs: list[tuple[Fill, Money]]) -> float:
    main = _main(legs)
    value = sum(money.value for _, money in main)
    net = sum(money.gross - money.paid for _, money in legs)
    if len(main) < len(legs):
        return net / value
    passive = sum(math.copysign(money.value, entry.shares) * money.passive for entry, money in legs)
    return (net - passive) / value
