"""Dated orders: what a strategy hands over, and all it hands over."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import pandas as pd

from backtest.errors import TradingError
from events.arguments import is_number

At = Literal["open", "close"]
MOMENTS: tuple[At, ...] = ("open", "close")
_LEAST, _MOST = 1e-6, 1e6  # times the stake


class Leg(NamedTuple):
    """One position.

    `ticker`, held for the bet that `event_id` and `bet` name, perhaps to hedge the rest of it.
    """

    event_id: str
    bet: str
    ticker: str
    hedge: bool = False


@dataclass(frozen=True)
class Order:
    """Hold `target` times the stake in `ticker` from this open or close on.

    0 is out, negative is short. `stop` (a fraction, with an entry) closes the position once it has
    lost that much from its entry price. Positions of an event with one `bet` (empty: the ticker)
    are one bet. A `hedge` offsets the others, whose money is the bet's: a hedged bet is entered as
    a whole or not at all.

    >>> Order("news", "CRWV", pd.Timestamp("2026-04-09"), "open", 1.0).leg.bet
    'CRWV'
    """

    event_id: str
    ticker: str
    session: pd.Timestamp
    at: At
    target: float
    stop: float | None = None
    bet: str = ""
    hedge: bool = False

    def __post_init__(self) -> None:
        """Refuse what no broker could read."""
        for name in ("event_id", "ticker"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise TradingError(f"order: {name} {value!r:.60} is no text, or an empty one")
        if why := self._unreadable():
            raise TradingError(f"order of {self.event_id} in {self.ticker}: {why}")

    def _unreadable(self) -> str:
        """What is wrong with the other fields, "" if nothing."""
        if self.at not in MOMENTS:
            return f"at {self.at!r:.60} is neither 'open' nor 'close'"
        if why := _no_day(self.session):
            return why
        if not is_number(self.target) or not math.isfinite(self.target):
            return f"target {self.target!r:.60} is no finite number"
        if self.target and not _LEAST <= abs(self.target) <= _MOST:
            return f"target {self.target!r:.60} is no share of the stake (1 is all of it, 0.5 half)"
        if self.stop is not None and not (is_number(self.stop) and 0 < self.stop < 1):
            return f"stop {self.stop!r:.60} is no fraction between 0 and 1 (0.1 is ten percent)"
        if not isinstance(self.bet, str):
            return f"bet {self.bet!r:.60} is no text"
        if not isinstance(self.hedge, bool):
            return f"hedge {self.hedge!r:.60} is neither True nor False"
        return ""

    @property
    def leg(self) -> Leg:
        """The position it belongs to."""
        return Leg(self.event_id, self.bet or self.ticker, self.ticker, self.hedge)


def _no_day(session: object) -> str:
    """Why something is no session, "" if it may be one."""
    if not isinstance(session, pd.Timestamp) or pd.isna(session):
        return f"session {session!r:.60} is no date (pandas.Timestamp)"
    if session.tzinfo is not None:
        return f"session {session} has a time zone; sessions are days without: {session:%Y-%m-%d}"
    if session != session.normalize():
        return f"session {session} has a time of day; `at` says when, the session is the day alone"
    return ""


def by_leg(orders: Iterable[Order]) -> dict[Leg, list[tuple[int, Order]]]:
    """The orders of each position in the order of time, with their number.

    Raises `TradingError` for two orders of one position at one time.
    """
    legs: dict[Leg, list[tuple[int, Order]]] = {}
    for number, order in enumerate(orders):
        legs.setdefault(order.leg, []).append((number, order))
    for leg, own in legs.items():
        own.sort(key=lambda item: (item[1].session, item[1].at == "close"))
        for (_, one), (_, other) in pairwise(own):
            if (one.session, one.at) == (other.session, other.at):
                raise TradingError(
                    f"two orders of {leg.event_id} in {leg.ticker} "
                    f"for the {one.at} of {one.session.date()}; send one"
                )
    return legs
