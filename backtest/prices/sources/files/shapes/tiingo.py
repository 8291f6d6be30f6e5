"""CSV answers of Tiingo.

date, close, high, low, open, volume, adjClose, adjHigh, ..., divCash, splitFactor. Its plain
columns are as traded; they are put on today's shares by its own splits.
"""

from backtest.prices.sources.files.shapes.named import Named

SHAPE = Named(
    "Tiingo",
    names={"splitfactor": "split"},
    needs=frozenset({"adjclose", "splitfactor"}),
)
