"""Words for numbers, for whoever prints them."""

from __future__ import annotations


def count(n: int, thing: str, many: str = "") -> str:
    """A number of things.

    >>> count(1, "event"), count(3, "event")
    ('1 event', '3 events')
    """
    return f"{n:,} {thing if n == 1 else many or thing + 's'}"


def plain(word: str) -> str:
    """A word of the catalog as people write it: read_through -> read-through.

    >>> plain("capacity_contract")
    'capacity contract'
    """
    if word == "read_through":
        return "read-through"
    return word.replace("_", " ")
