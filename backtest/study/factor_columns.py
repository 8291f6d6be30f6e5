"""Factor returns beside the returns of securities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices.returns import Returns

# Daily factors in fractions have a standard deviation near 0.01; in percent, near 1.
_LARGEST_SPREAD = 0.2


def with_factors(returns: Returns, factors: pd.DataFrame) -> Returns:
    """The panel with the columns of `factors` added (dates x factors, fractions per session).

    Sessions that `factors` does not have are missing. Raises `StudyError` for a name that is a ticker already, dates
    that are there twice, and values that look like percent.

    >>> sessions = pd.DatetimeIndex(["2026-04-08", "2026-04-09"])
    >>> panel = Returns.from_frame(pd.DataFrame({"A": [0.01, 0.02]}, index=sessions))
    >>> with_factors(panel, pd.DataFrame({"Mkt-RF": [0.001], "RF": [0.0001]}, index=sessions[:1])).tickers
    ('A', 'Mkt-RF', 'RF')
    """
    names = tuple(map(str, factors.columns))
    dates = pd.DatetimeIndex(factors.index)
    _check(returns, factors, names, dates)
    aligned = factors.set_axis(dates).reindex(returns.sessions).to_numpy(dtype=np.float64, na_value=np.nan)
    values = np.hstack([returns.values, aligned])
    return Returns(values, returns.sessions, (*returns.tickers, *names), returns.calendar)


def _check(returns: Returns, factors: pd.DataFrame, names: tuple[str, ...], dates: pd.DatetimeIndex) -> None:
    taken = next((name for name in names if name in returns.tickers), None)
    if taken is not None:
        raise StudyError(f"the factor {taken!r} is a ticker of the panel too; rename the factor")
    if not dates.is_unique:
        raise StudyError(f"factors: {dates[dates.duplicated()][0].date()} is there twice; keep one row a date")
    spread = factors.std()
    if (spread > _LARGEST_SPREAD).any():
        name = str(spread.idxmax())
        raise StudyError(f"factors: {name!r} has a daily spread of {spread[name]:.3g}: percent? divide by 100")
