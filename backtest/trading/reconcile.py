"""The list of orders: what was sent, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.trading.bars import Bars, moment
from backtest.trading.orders import Order
from backtest.trading.route import ENGINE, Fill, Route

COLUMNS = [
    "event_id", "ticker", "bet", "hedge", "session", "at", "target", "status", "reason",
    "filled_session", "filled_at", "price", "shares",
]  # fmt: skip


def orders_table(asked: Sequence[Order], admitted: Route, bars: Bars) -> pd.DataFrame:
    """One row an order in the order sent, then those the engine made.

    `shares` is signed and traded, not held.
    """
    traded = {id(fill): change for fill, change in _traded(admitted)}
    every = [fill for fills in admitted.fills.values() for fill in fills]
    filled = {fill.order: fill for fill in every if fill.order != ENGINE}
    rows = [
        _sent(number, order, filled, traded, admitted, bars) for number, order in enumerate(asked)
    ]
    rows += [_made(fill, traded[id(fill)], bars) for fill in every if fill.order == ENGINE]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"session": "datetime64[us]", "filled_session": "datetime64[us]"})


def told(order: Order) -> tuple[object, ...]:
    """The first columns of an order's row: what was asked for."""
    return (
        order.event_id,
        order.ticker,
        order.leg.bet,
        order.hedge,
        order.session,
        order.at,
        order.target,
    )


def _traded(admitted: Route) -> list[tuple[Fill, float]]:
    """Each fill with the shares it traded."""
    out = []
    for fills in admitted.fills.values():
        before = 0.0
        for fill in fills:
            out.append((fill, fill.shares - before))
            before = fill.shares
    return out


def _sent(
    number: int,
    order: Order,
    filled: dict[int, Fill],
    traded: dict[int, float],
    admitted: Route,
    bars: Bars,
) -> tuple[object, ...]:
    head = told(order)
    fill = filled.get(number)
    if fill is None:
        return (*head, "refused", admitted.refused[number], pd.NaT, "", float("nan"), 0.0)
    return (
        *head,
        "filled",
        fill.why,
        bars.session_of(fill.row),
        moment(fill.row),
        fill.price,
        traded[id(fill)],
    )


def _made(fill: Fill, change: float, bars: Bars) -> tuple[object, ...]:
    leg, session = fill.leg, bars.session_of(fill.row)
    head = (leg.event_id, leg.ticker, leg.bet, leg.hedge, session, moment(fill.row), 0.0)
    return (*head, "filled", fill.why, session, moment(fill.row), fill.price, change)
