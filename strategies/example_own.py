"""An example to copy: your own strategy in a file of yours.

It is run with `--strategy my_file.py:BigDeals`. A strategy is a frozen dataclass with a `name` and
a method `orders`. Its fields are the settings an experiment may change. For the open of a session
it may use what was known before that open: prices up to the last close, and announcements whose
`tradable_open` is that session or earlier. Before a run, the tool reads the file in a fresh
interpreter, cuts the future off at several moments, asks twice at each, and refuses a strategy
whose orders change: one that peeks, remembers, or goes by the clock or by chance without a seed. It
cannot see what a strategy reads from files or the network, or what its author knew of the future:
that stays a matter of trust. docs/strategies.md says more.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from strategies.base import rows


@dataclass(frozen=True)
class BigDeals:
    """Buy suppliers of large deals that rose over the month before.

    Deals of at least `least_usd`; sell after `hold` sessions.
    """

    least_usd: float = 5e9
    hold: int = 10

    name = "big_deals"

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """Entry at the first open after the news, exit at the close of the last session held."""
        out = []
        for event in rows(events[events["role"] == "supplier"]):
            if (
                event.ticker not in prices.tickers
                or pd.isna(event.tradable_open)
                or not event.amount_usd >= self.least_usd
            ):
                continue
            before = (
                prices.adjusted[event.ticker].loc[: event.tradable_open].iloc[:-1].tail(21)
            )  # up to the last close
            if len(before) < 21 or not before.iloc[-1] > before.iloc[0]:
                continue
            out.append(Order(event.event_id, event.ticker, event.tradable_open, "open", 1.0))
            left = prices.sessions[prices.sessions >= event.tradable_open]
            if len(left) >= self.hold:
                out.append(Order(event.event_id, event.ticker, left[self.hold - 1], "close", 0.0))
        return tuple(out)
