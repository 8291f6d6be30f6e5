"""Several exchanges in one panel: the sessions of each stand as a block of rows of their own.

A window counts rows, so within a block it counts the exchange's own sessions. What happens on the
same date on two exchanges is told by `Blocks.day`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GAP = 20  # empty rows between blocks, more than any lead or lag of a regressor reaches


@dataclass(frozen=True, eq=False)
class Blocks:
    """Which exchange of `names` each row of a panel is a session of.

    `of_row` (T,), -1 in the gaps.
    """

    names: tuple[str, ...]
    of_row: Ints
    sessions: pd.DatetimeIndex

    @cached_property
    def dates(self) -> pd.DatetimeIndex:
        """The calendar dates of all exchanges together, (D,)."""
        return pd.DatetimeIndex(np.unique(self.sessions.to_numpy()))

    @cached_property
    def day(self) -> Ints:
        """The date of each row, as its number in `dates`, (T,)."""
        return np.asarray(self.dates.get_indexer(self.sessions), dtype=np.int64)

    @cached_property
    def start(self) -> Ints:
        """The first row of each row's block, (T,); in the gaps the row itself."""
        rows = np.arange(len(self.of_row))
        first = {code: int(np.argmax(self.of_row == code)) for code in range(len(self.names))}
        return np.array([first.get(code, row) for row, code in zip(rows, self.of_row, strict=True)])

    def rows(self, name: str) -> slice:
        """The rows of an exchange."""
        found = np.flatnonzero(self.of_row == self.names.index(name))
        return slice(int(found[0]), int(found[-1]) + 1)

    def fold(self, lines: NDArray[np.generic]) -> NDArray[np.generic]:
        """Rows of the same date added up, (T, K) to (D, K).

        A security has one block, so nothing is mixed.
        """
        out = np.zeros((len(self.dates), *lines.shape[1:]), dtype=lines.dtype)
        np.add.at(out, self.day, lines)
        return out


def stacked(
    parts: Sequence[tuple[str, pd.DatetimeIndex, Floats]],
) -> tuple[Floats, pd.DatetimeIndex, Blocks]:
    """Panels of several exchanges as one: values, sessions, blocks.

    Each is given as (name, sessions (T,), values (T, K)).
    """
    width = sum(values.shape[1] for _, _, values in parts)
    rows, sessions, codes, at = [], [], [], 0
    for code, (_, dates, values) in enumerate(parts):
        own = np.full((len(dates) + GAP, width), np.nan)
        own[: len(dates), at : at + values.shape[1]] = values
        at += values.shape[1]
        rows.append(own)
        sessions.append(dates[np.minimum(np.arange(len(own)), len(dates) - 1)])
        codes.append(np.repeat([code, -1], [len(dates), GAP]))
    index = pd.DatetimeIndex(np.concatenate([one.to_numpy() for one in sessions]))
    names = tuple(name for name, _, _ in parts)
    return np.vstack(rows), index, Blocks(names, np.concatenate(codes).astype(np.int64), index)
