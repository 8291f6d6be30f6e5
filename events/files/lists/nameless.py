"""Lists without a header: which of their columns is the date and which the security."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from events.files.lists.naming import KNOWN, REQUIRED, Reading, refuse_unknown

_DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?([ T].*)?|\d\d?[-/.]\d\d?[-/.]\d{4}([ T].*)?")


def holds_dates(cells: Sequence[Any]) -> bool:
    """Whether a first row is no header but data: a date stands in it, where a name should.

    >>> holds_dates(["75510", "Adobe Systems", "30.04.1997"]), holds_dates(["PERMNO", "Date"])
    (True, False)
    """
    return any(
        isinstance(cell, date) or _DATE.fullmatch(str(cell).strip()) is not None for cell in cells
    )


def match_nameless(frame: pd.DataFrame, reading: Reading) -> dict[str, str]:
    """Say which column is which of ours where none has a name.

    By what the reader says, and by the one of dates. Of two columns the other is the security.
    Raises `ValueError` naming the columns where more is open.
    """
    names = list(map(str, frame.columns))
    refuse_unknown(names, reading)
    taken = dict(reading.columns)
    free = [name for name in names if name not in taken.values()]
    dated = [name for name in free if holds_dates(frame[name].tolist()[:1])]
    if "announced_at" not in taken and len(dated) == 1:
        taken["announced_at"] = dated[0]
        free.remove(dated[0])
    if "ticker" not in taken and len(free) == 1 and "announced_at" in taken:
        taken["ticker"] = free[0]
    missing = [ours for ours in REQUIRED if ours not in taken]
    if missing:
        first = frame.iloc[0].tolist()
        held = ", ".join(
            f"{name} {str(cell)[:20]!r}" for name, cell in zip(names, first, strict=True)
        )
        say = " ".join(f"--map {ours}='column N'" for ours in missing)
        raise ValueError(
            f"has no header line; say which column is which by its number: {say} ({held[:200]})"
        )
    return {ours: taken[ours] for ours in KNOWN if ours in taken}
