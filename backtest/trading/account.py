"""What the account held, row by row, and its tables session by session and position by position.

Beside it stands an account that held the benchmark with the same money over the same hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.trading.bars import Bars, Floats
from backtest.trading.costs import Costs, Limits, borrow_years
from backtest.trading.orders import Leg, Order
from backtest.trading.route import Route
from backtest.trading.trades import held_rows

COLUMNS = ["session", "event_id", "bet", "ticker", "hedge", "shares", "value", "weight"]


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


def equity_table(booked: Booked) -> pd.DataFrame:
    """The account and its benchmark, one row a session.

    Columns session, equity, benchmark_equity, gross_exposure, net_exposure (of equity),
    n_positions, margin_call. It runs from the session before the first entry to that of the last
    exit, or to the end if a position is open. A margin call is a close at which longs plus the
    margin of shorts exceed the account.
    """
    bars, start = booked.bars, booked.first_row
    columns = np.array([own[0].column for own in booked.admitted.fills.values()], dtype=np.int64)
    closes = np.arange(start + 1, len(bars.price), 2)
    shares: Floats = booked.shares[closes - start]
    mark: Floats = bars.mark[closes][:, columns]
    worth = np.where(shares != 0, shares * mark, 0.0)
    longs, shorts = np.maximum(worth, 0).sum(axis=1), -np.minimum(worth, 0).sum(axis=1)
    sessions = bars.sessions[closes // 2]
    equity = booked.value[closes - start] - _borrowed(shorts, sessions) * booked.costs.borrow_rate
    table = pd.DataFrame({
        "session": sessions,
        "equity": equity,
        "benchmark_equity": booked.limits.capital + _passive(booked)[closes],
        "gross_exposure": (longs + shorts) / equity,
        "net_exposure": (longs - shorts) / equity,
        "n_positions": (shares != 0).sum(axis=1),
        "margin_call": longs + booked.limits.margin * shorts > equity * (1 + 1e-9),
    })  # fmt: skip
    return table.iloc[: _last(booked) // 2 - start // 2 + 1].reset_index(drop=True)


def _last(booked: Booked) -> int:
    """The row of the last exit, or the last row of all."""
    ends = [own[-1] for own in booked.admitted.fills.values()]
    if not ends or any(fill.shares != 0 for fill in ends):
        return len(booked.bars.price) - 1
    return max(fill.row for fill in ends)


def _borrowed(shorts: Floats, sessions: pd.DatetimeIndex) -> Floats:
    """Borrow fee paid up to each close at a yearly rate of 1.

    Shorts held over the nights before it pay.
    """
    owed = np.cumsum(shorts * borrow_years(sessions))
    return np.concatenate([[0.0], owed[:-1]])


def _passive(booked: Booked) -> Floats:
    """Profit at each row of the benchmark bought and sold beside the fills.

    With the money of every fill that is no hedge.
    """
    bars = booked.bars
    mark = bars.mark[:, bars.ticker_column(booked.benchmark)]
    profit = np.zeros(len(mark))
    for leg, own in booked.admitted.fills.items():
        if own[-1].shares == 0:
            end = own[-1].row
        else:
            end = len(mark) - 1
        if leg.hedge:
            continue
        rows, shares = held_rows(own, end)
        steps = np.diff(mark[rows]) / mark[own[0].row] * own[0].price * shares[:-1]
        profit[rows[1:]] += np.cumsum(steps)
        profit[end + 1 :] += steps.sum()
    return profit


def positions_table(booked: Booked, equity: pd.DataFrame) -> pd.DataFrame:
    """One row a session and position held over its close, in the order of sessions, then of entry.

    `shares` and `value` (money, at the close) are negative for shorts; `weight` is the value over
    the account's equity. `equity` is the account session by session.
    """
    bars = booked.bars
    closes = booked.first_row + 1 + 2 * np.arange(len(equity))
    shares = booked.shares[closes - booked.first_row]
    day, leg = np.nonzero(shares)
    columns = np.array([own[0].column for own in booked.admitted.fills.values()], dtype=np.int64)
    held = shares[day, leg]
    value = held
    if len(day):
        value = held * bars.mark[closes[day], columns[leg]]
    legs = [booked.legs[i] for i in leg]
    return pd.DataFrame({
        "session": equity["session"].to_numpy()[day],
        "event_id": [one.event_id for one in legs],
        "bet": [one.bet for one in legs],
        "ticker": [one.ticker for one in legs],
        "hedge": [one.hedge for one in legs],
        "shares": held,
        "value": value,
        "weight": value / equity["equity"].to_numpy()[day],
    }, columns=COLUMNS)  # fmt: skip
