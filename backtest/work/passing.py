"""What was computed once is not computed again: not for the same events, and not for some of them.

Frozen objects keep their cached properties in their own dictionary; it is written to here and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, Self, TypeVar, cast

import numpy as np

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Places = Ints | slice
"""Which of some events: by their positions, or a stretch of them, which copies nothing."""
Part = TypeVar("Part")
Value = TypeVar("Value")
Owner = TypeVar("Owner")
Whole = TypeVar("Whole", bound="_OfEvents")


class _OfEvents(Protocol):
    """Something of events, of which some can be taken."""

    def take(self, keep: Places) -> Self: ...


def once(owner: Owner, name: str, make: Callable[[Owner], Value]) -> Value:
    """What `make` gives for `owner`, made at the first question and kept with it under `name`."""
    known = vars(owner)
    if name not in known:
        known[name] = make(owner)
    return cast("Value", known[name])


def last_part(whole: Whole, keep: Ints) -> Whole:
    """The events `keep` of `whole`; the last asked for are kept with it, so that they are one."""
    known = vars(whole)
    if "_last_part" not in known or not np.array_equal(known["_last_part"][0], keep):
        known["_last_part"] = keep, whole.take(keep)
    return cast("Whole", known["_last_part"][1])


def pass_on(
    whole: object, part: Part, names: Iterable[str], keep: Places | tuple[Ints, ...]
) -> Part:
    """Give `part` its cells `keep` of those cached properties `names` that `whole` has computed."""
    known = vars(whole)
    vars(part).update({name: known[name][keep] for name in names if name in known})
    return part
