"""Downloads of nasdaq.com.

Date, Close/Last, Volume, Open, High, Low; $628.39, 04/09/2026, newest first.
"""

from backtest.prices.sources.files.shapes.named import Named

SHAPE = Named(
    "nasdaq.com",
    names={"close/last": "close"},
    needs=frozenset({"close/last"}),
    dates="month first",
)
