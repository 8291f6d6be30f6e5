"""What the account held at each close, position by position."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.trading.booked import Booked

COLUMNS = ["session", "event_id", "bet", "ticker", "hedge", "shares", "value", "weight"]


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
