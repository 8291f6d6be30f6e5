"""Bulk files of Stooq: <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,...,<VOL>; META.US, 20260409.

Its downloads for one ticker have plain names.
"""

from backtest.prices.sources.files.shapes.named import Named

_NAMES = ("date", "open", "high", "low", "close")

SHAPE = Named(
    "Stooq",
    names={f"<{name}>": name for name in _NAMES} | {"<vol>": "volume", "<ticker>": "key"},
    needs=frozenset({"<date>", "<close>"}),
)
