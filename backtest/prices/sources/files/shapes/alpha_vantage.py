"""CSV answers of Alpha Vantage.

timestamp, open, ... adjusted_close, volume, dividend_amount, split_coefficient. Its opens, highs,
lows and closes are as traded; they are put on today's shares by its own splits.
"""

from backtest.prices.sources.files.shapes.named import Named

SHAPE = Named(
    "Alpha Vantage",
    names={"timestamp": "date", "splitcoefficient": "split"},
    needs=frozenset({"timestamp", "close"}),
)
