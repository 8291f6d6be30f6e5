"""Reversal: fade a large first day, on the idea that it went too far."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from events import Role
from strategies.base import (
    after_first_day,
    check_hold,
    check_positive,
    check_stop,
    check_words,
    held_from,
    selected,
)
from strategies.signals import Signals


@dataclass(frozen=True)
class Reversal:
    """Bet against first-day abnormal returns of at least `threshold`.

    From the next open on for `hold` sessions.

    >>> Reversal(threshold=0.05).name
    'reversal'
    """

    threshold: float = 0.05
    hold: int = 5
    roles: tuple[str, ...] = ()
    benchmark: str = "SPY"
    stop: float = 0.0

    name = "reversal"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_positive(self.name, "threshold", self.threshold)
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        check_stop(self.name, self.stop)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet an event with a large first day."""
        clock = prices.clock
        first_days = Signals(self.benchmark).first_days(events, prices)
        out: list[Order] = []
        for event in selected(events, prices.tickers, self.roles):
            day = first_days.get((event.event_id, event.ticker))
            if day is not None and abs(day.abnormal) >= self.threshold:
                weights = {event.ticker: -1.0 if day.abnormal > 0 else 1.0}
                out += held_from(
                    event,
                    after_first_day(event, clock, day.sessions),
                    weights,
                    clock,
                    self.hold,
                    self.stop,
                )
        return tuple(out)
