"""Tables whose columns carry the names of fields, each vendor with words of its own.

The vendors stand at the end, each with the words that tell its files from others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes.layout import LABELS, Layout, only_once

# The words that everybody uses, without spaces and signs: "Adj. Close" and "adj_close" are one.
COMMON = {
    "date": "date",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "adjclose": "adjusted",
    "adjustedclose": "adjusted",
    "closeadj": "adjusted",
    "closeadjusted": "adjusted",
    "volume": "volume",
    "ticker": "key",
    "symbol": "key",
}
_ORDER = re.compile(r"^date\s*\((dd/mm|mm/dd)/yyyy\)$", re.IGNORECASE)
_ORDERS = {"dd/mm": "day first", "mm/dd": "month first"}
_SIGNS = re.compile(r"[\s_.*\-]+")


def word(name: str) -> str:
    """A column's name without case, spaces and signs.

    >>> word("Adj. Close**"), word("adjusted_close")
    ('adjclose', 'adjustedclose')
    """
    return _SIGNS.sub("", name).lower()


@dataclass(frozen=True)
class Named:
    """A shape with one row of names.

    `needs` are the words that tell it from others; `names` are added to `COMMON`.
    """

    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    dates: str | None = None
    notes: tuple[str, ...] = ()

    def lay_out(self, head: Head) -> Layout | None:
        """The layout, if the needed words, a date and a close are there."""
        words = [word(name) for name in head.names]
        if not self.needs <= set(words):
            return None
        known, dates = COMMON | dict(self.names), self.dates
        found: dict[str, int] = {}
        for position, name in enumerate(head.names):
            if stated := _ORDER.match(name):
                dates = _ORDERS[stated[1].lower()]
            what = "date" if stated else known.get(words[position])
            if what is not None:
                only_once(head, position, found, what, LABELS[what])
                found[what] = position
        if "date" not in found or not {"close", "adjusted"} & set(found):
            return None
        date, key = found.pop("date"), found.pop("key", None)
        notes = (*self.notes, *_passed_over(head, {*found.values(), date}))
        return Layout(self.name, date, {"": found}, key, dates=dates, notes=notes)


def _passed_over(head: Head, taken: set[int]) -> list[str]:
    """Columns that sound like an adjusted close and are not read: nobody should think they were."""
    like = re.compile(
        r"adj\w*[\s_.\-]*(close|price|px|last)|(close|price|px|last)\w*[\s_.\-]*adj", re.I
    )
    return [
        f"the column {name!r} is not read"
        for position, name in enumerate(head.names)
        if position not in taken and like.search(name)
    ]


# date, close, high, low, open, volume, adjClose, adjHigh, ..., divCash, splitFactor. Its plain
# columns are as traded; they are put on today's shares by its own splits.
_TIINGO = Named(
    "Tiingo",
    names={"splitfactor": "split"},
    needs=frozenset({"adjclose", "splitfactor"}),
)
# timestamp, open, ... adjusted_close, volume, dividend_amount, split_coefficient. Its opens, highs,
# lows and closes are as traded; they are put on today's shares by its own splits.
_ALPHA_VANTAGE = Named(
    "Alpha Vantage",
    names={"timestamp": "date", "splitcoefficient": "split"},
    needs=frozenset({"timestamp", "close"}),
)
# Date, Close/Last, Volume, Open, High, Low; $628.39, 04/09/2026, newest first.
_NASDAQ = Named(
    "nasdaq.com",
    names={"close/last": "close"},
    needs=frozenset({"close/last"}),
    dates="month first",
)
# Date, Price, Open, High, Low, Vol. (12.3M), Change %; 1,234.56, newest first. Its editions write
# dates in orders of their own, so the column decides.
_INVESTING = Named(
    "investing.com",
    names={"price": "close", "vol": "volume"},
    needs=frozenset({"price", "change%"}),
)
# Bulk files: <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,...,<VOL>; META.US, 20260409. Downloads for one
# ticker have plain names.
_PRICES = ("date", "open", "high", "low", "close")
_STOOQ = Named(
    "Stooq",
    names={f"<{name}>": name for name in _PRICES} | {"<vol>": "volume", "<ticker>": "key"},
    needs=frozenset({"<date>", "<close>"}),
)
# Date, Open, High, Low, Close, Adj Close, Volume as Yahoo writes them, and their many spellings.
_PLAIN = Named("plain")

# Asked in this order: what anybody's file has comes last.
VENDORS = (_NASDAQ, _INVESTING, _ALPHA_VANTAGE, _TIINGO, _STOOQ, _PLAIN)
