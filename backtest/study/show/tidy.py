"""Averages as table packages read them, one row an estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.fitted import FittedStudy
from backtest.study.inference import HEADLINE_TEST, TESTS
from events.arguments import one_of


def tidy(result: FittedStudy, by: str = "all") -> pd.DataFrame:
    """One row a group and window, returns as fractions, NaN where there is no test.

    `estimate` is the effect the headline test tests (events weighed by their precision),
    `conf_low` and `conf_high` its 95% interval and `statistic`, `p_value` from that same test;
    `std_error` is estimate over statistic. Raises `StudyError` for an unknown grouping.

    >>> import reactions as rx
    >>> meta = rx.Catalog.bundled().filter(tickers=["META"])
    >>> result = rx.EventStudy(rx.MarketModel("SPY")).fit(meta, rx.Prices.sample())
    >>> tidy(result).columns.tolist()[:5]
    ['term', 'estimate', 'std_error', 'statistic', 'p_value']
    """
    one_of("result", result, (FittedStudy,), "EventStudy(...).fit(events, prices)")
    table = result.averages(by)
    found = {}
    for window in result.named_windows:
        section = result.cross_section(window)
        place = np.flatnonzero(np.isfinite(result.window(window).scar))
        for value, members in result.groups(by):
            part = section.take(np.flatnonzero(np.isin(place, members)))
            found[value, window] = TESTS[HEADLINE_TEST](part).statistic
    keys = zip(table["group_value"], table["window"], strict=True)
    statistic = np.array([found[key] for key in keys], dtype=np.float64)
    estimate = table["weighted_mean"].to_numpy(dtype=np.float64)
    return pd.DataFrame({
        "term": table["window"] if by == "all" else table["group_value"] + ", " + table["window"],
        "estimate": estimate, "std_error": np.abs(estimate / statistic), "statistic": statistic,
        "p_value": table["pvalue"], "conf_low": table["low"], "conf_high": table["high"],
        "n_events": table["n_events"], "window": table["window"],
        "group": table["group"], "group_value": table["group_value"], "test": HEADLINE_TEST,
    })  # fmt: skip
