"""Delisting returns: what holders were paid after the last trade belongs to the last day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.return_files.panel import Delisting

_NAMED = 5


def with_delistings(
    values: Floats, paid: Floats, names: tuple[str, ...], sessions: pd.DatetimeIndex
) -> tuple[Floats, list[Delisting], list[str]]:
    """Returns (T, K) with the delisting returns `paid` (T, K) in them.

    Beside them a record of each, and what to say. Where a day has both, they are compounded: (1 +
    RET)(1 + DLRET) - 1; where it has no return, the delisting return is the day's. Nothing is put
    in the place of a delisting return that is missing.
    """
    out, gone = values.copy(), []
    for row, column in np.argwhere(np.isfinite(paid)):
        own, last = values[row, column], paid[row, column]
        both = bool(np.isfinite(own))
        if both:
            out[row, column] = (1 + own) * (1 + last) - 1
            how = "compounded with the day's own"
        else:
            out[row, column] = last
            how = "the only return of the day"
        gone.append(Delisting(names[column], str(sessions[row].date()), float(last), how))
    return out, gone, _words(gone)


def _words(gone: list[Delisting]) -> list[str]:
    if not gone:
        return []
    told = [f"{one.security} on {one.day} {one.value:+.1%}" for one in gone[:_NAMED]]
    more = ""
    if len(gone) > _NAMED:
        more = f" and {len(gone) - _NAMED} more"
    compounded = sum(one.how.startswith("compounded") for one in gone)
    return [
        f"{len(gone)} delisting returns taken in, {compounded} compounded with the day's own: "
        f"{', '.join(told)}{more}"
    ]
