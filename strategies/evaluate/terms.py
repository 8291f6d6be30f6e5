"""What strategies are traded on: said once, and handed whole to every way of judging them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Limits
from strategies.asking.given import check_market
from strategies.evaluate.markets import Market, markets_of


@dataclass(frozen=True, eq=False)
class Terms:
    """Placed events, prices, what a trade costs and may do, and what bets are held to.

    `benchmark` is that of the exchange it trades on, `benchmark_of` (exchange -> ticker) names
    those of the others. Raises `ArgumentError` for anything of a wrong kind.
    """

    events: pd.DataFrame
    prices: Prices
    costs: Costs | None = None
    benchmark: str = "SPY"
    limits: Limits | None = None
    benchmark_of: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        check_market(
            self.events, self.prices, self.costs, self.benchmark, self.limits, self.benchmark_of
        )

    @property
    def markets(self) -> tuple[Market, ...]:
        """The exchanges that events trade on, that of `benchmark` first."""
        markets, _ = self._divided
        return markets

    @property
    def untraded(self) -> tuple[str, ...]:
        """Which tickers trade on none of them, and why: a line each."""
        _, untraded = self._divided
        return untraded

    @cached_property
    def _divided(self) -> tuple[tuple[Market, ...], tuple[str, ...]]:
        return markets_of(self.events, self.prices, self.benchmark, self.benchmark_of)
