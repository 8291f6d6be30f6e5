"""A strategy's orders, simulated and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any

import pandas as pd

from backtest.plugged import plots_of
from backtest.prices import Prices
from backtest.trading import Costs, Limits, Simulation, simulate
from backtest.trading.worth.summary import Judgement, judge
from events.words import count
from strategies.asking.ask import ask
from strategies.asking.given import check_strategy
from strategies.asking.guard import only_public
from strategies.base import Strategy
from strategies.evaluate.accounts import together, whole_account
from strategies.evaluate.markets import Market
from strategies.evaluate.terms import Terms


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What a strategy did and what that is worth. Tables are numbers; returns are fractions.

    Over prices of several exchanges it is that of the first one, `others` those of the others, each
    with an account of its own; `whole`, `every_bet` and `whole_equity` are of all of them, and
    `untraded` says which tickers were left out, and why.
    """

    name: str
    benchmark: str
    simulation: Simulation
    early: pd.DataFrame  # orders refused because the news was not public yet
    source: str = ""  # of the prices, in words
    simulated: bool = False  # whether no market made them
    exchange: str = ""
    others: tuple[Evaluation, ...] = ()
    untraded: tuple[str, ...] = ()

    @property
    def accounts(self) -> tuple[Evaluation, ...]:
        """The evaluation of each exchange, this one first."""
        return (self, *self.others)

    @cached_property
    def every_bet(self) -> pd.DataFrame:
        """The bets of every exchange, with a column `exchange` where there are several."""
        if not self.others:
            return self.bets
        return together([(one.exchange, one.bets) for one in self.accounts])

    @cached_property
    def whole_equity(self) -> pd.DataFrame:
        """The accounts of every exchange as one, each in its own currency; columns as `equity`."""
        if self.others:
            return whole_account([one.equity for one in self.accounts])
        return self.equity

    @cached_property
    def whole(self) -> Judgement:
        """Every statistic over the bets of all exchanges.

        Sums of money are NaN where there are several.
        """
        if not self.others:
            return self.judgement
        found = judge(self.every_bet, self.whole_equity)
        return replace(found, net_pnl=float("nan"), costs=float("nan"))

    @property
    def plot(self) -> Any:
        """Pictures of this strategy: `reactions.trade_plots.TradePlots`."""
        return plots_of("strategy", self)

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

    @property
    def positions(self) -> pd.DataFrame:
        """One row a session and position held over its close (positions.csv)."""
        return self.simulation.positions

    @cached_property
    def returns(self) -> pd.Series:
        """The account's return of each session after the first.

        Named for the strategy, as quantstats takes it.
        """
        worth = self.equity.set_index("session")["equity"]
        return worth.pct_change().iloc[1:].rename(self.name)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Every order with its status, and the reason where it was refused."""
        if len(self.early):
            return pd.concat([self.simulation.orders, self.early], ignore_index=True)
        return self.simulation.orders

    @cached_property
    def judgement(self) -> Judgement:
        """Every statistic of the summary."""
        return judge(self.bets, self.equity)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row (strategies.csv)."""
        return self._row(self.judgement, self.benchmark, self.orders["status"])

    @cached_property
    def whole_summary(self) -> pd.DataFrame:
        """One row over the accounts of every exchange; columns as `summary`."""
        status = pd.concat([one.orders["status"] for one in self.accounts], ignore_index=True)
        return self._row(self.whole, self.against, status)

    def _row(self, judged: Judgement, benchmark: str, status: pd.Series) -> pd.DataFrame:
        head = {"strategy": self.name, "benchmark": benchmark, "n_orders": len(status)}
        counts = {
            "n_filled": int((status == "filled").sum()),
            "n_refused": int((status == "refused").sum()),
        }
        row = head | counts | judged.row()
        if not len(status):
            row["why_not"] = (
                "no orders: no event has a role, a session and a ticker with prices that it trades"
            )
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        one = self.whole
        left = ""
        if self.untraded:
            left = f"; left out: {'; '.join(self.untraded)}"
        if not one.n_trades:
            n_orders = sum(len(account.orders) for account in self.accounts)
            return (
                f"<Evaluation {self.name}: no completed trade of {count(n_orders, 'order')}{left}>"
            )
        if isfinite(one.sign_flip_p):
            luck = f"cluster sign-flip p = {one.sign_flip_p:.3f}"
        else:
            luck = one.why_not
        return (
            f"<Evaluation {self.name} against {self.against}: {count(one.n_trades, 'trade')}, "
            f"mean excess {one.mean_excess:+.2%}, t = {one.t:.2f}, {luck}{left}>"
        )

    @property
    def against(self) -> str:
        """The benchmark, or those of every exchange."""
        if not self.others:
            return self.benchmark
        return ", ".join(f"{one.benchmark} on {one.exchange}" for one in self.accounts)

    def _repr_html_(self) -> str:
        return str(self.summary.T.to_html(header=False, escape=True))


def evaluate(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices,
    costs: Costs | None = None,
    benchmark: str = "SPY",
    limits: Limits | None = None,
    benchmark_of: Mapping[str, str] | None = None,
) -> Evaluation:
    """Trade a strategy on placed events.

    `benchmark` is held with the same money over the same hours. An order before the first open or
    close after its announcement is refused. Events of other exchanges than the benchmark's are
    traded on their own sessions, an account an exchange, against the ticker that `benchmark_of`
    ({"XTKS": "1306.T"}) names for it; a hedge that does not trade there is that ticker too. Raises
    `TradingError` for a benchmark without prices and for orders that cannot be read,
    `StrategyError` for a strategy that fails or looks ahead.

    >>> import reactions as rx
    >>> prices = rx.Prices.sample()
    >>> placed = rx.tradable_events(rx.Catalog.bundled().filter(tickers=["META"]), prices)
    >>> found = evaluate(rx.STRATEGIES["drift"](), placed, prices)
    >>> found
    <Evaluation drift against SPY: 1 trade, mean excess ..., t = nan, ...>
    >>> len(found.bets) == len(found.trades), found.equity.columns.tolist()[:2]
    (True, ['session', 'equity'])
    """
    check_strategy(strategy)
    return traded(strategy, Terms(events, prices, costs, benchmark, limits, benchmark_of))


def traded(strategy: Strategy, terms: Terms) -> Evaluation:
    """`evaluate`, its arguments as one."""
    untraded = terms.untraded
    done: list[Evaluation] = []
    for one in terms.markets:
        if why := one.why_not(strategy):
            untraded += (f"{', '.join(sorted(set(one.events['ticker'])))}: {why}",)
        else:
            done.append(_on_market(strategy, one, terms))
    if not done:  # nowhere: the first market says what is missing
        done.append(_on_market(strategy, terms.markets[0], terms))
    return replace(done[0], others=tuple(done[1:]), untraded=untraded)


def _on_market(strategy: Strategy, market: Market, terms: Terms) -> Evaluation:
    prices, events, fitted = market.prices, market.events, market.fitted(strategy)
    allowed, early = only_public(ask(fitted, events, prices), events)
    simulation = simulate(allowed, prices, terms.costs, terms.limits, market.benchmark)
    return Evaluation(
        strategy.name, market.benchmark, simulation, early, prices.source, prices.simulated,
        market.exchange,
    )  # fmt: skip
