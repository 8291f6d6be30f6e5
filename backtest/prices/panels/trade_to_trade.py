"""Returns from one trade to the next, for securities that do not trade every session.

The method is that of Maynes and Rumsey (1993).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backtest.errors import PriceError
from backtest.prices.panels.return_prices import ReturnPrices
from backtest.prices.panels.returns import Returns
from backtest.prices.prices import Prices
from events.arguments import one_of, yes_no


def trade_to_trade(prices: Prices, *, dividends: bool = True) -> Returns:
    """Returns between sessions with a trade; `spans` says over how many sessions each runs.

    A session without a close, or with a volume of zero, has no trade and no return; the next one
    with a trade has the return since the last. A study holds such a return to the regressors
    compounded over the same sessions. Raises `PriceError` for returns read from a file, which do
    not say what lay between, and for prices of several exchanges.

    >>> found = trade_to_trade(Prices.sample())
    >>> found.spans.max() >= 1
    np.True_
    """
    one_of("prices", prices, (Prices,), "Prices.sample() or Prices.read(PATH)")
    yes_no("dividends", dividends)
    if isinstance(prices, ReturnPrices):
        raise PriceError("trade-to-trade returns need prices; a file of returns has none")
    if prices.others:
        raise PriceError(
            "trade-to-trade returns are of one exchange; name the tickers of one, or leave them out"
        )
    closes = (prices.adjusted if dividends else prices.close).to_numpy(dtype=np.float64)
    volume = prices.volume.to_numpy(dtype=np.float64)
    traded = np.isfinite(closes) & ~(volume == 0)
    rows = np.arange(len(closes))[:, None]
    last = np.maximum.accumulate(np.where(traded, rows, -1), axis=0)
    before = np.vstack([np.full((1, closes.shape[1]), -1), last[:-1]])[: len(closes)]
    known = traded & (before >= 0)
    earlier = np.take_along_axis(closes, np.maximum(before, 0), axis=0)
    values = np.full(closes.shape, np.nan)
    values[known] = closes[known] / earlier[known] - 1.0
    spans = np.where(known, rows - before, 1).astype(np.int64)
    return replace(prices.returns(dividends=dividends), values=values, spans=spans)
