"""What the account held, row by row: what every table of a simulation is made from."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.trading.bars import Bars, Floats
from backtest.trading.costs import Costs, Limits
from backtest.trading.orders import Leg, Order
from backtest.trading.route import Route


@dataclass(frozen=True, eq=False)
class Booked:
    """What became of orders.

    `legs` names the columns of the arrays, which have two rows a session from `first_row` on.
    `shares` (n_rows, n_legs) is held after the row, `value` (n_rows,) the account before the borrow
    fee.
    """

    asked: tuple[Order, ...]
    bars: Bars
    costs: Costs
    limits: Limits
    benchmark: str
    admitted: Route
    legs: tuple[Leg, ...]
    first_row: int
    shares: Floats
    value: Floats
