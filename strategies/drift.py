"""Drift: buy those an announcement benefits, on the idea that prices take days to believe it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.orders import At
from events import Role
from strategies.base import check_entry, check_hold, check_stop, check_words, held, selected


@dataclass(frozen=True)
class Drift:
    """Buy at the first tradable open (or close) and sell at a later close.

    That of the last of `hold` sessions. `roles` says whose shares; empty means every party's.
    `stop` (a fraction, 0 is none) closes a position at that loss.

    >>> Drift(hold=5, roles=("supplier",)).name
    'drift'
    """

    hold: int = 5
    roles: tuple[str, ...] = ("supplier",)
    entry: At = "open"
    stop: float = 0.0

    name = "drift"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        check_entry(self.name, self.entry)
        check_stop(self.name, self.stop)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an event."""
        clock = prices.clock
        return tuple(
            order
            for event in selected(events, prices.tickers, self.roles)
            for order in held(event, {event.ticker: 1.0}, clock, self.hold, self.entry, self.stop)
        )
