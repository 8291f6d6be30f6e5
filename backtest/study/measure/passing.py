"""What was computed for all events need not be computed again for some of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from backtest.study.running_sums import Ints

Part = TypeVar("Part")


def pass_on(whole: object, part: Part, names: Iterable[str], keep: Ints) -> Part:
    """Give `part`, which holds the events `keep` of `whole`, their rows of the cached properties `names`."""
    known = vars(whole)
    vars(part).update({name: known[name][keep] for name in names if name in known})
    return part
