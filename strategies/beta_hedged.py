"""Beta-hedged: the drift without the market.

By a short of the benchmark sized by a beta known before the news.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtest.prices import Prices
from backtest.study.normal import PEERS
from backtest.trading import Order
from backtest.trading.orders import At
from events import Role
from strategies.base import check_entry, check_hold, check_words, held, selected
from strategies.errors import StrategyError
from strategies.signals import Signals


@dataclass(frozen=True)
class BetaHedged:
    """Drift with a short of beta stakes of `hedge`.

    A ticker (SPY, QQQ, SOXX), or "peers", equal parts of `peers`. Events whose beta cannot be
    estimated before them are not traded.

    >>> BetaHedged(hedge="QQQ").name
    'beta_hedged'
    """

    hold: int = 5
    roles: tuple[str, ...] = ("supplier",)
    hedge: str = "SPY"
    peers: tuple[str, ...] = ()
    entry: At = "open"

    name = "beta_hedged"

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        check_hold(self.name, self.hold)
        check_words(self.name, "roles", self.roles, Role)
        check_entry(self.name, self.entry)
        if not isinstance(self.hedge, str):
            raise StrategyError(f"strategy {self.name}: hedge is {self.hedge!r}; name a ticker")
        if (self.hedge == "peers") != bool(self.peers):
            raise StrategyError(
                f"strategy {self.name}: hedge 'peers' and a list of peers go together"
            )

    def orders(self, events: pd.DataFrame, prices: Prices) -> tuple[Order, ...]:
        """One bet of two or more legs an event."""
        clock = prices.clock
        if self.peers:
            known = Signals(PEERS, self.peers)
        else:
            known = Signals(self.hedge)
        betas = known.betas(events, prices)
        out: list[Order] = []
        for event in selected(events, prices.tickers, self.roles):
            hedges = [ticker for ticker in self.peers or (self.hedge,) if ticker != event.ticker]
            beta = betas.get((event.event_id, event.ticker))
            if beta is not None and hedges:
                weights = {event.ticker: 1.0} | dict.fromkeys(hedges, -beta / len(hedges))
                out += held(
                    event, weights, clock, self.hold, self.entry, bet=event.ticker, hedges=hedges
                )
        return tuple(out)
