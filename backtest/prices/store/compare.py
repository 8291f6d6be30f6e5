"""What a new answer says of days that were known before: the same, re-adjusted, or revised."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.fields import COLUMN_OF, PRICED

# Yahoo computes adjusted prices anew each time, in single precision; 2 parts in 100,000 are a fifth
# of a basis point.
TOLERANCE = 2e-5
_PRICES = tuple(COLUMN_OF[name] for name in PRICED)


class Change(StrEnum):
    """How an answer relates to what was known."""

    FIRST = "first"
    SAME = "same"
    READJUSTED = "readjusted"
    REVISED = "revised"


def compare(old: pd.DataFrame, new: pd.DataFrame, since: str | None = None) -> tuple[Change, str]:
    """Compare what was known from a day on (or from where both begin).

    The text says what changed, and where first. A constant ratio of all earlier prices is a new
    dividend or split (returns stay what they were); anything else is a revision by the vendor.

    >>> days = pd.DatetimeIndex(["2026-04-08", "2026-04-09"])
    >>> old = pd.DataFrame({"Close": [10.0, 11.0], "Adj Close": [10.0, 11.0]}, index=days)
    >>> compare(old, old.assign(**{"Adj Close": [9.9, 10.89]}))
    (<Change.READJUSTED: 'readjusted'>, 'Adj Close x 0.990000')
    """
    if since is None:
        first = max(old.index[0], new.index[0])
    else:
        first = pd.Timestamp(since)
    left, right = old.loc[first:], new.loc[first : old.index[-1]]
    strangers = left.index.symmetric_difference(right.index)
    if len(strangers):
        if strangers[0] in right.index:
            what = "is new"
        else:
            what = "is gone"
        return Change.REVISED, f"{strangers[0].date()} {what} ({len(strangers)} such days)"
    names = [name for name in _PRICES if name in left.columns and name in right.columns]
    said = [_field(left[name], right[name], name) for name in names]
    for kind in (Change.REVISED, Change.READJUSTED):
        texts = [text for found, text in said if found is kind]
        if texts:
            return kind, "; ".join(texts)
    return Change.SAME, ""


def _field(left: pd.Series, right: pd.Series, name: str) -> tuple[Change, str]:
    before, after = left.to_numpy(dtype=np.float64), right.to_numpy(dtype=np.float64)
    appeared = np.flatnonzero(np.isnan(before) != np.isnan(after))
    if len(appeared):
        return Change.REVISED, _first(left, right, appeared, name)
    ratio: NDArray[np.float64] = after / before
    known = ratio[np.isfinite(ratio)]
    if not len(known) or np.abs(known - 1).max() <= TOLERANCE:
        return Change.SAME, ""
    middle = float(np.median(known))
    odd = np.flatnonzero(np.abs(ratio / middle - 1) > TOLERANCE)
    if len(odd) or len(known) < 2:
        return Change.REVISED, _first(
            left, right, np.flatnonzero(np.abs(ratio - 1) > TOLERANCE), name
        )
    return Change.READJUSTED, f"{name} x {middle:.6f}"


def _first(left: pd.Series, right: pd.Series, rows: NDArray[np.intp], name: str) -> str:
    row = rows[0]
    more = ""
    if len(rows) > 1:
        more = f" and {len(rows) - 1} more"
    return (
        f"{name} of {left.index[row].date()} was {left.iloc[row]:.6g}, "
        f"is {right.iloc[row]:.6g}{more}"
    )
