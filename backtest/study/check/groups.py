"""Groups of events by any column, each against all the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.inference.difference import difference
from backtest.study.result import EventStudyResult

COLUMNS = (
    "group", "group_value", "model", "benchmark", "window", "n_events", "n_others", "mean_car",
    "mean_car_others", "difference", "low", "high", "statistic", "df", "pvalue", "why_not",
)  # fmt: skip


def differences(result: EventStudyResult, *by: str) -> pd.DataFrame:
    """One row a column, level and window: the events of that level against all other events.

    `difference` is of mean standardised CARs, the quantity tested, with its 95% interval `low` to
    `high`; `mean_car` and `mean_car_others` are fractions. Shared dates and overlapping windows are
    in the test. Raises `StudyError` for a column the events do not have.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> found = differences(result, "role").query("window == '1-day'").set_index("group_value")
    >>> (found["n_events"] + found["n_others"]).nunique()
    1
    """
    model = result.measured.model
    rows = []
    for name in result.named_windows:
        section = result.cross_section(name)
        position = np.flatnonzero(np.isfinite(result.window(name).scar))
        for column in by:
            for value, members in result.groups(column):
                first = np.isin(position, members)
                found = difference(section, first)
                rows.append(
                    (
                        column,
                        value,
                        model.name,
                        model.benchmark,
                        name,
                        int(first.sum()),
                        int((~first).sum()),
                        _mean(section.car[first]),
                        _mean(section.car[~first]),
                        found.difference,
                        found.low,
                        found.high,
                        found.outcome.statistic,
                        found.outcome.df,
                        found.outcome.pvalue,
                        found.outcome.why_not,
                    )
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(values.mean()) if len(values) else float("nan")
