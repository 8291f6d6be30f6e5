"""What one unit of a return is: a fraction, a percent or a logarithm.

As said, unless the size says otherwise.
"""

from __future__ import annotations

import numpy as np

from backtest.errors import PriceError
from backtest.prices.sources.files.numbers import Floats

UNITS = ("simple", "percent", "log", "log-percent")
_TOO_LARGE = 0.2  # no market's median day is 20%
_MOST = 1000.0  # nothing listed made 100,000% in a session; the widest of CRSP is 39
_TOO_SMALL = 0.02  # percent: half of the days within 0.02% of zero


def as_simple(values: Floats, unit: str | None, file: str) -> tuple[Floats, str]:
    """Simple returns as fractions, and the unit read.

    `unit` is one of `UNITS`, or None where nobody said: fractions then. Raises `PriceError` where
    the size of the returns contradicts the unit.

    >>> as_simple(np.array([1.0, -0.5]), "percent", "here")[0].tolist()
    [0.01, -0.005]
    """
    if unit is not None and unit not in UNITS:
        raise PriceError(f"unit {unit!r} of returns is not known; there are {', '.join(UNITS)}")
    moved = np.abs(values[np.isfinite(values) & (values != 0.0)])
    size = 0.0
    if len(moved):
        size = float(np.median(moved))
    percent = unit in ("percent", "log-percent")
    if not percent and size > _TOO_LARGE:
        raise PriceError(
            f"{file}: the median return is {size:.3g} in size, {size:.0%} a session if it is a "
            "fraction, so it is percent; say so: --returns-unit percent (in Python: unit='percent')"
        )
    if percent and 0.0 < size < _TOO_SMALL:
        raise PriceError(
            f"{file}: the median return is {size:.3g} in size, which is no percent but a fraction; "
            "leave --returns-unit percent out (in Python: unit='percent')"
        )
    return converted(values, unit), unit or "simple"


def converted(values: Floats, unit: str | None) -> Floats:
    """Simple returns as fractions, whatever their size.

    >>> converted(np.array([100.0]), "percent").tolist()
    [1.0]
    """
    fractions = values
    if unit in ("percent", "log-percent"):
        fractions = values / 100.0
    if unit in ("log", "log-percent"):
        return np.expm1(fractions)
    return fractions


def impossible(values: Floats) -> list[tuple[int, int, str]]:
    """Where simple returns (T, K) cannot be, row and column, and why.

    >>> impossible(np.array([[0.5, -1.5], [np.nan, 1e300]]))
    [(0, 1, 'below -100%'), (1, 1, 'above 100,000%')]
    """
    wrong = np.argwhere((values < -1.0) | (values > _MOST))
    return [
        (int(row), int(at), "below -100%" if values[row, at] < 0 else "above 100,000%")
        for row, at in wrong
    ]
