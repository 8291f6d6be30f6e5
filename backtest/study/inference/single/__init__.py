"""Tests of one event by itself, one idea a file, vectorised over events.

The keys are those of the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from backtest.study.inference.single.among_ordinary_days import permutation, sample_quantile
from backtest.study.inference.single.answers import Answers
from backtest.study.inference.single.conformal import conformal, conformal_p
from backtest.study.inference.single.student import garch_z, student_t
from backtest.study.measure.event_windows import EventWindow

SINGLE_TESTS: Mapping[str, Callable[[EventWindow], Answers]] = {
    test.__name__: test for test in (student_t, garch_z, conformal, sample_quantile, permutation)
}

__all__ = ["SINGLE_TESTS", "Answers", "conformal_p", "single_tests"]


def single_tests(windows: list[EventWindow]) -> pd.DataFrame:
    """One row an event, window and test, in that order.

    Columns: event_id, ticker, model, benchmark, window, test, statistic, df, pvalue, why_not.
    """
    parts = [_rows(window, key) for window in windows for key in SINGLE_TESTS]
    order = np.arange(sum(map(len, parts))).reshape(len(parts), -1).T.ravel()
    return pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)


def _rows(window: EventWindow, key: str) -> pd.DataFrame:
    found, model = SINGLE_TESTS[key](window), window.abnormal.model
    frame = window.abnormal.events.frame
    return pd.DataFrame(
        {
            "event_id": frame["event_id"],
            "ticker": frame["ticker"],
            "model": model.name,
            "benchmark": model.benchmark,
            "window": window.name,
            "test": key,
            "statistic": found.statistic,
            "df": found.df,
            "pvalue": found.pvalue,
            "why_not": found.why_not,
        }
    )
