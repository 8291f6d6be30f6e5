"""Where prices come from, as a user names it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backtest.prices.prices import Prices


def open_prices(
    spec: str, tickers: Iterable[str], start: str | None = None, end: str | None = None, calendar: str = "XNYS"
) -> Prices:
    """Prices from `sample`, `yahoo`, or a folder of files.

    Raises `PriceError` where there are none. Nothing falls back to the sample by itself.
    """
    if spec == "sample":
        return Prices.sample()
    if spec == "yahoo":
        return Prices.yahoo(tickers, start, end)
    return Prices.read(Path(spec), tickers, calendar)
