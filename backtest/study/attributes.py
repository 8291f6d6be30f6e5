"""Announcement attributes as the columns of a regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.event_windows import event_window
from backtest.study.moments import Floats
from backtest.study.result import EventStudyResult
from backtest.study.windows import Window
from events.errors import suggest

LOG_AMOUNT, RUN_UP = "log_amount", "run_up"
RUN_UP_WINDOW = Window(-5, -1)
_FEW = 3  # a level with fewer events joins "other"


def attribute_columns(result: EventStudyResult, names: Sequence[str]) -> pd.DataFrame:
    """One row an event: numbers as they are, words as one column of 0 and 1 a level but the most frequent.

    `log_amount` is the natural log of amount_usd, `run_up` the CAR of the five sessions before the event; any other
    name is a column of `result.events`. NaN is missing.
    """
    parts: list[pd.DataFrame] = []
    for name in names:
        values = _values(result, name)
        if pd.api.types.is_numeric_dtype(values):
            parts.append(pd.DataFrame({name: values.to_numpy(dtype=np.float64)}))
        else:
            parts.append(_levels(name, values))
    return pd.concat(parts, axis=1) if parts else pd.DataFrame(index=range(len(result.events)))


def _values(result: EventStudyResult, name: str) -> pd.Series:
    frame = result.events
    if name == RUN_UP:
        return pd.Series(_run_up(result))
    column = "amount_usd" if name == LOG_AMOUNT else name
    if column not in frame.columns:
        choices = [LOG_AMOUNT, RUN_UP, *map(str, frame.columns)]
        raise StudyError(f"no attribute {name!r} of the events{suggest(name, choices)}; give one of their columns")
    if name == LOG_AMOUNT:
        amount = frame[column].to_numpy(dtype=np.float64)
        return pd.Series(np.log(np.where(amount > 0, amount, np.nan)))
    return frame[column]


def _run_up(result: EventStudyResult) -> Floats:
    horizon = result.measured.horizon
    if horizon.start > RUN_UP_WINDOW.start:
        raise StudyError(f"horizon {horizon} does not reach the run-up {RUN_UP_WINDOW}; let it begin on day -5")
    return event_window(result.measured, RUN_UP, RUN_UP_WINDOW).car


def _levels(name: str, values: pd.Series) -> pd.DataFrame:
    words = values.astype(object).where(values.notna(), "").astype(str)
    counts = words.value_counts()
    words = words.where(words.map(counts) >= _FEW, "other")
    levels = words.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    found = {f"{name}={level}": (words == level).to_numpy(dtype=np.float64) for level in levels[1:]}
    return pd.DataFrame(found, index=range(len(words)))
