"""Calendar-time portfolio (Jaffe 1974).

At every moment one equal-weighted portfolio of all recent events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Order
from events import Role
from strategies.base import check_hold, check_words, entry_session, selected


@dataclass(frozen=True)
class CalendarTime:
    """One stake spread equally over the events of the last `hold` sessions.

    Rebalanced at the open when they change. Its account is what counts: positions that come and go
    are resized, not bets of their own. Set the stake of `Limits` to 1 to have all the capital in
    it.

    >>> CalendarTime(hold=20).name
    'calendar_time'
    """

    hold: int = 20
    roles: tuple[str, ...] = ("supplier",)

    name = "calendar_time"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """Orders for all members at every open on which one comes or goes."""
        clock = prices.clock
        comes: dict[int, list[Any]] = {}
        goes: dict[int, list[Any]] = {}
        for event in selected(events, prices.tickers, self.roles):
            start = clock.number(entry_session(event, "open"))
            if start is not None:
                comes.setdefault(start, []).append(event)
                goes.setdefault(start + self.hold, []).append(event)
        out: list[Order] = []
        members: dict[tuple[str, str], None] = {}
        for number in sorted({*comes, *goes}):
            session = clock.session(number)
            if session is None:
                break
            leaving = [(event.event_id, event.ticker) for event in goes.get(number, [])]
            out += [Order(*member, session, "open", 0.0) for member in leaving]
            members = {member: None for member in members if member not in leaving}
            members |= {(event.event_id, event.ticker): None for event in comes.get(number, [])}
            out += [Order(*member, session, "open", 1.0 / len(members)) for member in members]
        return tuple(out)
