"""Pair: long those who supply, short those who pay, so that the market they share falls away."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.orders import At
from events import Role
from strategies.base import by_announcement, check_entry, check_hold, check_words, held


@dataclass(frozen=True)
class Pair:
    """Long one stake of the parties in role `long`, short one of those in role `short`.

    Each in equal parts. One bet an announcement that has both with prices; who plays both roles is
    left out.

    >>> Pair().name
    'pair'
    """

    hold: int = 5
    long: str = "supplier"
    short: str = "customer"
    entry: At = "open"

    name = "pair"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "long and short", (self.long, self.short), Role)
        check_entry(self.name, self.entry)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an announcement."""
        clock = prices.clock
        out: list[Order] = []
        shorts_of = by_announcement(events, prices.tickers, (self.short,))
        for event_id, suppliers in by_announcement(events, prices.tickers, (self.long,)).items():
            payers = shorts_of.get(event_id, {})
            longs = [ticker for ticker in suppliers if ticker not in payers]
            shorts = [ticker for ticker in payers if ticker not in suppliers]
            if longs and shorts:
                weights = dict.fromkeys(longs, 1.0 / len(longs)) | dict.fromkeys(
                    shorts, -1.0 / len(shorts)
                )
                bet, event = f"{self.long}-{self.short}", suppliers[longs[0]]
                out += held(event, weights, clock, self.hold, self.entry, bet=bet, hedges=shorts)
        return tuple(out)
