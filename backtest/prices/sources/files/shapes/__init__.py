"""The shapes price files come in.

One vendor a file, and the list of all of them, the most particular first.
"""

from __future__ import annotations

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes import (
    alpha_vantage,
    bloomberg,
    headerless,
    investing,
    nasdaq,
    plain,
    stooq,
    tiingo,
    wide,
    yfinance,
)
from backtest.prices.sources.files.shapes.layout import Layout, Shape

# To add a vendor: one file here with one `Shape`, one line in this list, one file in the tests.
SHAPES: tuple[Shape, ...] = (
    yfinance.SHAPE,
    bloomberg.SHAPE,
    nasdaq.SHAPE,
    investing.SHAPE,
    alpha_vantage.SHAPE,
    tiingo.SHAPE,
    stooq.SHAPE,
    plain.SHAPE,
    wide.SHAPE,
    headerless.SHAPE,
)


def recognised(head: Head) -> Layout | None:
    """Where the dates and prices of a file stand, by the first shape that knows its head.

    None if none does. Raises `PriceError` where two columns stand for one field.
    """
    return next((layout for shape in SHAPES if (layout := shape.lay_out(head))), None)
