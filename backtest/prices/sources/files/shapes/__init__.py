"""The shapes price files come in, the most particular first."""

from __future__ import annotations

from backtest.prices.sources.files.cells import Head
from backtest.prices.sources.files.shapes import bloomberg, headerless, named, stacked, wide
from backtest.prices.sources.files.shapes.layout import Layout, Shape

# To add a vendor whose columns have names: one `Named` in named.py. A shape of another kind: one
# file here with one `Shape`, one line in this list. Either way one file in the tests.
SHAPES: tuple[Shape, ...] = (
    stacked.SHAPE,
    bloomberg.SHAPE,
    *named.VENDORS,
    wide.SHAPE,
    headerless.SHAPE,
)


def recognised(head: Head) -> Layout | None:
    """Where the dates and prices of a file stand, by the first shape that knows its head.

    None if none does. Raises `PriceError` where two columns stand for one field.
    """
    return next((layout for shape in SHAPES if (layout := shape.lay_out(head))), None)
