"""What `yf.download(...)` gives, saved by to_csv or to_parquet.

Two levels of names, fields and tickers.
"""

from __future__ import annotations

from dataclasses import dataclass

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import Layout
from backtest.prices.sources.files.shapes.named import COMMON, word
from backtest.prices.sources.files.shapes.stacked import stacked

_ACTIONS = ("dividends", "stocksplits", "capitalgains", "repaired?")


@dataclass(frozen=True)
class Downloaded:
    """One ticker or several, by field or (`group_by="ticker"`) by ticker."""

    name: str = "yfinance"

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if the first two rows are fields and tickers."""
        return stacked(head, self.name, _field, _ticker)


def _field(cell: str) -> str | None:
    if word(cell) in _ACTIONS:
        return "ignored"
    found = COMMON.get(word(cell))
    if found in ("date", "key"):
        return None
    return found


def _ticker(cell: str) -> str | None:
    """Not a price or a date, so that rows of prices are never taken for tickers."""
    if cell.replace(".", "").replace("-", "").isdigit() and "." in cell:
        return None
    return cell or None


SHAPE = Downloaded()
