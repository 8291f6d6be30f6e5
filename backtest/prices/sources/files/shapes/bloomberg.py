"""Exports of Bloomberg: `META US Equity` above each column, alone or over PX_LAST, PX_OPEN, ..."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import Layout, only_once
from backtest.prices.sources.files.shapes.stacked import stacked
from backtest.prices.sources.files.shapes.wide import NOTE

_SECURITY = re.compile(r"^(\S+)(?: ([A-Z]{2}))? (?:Equity|Index|Curncy)$", re.IGNORECASE)
# Bloomberg's exchange codes and the endings of the tickers of the same exchanges.
_ENDINGS = {"LN": ".L", "GY": ".DE", "GR": ".DE", "FP": ".PA", "NA": ".AS", "IM": ".MI",
            "SW": ".SW", "SE": ".SW", "JT": ".T", "JP": ".T", "HK": ".HK", "TT": ".TW",
            "KS": ".KS", "CT": ".TO", "CN": ".TO", "AT": ".AX", "AU": ".AX"}  # fmt: skip
_AMERICAN = ("US", "UN", "UQ", "UW", "UA", "UP", "UR")
_FIELDS = {
    "PX_LAST": "close",
    "LAST_PRICE": "close",
    "PX_OPEN": "open",
    "PX_HIGH": "high",
    "PX_LOW": "low",
    "PX_VOLUME": "volume",
    "VOLUME": "volume",
    "TOT_RETURN_INDEX_GROSS_DVDS": "adjusted",
}


@dataclass(frozen=True)
class Exported:
    """One row of securities over closes, or two rows: securities and fields."""

    name: str = "Bloomberg"

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if every name but the first is a security's."""
        named = [name for name in head.names[1:] if name]
        if not named or not all(map(ticker_of, named)):
            return None
        both = stacked(head, self.name, lambda cell: _FIELDS.get(cell.upper()), ticker_of)
        if both:
            return both
        found: dict[str, int] = {}
        for position, name in enumerate(head.names):
            ticker = None
            if position:
                ticker = ticker_of(name)
            if ticker:
                only_once(head, position, found, ticker, ticker)
                found[ticker] = position
        columns = {ticker: {"close": position} for ticker, position in found.items()}
        return Layout(self.name, 0, columns, notes=(NOTE,))


def ticker_of(security: str) -> str | None:
    """The ticker of a security as Bloomberg names it; None for another text.

    >>> ticker_of("META US Equity"), ticker_of("BRK/B US Equity"), ticker_of("SAP GY Equity")
    ('META', 'BRK-B', 'SAP.DE')
    """
    match = _SECURITY.match(security)
    if match is None:
        return None
    code = (match[2] or "US").upper()
    ending = "" if code in _AMERICAN else _ENDINGS.get(code)
    return None if ending is None else match[1].replace("/", "-") + ending


SHAPE = Exported()
