"""Conditional: the drift of those announcements only that look large.

By their words or by their first day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from events import Kind, Role
from strategies.base import (
    after_first_day,
    check_hold,
    check_least,
    check_stop,
    check_words,
    held,
    held_from,
    selected,
)
from strategies.signals import FirstDay, Key, Signals


@dataclass(frozen=True)
class Conditional:
    """Buy where every condition set holds and keep for `hold` sessions.

    Conditions: at least `min_amount_usd`; one of `kinds`; a first-day abnormal return (on
    `benchmark`) of at least `min_first_day`, or at least `min_surprise` standard errors. With one
    of the last two, entry is the open after the first day, otherwise the first tradable one. Minus
    infinity, zero and an empty list set no condition.

    >>> Conditional(min_amount_usd=5e9, kinds=("capacity_contract",)).name
    'conditional'
    """

    hold: int = 5
    roles: tuple[str, ...] = ("supplier",)
    min_amount_usd: float = 0.0
    kinds: tuple[str, ...] = ()
    min_first_day: float = -math.inf
    min_surprise: float = -math.inf
    benchmark: str = "SPY"
    stop: float = 0.0

    name = "conditional"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        check_words(self.name, "kinds", self.kinds, Kind)
        check_stop(self.name, self.stop)
        for field in ("min_amount_usd", "min_first_day", "min_surprise"):
            check_least(self.name, field, getattr(self, field))

    @property
    def _waits(self) -> bool:
        return max(self.min_first_day, self.min_surprise) > -math.inf

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an event that fulfils the conditions."""
        clock = prices.clock
        if self._waits:
            first_days: dict[Key, FirstDay] = Signals(self.benchmark).first_days(events, prices)
        else:
            first_days = {}
        out: list[Order] = []
        for event in selected(events, prices.tickers, self.roles):
            if self.kinds and event.kind not in self.kinds:
                continue
            if self.min_amount_usd > 0 and not event.amount_usd >= self.min_amount_usd:
                continue
            if not self._waits:
                out += held(event, {event.ticker: 1.0}, clock, self.hold, stop=self.stop)
                continue
            day = first_days.get((event.event_id, event.ticker))
            if (
                day is not None
                and day.abnormal >= self.min_first_day
                and day.surprise >= self.min_surprise
            ):
                start = after_first_day(event, clock, day.sessions)
                out += held_from(event, start, {event.ticker: 1.0}, clock, self.hold, self.stop)
        return tuple(out)
