"""Pairs of events of one ticker within a window of sessions, found without a loop over events."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NEAREST = 20  # listed before and after an event
MAX_PAIRS = 2_000_000
Ints = NDArray[np.int64]


def nearest_pairs(
    tickers: NDArray[np.object_], position: Ints, window: tuple[int, int]
) -> tuple[Ints, Ints]:
    """Give rows (own, other) of events of the same ticker that stand close together.

    `other` lies within the window of sessions around `own`. `position` is the session of each
    event, shape (n,), negative where it has none: such an event pairs with none. Pairs come by own
    row, then by session.

    >>> nearest_pairs(np.array(["A", "A", "B"], dtype=object), np.array([3, 4, 4]), (0, 5))
    (array([0]), array([1]))
    """
    known = np.flatnonzero(position >= 0)
    codes = pd.factorize(tickers[known])[0].astype(np.int64)
    span = int(position.max(initial=0)) + abs(window[0]) + abs(window[1]) + 2
    keys = (
        codes * span + position[known]
    )  # one axis for all tickers, with a gap between two of them
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], known[order]
    start, end = _ranges(keys, window)
    own = np.repeat(np.arange(len(rows)), end - start)
    other = np.arange(len(own)) - np.repeat(
        np.cumsum(end - start) - (end - start) - start, end - start
    )
    apart = own != other
    own, other = rows[own[apart]], rows[other[apart]]
    by_row = np.argsort(own, kind="stable")
    return own[by_row], other[by_row]


def _ranges(keys: Ints, window: tuple[int, int]) -> tuple[Ints, Ints]:
    """Say from where to where the sorted neighbours of each event lie.

    The nearest only where there are many.
    """
    most = max(1, min(NEAREST, MAX_PAIRS // max(len(keys), 1)))
    same = np.searchsorted(keys, keys, side="left")
    start = np.searchsorted(keys, keys + window[0], side="left")
    end = np.searchsorted(keys, keys + window[1], side="right")
    if window[0] < 0:
        start = np.maximum(start, same - most)
    return start, np.maximum(start, np.minimum(end, same + most + 1))
