"""Factor returns beside the returns of securities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from backtest.errors import StudyError
from backtest.prices.panels.returns import Returns
from events.arguments import one_of
from events.errors import ArgumentError

# Daily factors in fractions have a standard deviation near 0.01; in percent, near 1.
_LARGEST_SPREAD = 0.2


def with_factors(returns: Returns, factors: pd.DataFrame) -> Returns:
    """The panel with the columns of `factors` added (dates x factors, fractions per session).

    Sessions that `factors` does not have are missing. Raises `StudyError` for a name that is a
    ticker already, dates that are there twice, and values that look like percent.

    >>> sessions = pd.DatetimeIndex(["2026-04-08", "2026-04-09"])
    >>> panel = Returns.from_frame(pd.DataFrame({"A": [0.01, 0.02]}, index=sessions))
    >>> factors = pd.DataFrame({"Mkt-RF": [0.001], "RF": [0.0001]}, index=sessions[:1])
    >>> with_factors(panel, factors).tickers
    ('A', 'Mkt-RF', 'RF')
    """
    one_of("returns", returns, (Returns,), "Returns.from_frame(df)")
    one_of("factors", factors, (pd.DataFrame,), "a DataFrame of dates x factors")
    if not all(map(is_numeric_dtype, factors.dtypes)):
        raise ArgumentError("factors: a column holds no numbers; give fractions a session")
    names = tuple(map(str, factors.columns))
    dates = pd.DatetimeIndex(factors.index)
    _check(returns, factors, names, dates)
    aligned = (
        factors.set_axis(dates)
        .reindex(returns.sessions)
        .to_numpy(dtype=np.float64, na_value=np.nan)
    )
    values = np.hstack([returns.values, aligned])
    spans = returns.spans
    if spans is not None:
        spans = np.hstack([spans, np.ones((len(spans), len(names)), dtype=np.int64)])
    return replace(returns, values=values, tickers=(*returns.tickers, *names), spans=spans)


def factor_panel(returns: Returns, factors: pd.DataFrame, extent: str) -> Returns:
    """`with_factors` on the sessions from the first to the last with every factor.

    `extent` names them to people. Events outside are then left out with that reason, and windows
    that reach beyond are flagged and not measured. Raises `StudyError` where there is no such
    session.

    >>> sessions = pd.DatetimeIndex(["2026-04-08", "2026-04-09"])
    >>> panel = Returns.from_frame(pd.DataFrame({"A": [0.01, 0.02]}, index=sessions))
    >>> factor_panel(panel, pd.DataFrame({"Mkt-RF": [0.001]}, index=sessions[:1]), "factors")
    <Returns: 2 tickers, 1 session, 2026-04-08 to 2026-04-08>
    """
    both = with_factors(returns, factors)
    known = np.flatnonzero(np.isfinite(both.values[:, len(returns.tickers) :]).all(axis=1))
    if not len(known):
        days = pd.DatetimeIndex(factors.index)
        span = ""
        if len(days):
            span = f", which run from {days[0].date()} to {days[-1].date()}"
        raise StudyError(f"no session of the prices is among the {extent}{span}; use a newer file")
    inside = slice(int(known[0]), int(known[-1]) + 1)
    if both.spans is None:
        spans = None
    else:
        spans = both.spans[inside]
    values, sessions = both.values[inside], both.sessions[inside]
    return replace(both, values=values, sessions=sessions, extent=extent, spans=spans)


def _check(
    returns: Returns, factors: pd.DataFrame, names: tuple[str, ...], dates: pd.DatetimeIndex
) -> None:
    taken = next((name for name in names if name in returns.tickers), None)
    if taken is not None:
        raise StudyError(f"the factor {taken!r} is a ticker of the panel too; rename the factor")
    if not dates.is_unique:
        raise StudyError(
            f"factors: {dates[dates.duplicated()][0].date()} is there twice; keep one row a date"
        )
    spread = factors.std()
    if (spread > _LARGEST_SPREAD).any():
        name = str(spread.idxmax())
        raise StudyError(
            f"factors: {name!r} has a daily spread of {spread[name]:.3g}: percent? divide by 100"
        )
