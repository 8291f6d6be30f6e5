"""Yardsticks: what the same shares earned without looking at the news."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from events import Role
from strategies.base import check_hold, check_words, entry_session, held_from, selected
from strategies.errors import StrategyError


@dataclass(frozen=True)
class BuyAndHold:
    """One stake of each ticker from its first announcement on, never sold.

    Its bets stay open, its account counts.

    >>> BuyAndHold().name
    'buy_and_hold'
    """

    roles: tuple[str, ...] = ("supplier",)

    name = "buy_and_hold"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_words(self.name, "roles", self.roles, Role)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One order a ticker."""
        clock = prices.clock
        first: dict[str, Order] = {}
        for event in selected(events, prices.tickers, self.roles):
            start = clock.number(entry_session(event, "open"))
            if start is not None:
                order = Order(
                    event.event_id, event.ticker, pd.Timestamp(clock.sessions[start]), "open", 1.0
                )
                earlier = first.get(event.ticker)
                if earlier is None or order.session < earlier.session:
                    first[event.ticker] = order
                else:
                    first[event.ticker] = earlier
        return tuple(first.values())


@dataclass(frozen=True)
class RandomDates:
    """The drift's exposure at dates that mean nothing.

    `delay` (low, high) sessions after each event, drawn at random.

    >>> RandomDates(seed=1).name
    'random_dates'
    """

    hold: int = 5
    roles: tuple[str, ...] = ("supplier",)
    delay: tuple[int, int] = (10, 120)
    seed: int = 0

    name = "random_dates"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        whole = all(isinstance(one, int) and not isinstance(one, bool) for one in self.delay)
        if len(self.delay) != 2 or not whole or not 0 <= self.delay[0] <= self.delay[1]:
            raise StrategyError(
                f"strategy {self.name}: delay is {self.delay!r}; "
                "give two numbers of sessions, low and high"
            )

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an event, its date drawn from the event's own random stream."""
        clock = prices.clock
        out: list[Order] = []
        for event in selected(events, prices.tickers, self.roles):
            start = clock.number(entry_session(event, "open"))
            if start is not None:
                random = np.random.default_rng(
                    [self.seed, crc32(f"{event.event_id} {event.ticker}".encode())]
                )
                late = start + int(random.integers(self.delay[0], self.delay[1] + 1))
                out += held_from(event, late, {event.ticker: 1.0}, clock, self.hold)
        return tuple(out)
