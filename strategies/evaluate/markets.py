"""Trading over several exchanges.

An account each, on its own sessions, in its own money, held to its own benchmark. One account would
hold several currencies, and would meet prices of one date at different instants: Tokyo closes
before New York opens. So no exchange sees another's prices, and no bet has legs on two.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from backtest.prices import Prices
from events.clock.exchanges import MONEY
from strategies.base import Strategy

_HELD_TO = ("hedge", "benchmark")  # fields of a strategy that name a market to be held to


@dataclass(frozen=True, eq=False)
class Market:
    """One exchange.

    Its prices alone, the events whose tickers trade there, and what bets are held to.
    """

    exchange: str
    prices: Prices
    benchmark: str
    events: pd.DataFrame
    is_home: bool = False

    def fitted(self, strategy: Strategy) -> Strategy:
        """The strategy with this market's benchmark where its own does not trade here.

        In place of a hedge or of a benchmark. At home the strategy stays as it is: a ticker it
        misses there is an error.
        """
        if self.is_home or not dataclasses.is_dataclass(strategy):
            return strategy
        fields = [one.name for one in dataclasses.fields(strategy) if one.init]
        named = {name: getattr(strategy, name) for name in _HELD_TO if name in fields}
        away = {
            name: self.hedge(ticker)
            for name, ticker in named.items()
            if isinstance(ticker, str) and self.hedge(ticker) != ticker
        }
        fitted: Any = strategy
        if away:
            fitted = dataclasses.replace(strategy, **away)
        return fitted

    def why_not(self, strategy: Strategy) -> str:
        """Why a strategy cannot be traded here, "" where it can."""
        if self.is_home:
            return ""
        named = [peer for peer in getattr(strategy, "peers", ()) or () if isinstance(peer, str)]
        away = [peer for peer in named if peer not in self.prices.tickers]
        if not away:
            return ""
        return f"its peers {', '.join(away)} do not trade on {self.exchange}"

    def hedge(self, ticker: str) -> str:
        """What a bet here is hedged by where it is by `ticker` at home.

        This market's benchmark if that is away.
        """
        stays = self.is_home or ticker in ("", "peers") or ticker in self.prices.tickers
        if stays:
            return ticker
        return self.benchmark


def markets_of(
    events: pd.DataFrame,
    prices: Prices,
    benchmark: str,
    benchmark_of: Mapping[str, str] | None = None,
) -> tuple[tuple[Market, ...], tuple[str, ...]]:
    """The markets that events trade on, that of `benchmark` first.

    And why others are left out, a line each. `benchmark_of` (exchange -> ticker) names the others'
    benchmarks.
    """
    if not prices.others:
        return (Market(prices.calendar, prices, benchmark, events, is_home=True),), ()
    home = prices.panel_of(benchmark) or prices
    away = [panel for panel in prices.panels if panel is not home]
    abroad = {ticker for panel in away for ticker in panel.tickers}
    here = events[~events["ticker"].isin(abroad)].reset_index(drop=True)
    found = [Market(home.calendar, replace(home, others=()), benchmark, here, is_home=True)]
    left = []
    for panel in away:
        theirs = events[events["ticker"].isin(panel.tickers)].reset_index(drop=True)
        if panel.calendar == MONEY or theirs.empty:
            continue
        own = (benchmark_of or {}).get(panel.calendar, "")
        if own in panel.tickers:
            alone = replace(panel, others=())
            found.append(Market(panel.calendar, alone, own, theirs))
        else:
            left.append(_without(panel, own, theirs))
    if len(found) > 1 and not here["ticker"].isin(home.tickers).any():
        found = found[1:]  # nothing is traded at home
    return tuple(found), tuple(left)


def _without(panel: Prices, own: str, events: pd.DataFrame) -> str:
    """Why a market is not traded, in words."""
    tickers = ", ".join(sorted(set(events["ticker"])))
    if not own:
        return f"{tickers}: no benchmark for {panel.calendar} (benchmark_of names one)"
    return f"{tickers}: no prices for {own} on {panel.calendar}, its benchmark"
