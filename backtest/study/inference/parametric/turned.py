"""Sign flips of very many clusters: sums under every draw, without a table of the signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from backtest.study.running_sums import Floats
from backtest.work.compiled import compiled
from backtest.work.parted import parts

Array = np.ndarray[Any, np.dtype[Any]]
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
_AT_ONCE = 8_000  # clusters whose signs are drawn at once: a megabyte


def sums_of_turned(values: Floats, draws: int) -> Floats:
    """The sums of those values (G, k) whose sign a draw turns, (draws, k).

    Every sign is turned with a chance of one half.
    """
    found = np.zeros((draws, values.shape[1]))
    for some, signs in drawn_signs(len(values), draws):
        add_turned(signs, values[some], found)
    return found


def drawn_signs(n: int, draws: int) -> Iterator[tuple[slice, Bytes]]:
    """Which of n signs are turned, some thousands at a time: a bit each, (n / 8, draws).

    A byte holds those of eight neighbours, the first in its lowest bit.
    """
    rng = np.random.default_rng(1)
    for some in parts(n, _AT_ONCE):
        n_bytes = -(-(some.stop - some.start) // 8)
        yield some, rng.integers(0, 256, (n_bytes, draws), dtype=np.uint8)


@compiled
def add_turned(signs: Array, values: Array, sums: Array) -> None:  # pragma: no cover -- compiled
    """Add the values (n, k) whose bit is set to `sums` (draws, k); `signs` are (n / 8, draws).

    What eight values can add up to is worked out once, and each draw looks up its own.
    """
    n_values = values.shape[1]
    eight = np.empty((256, n_values))
    for byte in range(len(signs)):
        eight[0] = 0.0
        for bit in range(8):
            i = 8 * byte + bit
            for pattern in range(1 << bit):
                for j in range(n_values):
                    more = values[i, j] if i < len(values) else 0.0
                    eight[pattern + (1 << bit), j] = eight[pattern, j] + more
        for draw in range(signs.shape[1]):
            for j in range(n_values):
                sums[draw, j] += eight[signs[byte, draw], j]
