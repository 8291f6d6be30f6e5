"""What a shape says of a file: where its dates and prices stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from backtest.errors import PriceError
from backtest.prices.fields import COLUMN_OF
from backtest.prices.sources.files.cells import Head

# The names people know the fields by.
LABELS = {"date": "Date", "key": "Ticker", "split": "the split factor"} | COLUMN_OF


@dataclass(frozen=True)
class Layout:
    """Positions of columns, from 0.

    `columns` has for each ticker its fields (open, high, low, close, adjusted, volume, split); the
    ticker is "" where the file's name or the column `key` has it. `header` is the number of rows
    above the prices, `dates` the order of day and month where the vendor has only one.
    """

    shape: str
    date: int
    columns: Mapping[str, Mapping[str, int]]
    key: int | None = None
    header: int = 1
    dates: str | None = None
    notes: tuple[str, ...] = field(default=())


class Shape(Protocol):
    """One way in which a vendor writes prices."""

    @property
    def name(self) -> str:
        """Whose shape it is."""

    def lay_out(self, head: Head) -> Layout | None:
        """Where all stands in a file of this shape; None for a file of another one."""


def only_once(head: Head, position: int, taken: Mapping[str, int], name: str, label: str) -> None:
    """Refuse a second column for what `taken` has already."""
    if name in taken:
        spelled = [*head.names, *[""] * (position + 1)]
        first, second = spelled[taken[name]], spelled[position]
        if first == second:
            called = ""
        else:
            called = f" ({first!r} and {second!r})"
        raise PriceError(f"{head.file}: has more than one column for {label}; keep one{called}")
