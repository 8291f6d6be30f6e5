"""Orders to money through vectorbt. Every order is filled or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading.account import Booked, equity_table, positions_table
from backtest.trading.bars import Bars, Floats
from backtest.trading.costs import Costs, Limits
from backtest.trading.gate import admit
from backtest.trading.orders import Leg, Order
from backtest.trading.reconcile import orders_table
from backtest.trading.route import Fill, route
from backtest.trading.trades import bets_table, trades_table

_CENT = 0.01


class Simulation(Booked):
    """What became of orders, as tables."""

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Every order sent, and every one the engine made: filled or refused, and why.

        The engine makes stops and ends of prices.
        """
        return orders_table(self.asked, self.admitted, self.bars)

    @cached_property
    def trades(self) -> pd.DataFrame:
        """One row a position (contract of trades.csv).

        Money in the currency of the prices, returns as fractions.
        """
        return trades_table(self.admitted.fills, self.bars, self.costs, self.benchmark)

    @cached_property
    def bets(self) -> pd.DataFrame:
        """One row a bet: a position together with what hedges it.

        Its returns are per money in the position.
        """
        return bets_table(self.trades)

    @cached_property
    def equity(self) -> pd.DataFrame:
        """One row a session: account, the benchmark's account, exposures.

        The benchmark's is for the same money over the same hours.
        """
        return equity_table(self)

    @cached_property
    def positions(self) -> pd.DataFrame:
        """One row a session and position held over its close.

        Shares, value, weight in the account.
        """
        return positions_table(self, self.equity)


def simulate(
    orders: Sequence[Order],
    prices: Prices | Bars,
    costs: Costs | None = None,
    limits: Limits | None = None,
    benchmark: str = "SPY",
) -> Simulation:
    """Trade orders on dividend-adjusted prices.

    Every position has its own column, all share one account. An entry is sized from the last close
    known before it. Shares may be fractions. Raises `TradingError` for a ticker without prices or
    two orders of one position at one moment.
    """
    if isinstance(prices, Bars):
        bars = prices
    else:
        bars = Bars.of(prices)
    costs, limits = costs or Costs(), limits or Limits()
    bars.ticker_column(benchmark)
    admitted = admit(route(orders, bars, limits, benchmark), bars, costs, limits)
    legs = tuple(admitted.fills)
    first = min((fills[0].row for fills in admitted.fills.values()), default=len(bars.price) - 1)
    start = max(first - first % 2 - 2, 0)  # one session before the first entry
    shares, value = _portfolio(admitted.fills, bars, costs, limits, start)
    return Simulation(
        tuple(orders), bars, costs, limits, benchmark, admitted, legs, start, shares, value
    )


def _portfolio(
    fills: dict[Leg, list[Fill]], bars: Bars, costs: Costs, limits: Limits, start: int
) -> tuple[Floats, Floats]:
    """Shares held and account value, row by row, and proof that every fill was made."""
    n_rows = len(bars.price) - start
    if not fills:
        return np.zeros((n_rows, 0)), np.full(n_rows, limits.capital)
    size = np.full((n_rows, len(fills)), np.nan)
    price, mark = np.full_like(size, np.nan), np.empty_like(size)
    for i, own in enumerate(fills.values()):
        mark[:, i] = _filled(bars.mark[start:, own[0].column])
        for fill in own:
            size[fill.row - start, i], price[fill.row - start, i] = fill.shares, fill.price
    from backtest.trading.engine import from_orders  # seconds to import, and of use to trades alone

    folio = from_orders(mark, size, price, costs, limits)
    shares = _held(folio.orders.records, size)
    _prove(shares, size, mark, list(fills), bars.sessions[(start + np.arange(n_rows)) // 2])
    return shares, np.asarray(folio.value().to_numpy(), dtype=np.float64)


def _held(records: pd.DataFrame, size: Floats) -> Floats:
    """Shares after each row, from the order records."""
    traded = np.zeros_like(size)
    signed = np.where(records["side"] == 0, records["size"], -records["size"])
    np.add.at(traded, (records["idx"].to_numpy(), records["col"].to_numpy()), signed)
    return np.asarray(np.cumsum(traded, axis=0))


def _prove(
    shares: Floats, size: Floats, mark: Floats, legs: list[Leg], sessions: pd.DatetimeIndex
) -> None:
    """Stop where vectorbt ignored an order, which it does in silence."""
    asked = np.isfinite(size)
    wrong = asked & (np.abs(np.where(asked, shares - size, 0.0)) * mark > _CENT)
    if wrong.any():
        row, i = np.argwhere(wrong)[0]
        raise TradingError(
            f"the account cannot pay for the order of {legs[i].event_id} in {legs[i].ticker} on "
            f"{sessions[row].date()}; trade a smaller stake or a lower max_gross"
        )


def _filled(mark: Floats) -> Floats:
    """Before a listing nothing is held: any number serves as its value."""
    first = int(np.flatnonzero(np.isfinite(mark))[0])
    return np.where(np.arange(len(mark)) < first, mark[first], mark)
