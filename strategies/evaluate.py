"""A strategy's orders, simulated and judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Simulation, simulate
from backtest.trading.summary import Judgement, judge
from strategies.ask import ask
from strategies.base import Strategy
from strategies.guard import only_public


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What a strategy did and what that is worth. Tables are numbers; returns are fractions."""

    name: str
    benchmark: str
    simulation: Simulation
    early: pd.DataFrame  # orders refused because the news was not public yet

    @property
    def trades(self) -> pd.DataFrame:
        """One row a position (trades.csv)."""
        return self.simulation.trades

    @property
    def bets(self) -> pd.DataFrame:
        """One row a bet: a position with what hedges it. The statistics are over these."""
        return self.simulation.bets

    @property
    def equity(self) -> pd.DataFrame:
        """One row a session: session, equity, benchmark_equity, exposures."""
        return self.simulation.equity

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Every order with its status, and the reason where it was refused."""
        return (
            pd.concat([self.simulation.orders, self.early], ignore_index=True)
            if len(self.early)
            else self.simulation.orders
        )

    @cached_property
    def judgement(self) -> Judgement:
        """Every statistic of the summary."""
        return judge(self.bets, self.equity)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row (strategies.csv)."""
        status = self.orders["status"]
        head = {"strategy": self.name, "benchmark": self.benchmark, "n_orders": len(status)}
        counts = {
            "n_filled": int((status == "filled").sum()),
            "n_refused": int((status == "refused").sum()),
        }
        row = head | counts | self.judgement.row()
        if not len(status):
            row["why_not"] = (
                "no orders: no event has a role, a session and a ticker with prices that it trades"
            )
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        one = self.judgement
        if not one.n_trades:
            return f"<Evaluation {self.name}: no completed trade of {len(self.orders)} orders>"
        return (
            f"<Evaluation {self.name} against {self.benchmark}: {one.n_trades} trades, "
            f"mean excess {one.mean_excess:+.2%}, t = {one.t:.2f}, cluster sign-flip p = {one.sign_flip_p:.3f}>"
        )

    def _repr_html_(self) -> str:
        return str(self.summary.T.to_html(header=False, escape=True))


def evaluate(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    limits: Limits | None = None,
) -> Evaluation:
    """Trade a strategy on placed events. `benchmark` is held with the same money over the same hours.

    An order before the first open or close after its announcement is refused. Raises `TradingError`
    for a benchmark without prices and for orders that cannot be read, `StrategyError` for a
    strategy that fails or looks ahead.
    """
    allowed, early = only_public(ask(strategy, events, prices), events)
    return Evaluation(
        strategy.name, benchmark, simulate(allowed, prices, costs, limits, benchmark), early
    )
