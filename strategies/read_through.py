"""Read-through: buy the peers to whom the market should carry the news over."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.orders import At
from events import Role
from strategies.base import by_announcement, check_entry, check_hold, check_words, held


@dataclass(frozen=True)
class ReadThrough:
    """One stake, in equal parts, of the peers the catalog names for an announcement.

    Role `read_through`.

    >>> ReadThrough(hold=10).name
    'read_through'
    """

    hold: int = 5
    roles: tuple[str, ...] = ("read_through",)
    entry: At = "open"

    name = "read_through"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        check_entry(self.name, self.entry)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an announcement: all its peers or none."""
        clock = prices.clock
        out: list[Order] = []
        for peers in by_announcement(events, prices.tickers, self.roles).values():
            weights = dict.fromkeys(peers, 1.0 / len(peers))
            out += held(
                next(iter(peers.values())), weights, clock, self.hold, self.entry, bet="basket"
            )
        return tuple(out)
