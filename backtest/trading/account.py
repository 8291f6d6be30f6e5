"""The account, session by session, beside one that held the benchmark.

With the same money over the same hours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.trading.bars import Floats
from backtest.trading.booked import Booked
from backtest.trading.costs import borrow_years
from backtest.trading.trades import held_rows


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
