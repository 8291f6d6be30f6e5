"""Which ticker a file is of: its name, or the part of it that a vendor's download names.

Files stay as they were downloaded: `meta_us_d.csv` and `aapl.us.csv` (Stooq), `META Historical
Data.csv` (Investing), `daily_adjusted_META.csv` (Alpha Vantage).
"""

from __future__ import annotations

import re

from backtest.prices.tickers import checked

_AGAIN = r"(?: ?\(\d+\))?"  # a browser's second copy: (1)
_VENDORS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<ticker>[a-z0-9.\-]+)_(?P<land>us|uk|de|jp|hk)_[dwm]{_AGAIN}",
        rf"(?P<ticker>[a-z0-9\-]+)\.(?P<land>us){_AGAIN}",
        rf"(?P<ticker>.+?) (?:Stock Price History|Historical Data){_AGAIN}",
        rf"(?:time_series_)?daily_(?:adjusted_)?(?P<ticker>[a-z0-9.\-]+){_AGAIN}",
    )
)
_LANDS = {"us": "", "uk": ".L", "de": ".DE", "jp": ".T", "hk": ".HK"}  # as Stooq writes them


def ticker_of(stem: str) -> str:
    """The ticker in a file's name without its end. Raises `PriceError` where there is none.

    >>> [ticker_of(one) for one in ("META", "meta_us_d", "vod_uk_d", "META Historical Data (1)")]
    ['META', 'META', 'VOD.L', 'META']
    """
    for shape in _VENDORS:
        if found := shape.fullmatch(stem):
            named = found.groupdict()
            land = named.get("land")
            return checked(
                named["ticker"].upper() + _LANDS[land.lower()] if land else named["ticker"]
            )
    return checked(stem)
