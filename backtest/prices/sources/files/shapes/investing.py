"""Downloads of investing.com.

Date, Price, Open, High, Low, Vol. (12.3M), Change %; 1,234.56, newest first. Its editions write
dates in orders of their own, so the column decides.
"""

from backtest.prices.sources.files.shapes.named import Named

SHAPE = Named(
    "investing.com",
    names={"price": "close", "vol": "volume"},
    needs=frozenset({"price", "change%"}),
)
