"""What a ticker may look like; anything else never becomes a file name."""

from __future__ import annotations

import re

from backtest.errors import PriceError

# Letters and digits, an index mark (^IXIC), share classes (BRK-B), exchange suffixes (9984.T),
# rates (EURUSD=X).
_TICKER = re.compile(r"\^?[A-Za-z0-9]{1,12}(?:[.\-=][A-Za-z0-9]{1,6}){0,2}")


def checked(ticker: str) -> str:
    """The ticker itself, or `PriceError` if it cannot be one.

    >>> checked("BRK-B")
    'BRK-B'
    """
    if not _TICKER.fullmatch(ticker):
        raise PriceError(f"{ticker!r} is not a ticker; examples: META, BRK-B, ^IXIC, 9984.T")
    return ticker
