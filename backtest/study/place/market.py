"""Returns of what securities are held to: a market, or a basket of peers.

The market is the study's benchmark at home, the exchange's own elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from backtest.prices.panels.returns import Returns
from backtest.study.normal.benchmark import joined
from backtest.study.running_sums import Bools, Floats, Ints


def market_returns(
    returns: Returns, name: str, benchmark_of: Mapping[str, str]
) -> NDArray[np.float64]:
    """Returns of the benchmark `name` on its exchange, (T,).

    And of the others' own benchmarks on theirs. NaN on an exchange that has none.
    """
    found = returns.column(name)
    if returns.blocks is None:
        return found
    found, home = found.copy(), returns.exchanges[name]
    for exchange, own in benchmark_of.items():
        if exchange != home and exchange in returns.blocks.names and own in returns.tickers:
            rows = returns.blocks.rows(exchange)
            found[rows] = returns.column(own)[rows]
    return found


def markets_own(returns: Returns, name: str, benchmark_of: Mapping[str, str]) -> list[int]:
    """The columns of the benchmark itself and of those that stand in for it."""
    tickers = [name]
    if returns.blocks is not None:
        tickers += [one for one in benchmark_of.values() if one in returns.tickers]
    return [returns.position(ticker) for ticker in tickers]


def market_of(
    ticker: str, returns: Returns, regressors: tuple[str, ...], benchmark_of: Mapping[str, str]
) -> str:
    """The benchmark a ticker is held to.

    "" where its exchange has none, or the model needs none.
    """
    if not regressors:
        return ""
    exchange = returns.exchanges[ticker]
    if returns.blocks is None or exchange == returns.exchanges.get(regressors[0], exchange):
        return joined(regressors)
    if len(regressors) == 1:
        return benchmark_of.get(exchange, "")
    return ""


def why_without(
    ticker: str, returns: Returns, regressors: tuple[str, ...], benchmark_of: Mapping[str, str]
) -> str:
    """Why a ticker of another exchange has no benchmark to be held to, or "" where it has one.

    Only for panels of several exchanges; of one, prices say it all.
    """
    if returns.blocks is None or not regressors or ticker not in returns.exchanges:
        return ""
    exchange, own = (
        returns.exchanges[ticker],
        market_of(ticker, returns, regressors, benchmark_of),
    )
    if exchange == returns.exchanges.get(regressors[0], exchange):
        return ""
    if not own:
        model = joined(regressors)
        if len(regressors) > 1:
            return f"{model} do not trade on {exchange}, the exchange of {ticker}"
        return f"no benchmark for {exchange}, the exchange of {ticker} (benchmark_of names one)"
    if own not in returns.tickers:
        return f"no prices for {own}, the benchmark of {exchange}"
    if returns.exchanges[own] != exchange:
        return f"{own}, named as the benchmark of {exchange}, trades on {returns.exchanges[own]}"
    return ""


def peer_returns(returns: Returns, peers: tuple[str, ...], columns: Ints, hidden: Bools) -> Floats:
    """Basket returns for the securities in `columns` of the panel, (T, K).

    `hidden` (T, n_peers) marks sessions on which a peer is left out because of an event of its own.
    NaN on sessions without any peer.
    """
    positions = np.array([returns.position(peer) for peer in peers], dtype=np.int64)
    own = np.where(hidden, np.nan, returns.values[:, positions])
    there = np.isfinite(own)
    filled = np.where(there, own, 0.0)
    itself = (positions[:, None] == columns).astype(np.float64)
    total = filled.sum(axis=1, keepdims=True) - filled @ itself
    count = there.sum(axis=1, keepdims=True) - there @ itself
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan))
