"""The names Yahoo uses, and their many spellings.

Date, Open, High, Low, Close, Adj Close, Volume.
"""

from backtest.prices.sources.files.shapes.named import Named

SHAPE = Named("plain")
