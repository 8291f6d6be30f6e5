"""Ids of events and ids of a file: how they meet where they are not written alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backtest.prices.tickers import other_spelling

_WIDTHS = {"gvkey": 6, "cusip": 8, "ncusip": 8, "permno": 5}  # a spreadsheet drops leading zeros


def meeting(wanted: Iterable[str], there: Iterable[str], by: str) -> Mapping[str, str]:
    """The ids wanted that a file has, each with its name there.

    BRK.B meets BRK-B, and 1690 meets the gvkey 001690, whose zeros a spreadsheet has dropped.

    >>> meeting(["BRK.B", "1690", "X"], ["BRK-B", "001690"], "gvkey")
    {'BRK.B': 'BRK-B', '1690': '001690'}
    """
    names = set(there)
    found = {}
    for one in dict.fromkeys(wanted):
        ways = (one, other_spelling(one), one.zfill(_WIDTHS.get(by, 0)), one.lstrip("0"))
        name = next((way for way in ways if way in names), None)
        if name is not None:
            found[one] = name
    return found
