"""From announcements to positions: one idea a file, listed here, proven by one contract test."""

from __future__ import annotations

from strategies.base import Strategy
from strategies.beta_hedged import BetaHedged
from strategies.calendar_time import CalendarTime
from strategies.conditional import Conditional
from strategies.drift import Drift
from strategies.pair import Pair
from strategies.read_through import ReadThrough
from strategies.reversal import Reversal
from strategies.yardsticks import BuyAndHold, RandomDates

STRATEGIES: dict[str, type[Strategy]] = {
    "drift": Drift,
    "reversal": Reversal,
    "pair": Pair,
    "beta_hedged": BetaHedged,
    "read_through": ReadThrough,
    "conditional": Conditional,
    "calendar_time": CalendarTime,
    "buy_and_hold": BuyAndHold,
    "random_dates": RandomDates,
}

__all__ = [
    "STRATEGIES",
    "BetaHedged",
    "BuyAndHold",
    "CalendarTime",
    "Conditional",
    "Drift",
    "Pair",
    "RandomDates",
    "ReadThrough",
    "Reversal",
    "Strategy",
]
