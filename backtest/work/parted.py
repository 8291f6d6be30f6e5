"""What is done part by part: events that do not fit all at once, and tables too long to be held.

Such a table is made part by part where it is written, whole where asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd


def parts(n: int, size: int) -> list[slice]:
    """The places 0 to n - 1 in parts of a size; one empty part of none.

    >>> parts(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    >>> parts(0, 2)
    [slice(0, 0, None)]
    """
    return [slice(at, min(at + size, n)) for at in range(0, max(n, 1), size)]


@dataclass(frozen=True, eq=False)
class PartedTable:
    """A table of so many rows: `parts` makes it some rows at a time, `all_at_once` as one.

    `some` makes columns of it without the others, where that is less work.
    """

    rows: int
    parts: Callable[[], Iterable[pd.DataFrame]]
    all_at_once: Callable[[], pd.DataFrame]
    some: Callable[[Sequence[str]], pd.DataFrame] | None = None

    @cached_property
    def whole(self) -> pd.DataFrame:
        """The table, made once."""
        return self.all_at_once()

    def columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Columns of the table, which is not made for them if it is not there."""
        if self.some is None or "whole" in vars(self):
            return self.whole[list(names)]
        return self.some(names)


@dataclass(frozen=True, eq=False)
class Tables(Mapping[str, pd.DataFrame]):
    """Tables by name, of which the `long` ones are made where they are asked for.

    >>> made = Tables({"a": pd.DataFrame({"x": [1, 2]})})
    >>> list(made), made.rows("a"), [len(part) for part in made.parts("a")]
    (['a'], 2, [2])
    """

    held: Mapping[str, pd.DataFrame]
    long: Mapping[str, PartedTable] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._named(name).whole

    def __contains__(self, name: object) -> bool:
        return name in self.held or name in self.long

    def __iter__(self) -> Iterator[str]:
        return iter((*self.held, *self.long))

    def __len__(self) -> int:
        return len(self.held) + len(self.long)

    def columns(self, name: str, names: Sequence[str]) -> pd.DataFrame:
        """Columns of a table."""
        return self._named(name).columns(names)

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return self._named(name).rows

    def parts(self, name: str) -> Iterable[pd.DataFrame]:
        """The rows of a table some at a time, in their order."""
        return self._named(name).parts()

    def _named(self, name: str) -> PartedTable:
        """A table by its name; one that is held has one part, itself."""
        if name in self.long:
            return self.long[name]
        held = self.held[name]
        return PartedTable(len(held), lambda: (held,), lambda: held)
