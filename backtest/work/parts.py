"""Some events at a time, where all of them at once would not fit."""

from __future__ import annotations


def parts(n: int, size: int) -> list[slice]:
    """The places 0 to n - 1 in parts of a size; one empty part of none.

    >>> parts(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    >>> parts(0, 2)
    [slice(0, 0, None)]
    """
    return [slice(at, min(at + size, n)) for at in range(0, max(n, 1), size)]
