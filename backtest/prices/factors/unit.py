"""In which unit a factor file is: the library's files are in percent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backtest.errors import PriceError

# Daily spreads of the library's factors in percent, 1926 on: market 1.1, the others 0.3 to 0.8;
# in fractions a hundredth of that. The bar lies between them with room on both sides.
_LEAST_SPREAD = 0.05
_ENOUGH_DAYS = 20


def refuse_fractions(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]], names: Sequence[str], file: str
) -> None:
    """Raise `PriceError` where a file's values (days, factors) are fractions already, not percent.

    The daily spread tells them apart, that of Mkt-RF where the file has it, else the largest. The
    riskless rate says nothing, and neither do fewer than 20 days.

    >>> refuse_fractions(np.array([[0.004], [-0.004]] * 10), ["Mkt-RF"], "own.csv")
    Traceback (most recent call last):
    backtest.errors.PriceError: own.csv: Mkt-RF varies by 0.004 a day, ...
    """
    if "Mkt-RF" in names:
        told = ["Mkt-RF"]
    else:
        told = [name for name in names if name != "RF"]
    spread = {}
    for name in told:
        there = values[:, list(names).index(name)]
        there = there[np.isfinite(there)]
        if len(there) >= _ENOUGH_DAYS:
            spread[name] = float(there.std())
    widest = max(spread, key=lambda name: spread[name], default=None)
    if widest is not None and 0 < spread[widest] < _LEAST_SPREAD:
        raise PriceError(
            f"{file}: {widest} varies by {spread[widest]:.2g} a day, so its values are fractions; "
            "the library's files are in percent: multiply every factor by 100"
        )
