"""Announcement attributes as the columns of a regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.fitted import FittedStudy
from backtest.study.measure.event_windows import event_window
from backtest.study.running_sums import Bools, Floats
from backtest.study.windows import Window
from events.errors import suggest

LOG_AMOUNT, RUN_UP, AMOUNT = "log_amount", "run_up", "amount_usd"
RUN_UP_WINDOW = Window(-5, -1)
_FEW = 3  # rarer levels join "other"


class Attributes(NamedTuple):
    """Attributes as columns (n, k), the events they cover (N,), and what became of levels.

    `notes` names by attribute the level the others are compared with, the levels that were joined
    to "other", and an attribute that gives no column at all.
    """

    columns: pd.DataFrame
    covered: Bools
    notes: dict[str, str]


def attribute_columns(
    result: FittedStudy, names: Sequence[str], among: Bools | None = None
) -> Attributes:
    """Numbers as they are, words as one column of 0 and 1 a level but the most frequent.

    Beside them, which events they cover. `log_amount` is the natural log of amount_usd, `run_up`
    the CAR of the five sessions before the event; any other name is a column of `result.events`.
    Events outside `among` (N,), or with a number missing, are left out. Levels with under 3 of the
    events that remain become "other".
    """
    values = {name: attribute_values(result, name) for name in names}
    if among is None:
        covered = np.ones(len(result.events), dtype=bool)
    else:
        covered = among.copy()
    for column in values.values():
        if pd.api.types.is_numeric_dtype(column):
            covered &= np.isfinite(column.to_numpy(dtype=np.float64))
    parts, notes = [pd.DataFrame(index=range(int(covered.sum())))], {}
    for name, column in values.items():
        kept = column[covered].reset_index(drop=True)
        if pd.api.types.is_numeric_dtype(kept):
            parts.append(pd.DataFrame({name: kept.astype(np.float64)}))
        elif len(kept):
            columns, notes[name] = _levels(name, kept)
            parts.append(columns)
    return Attributes(pd.concat(parts, axis=1), covered, notes)


def attribute_values(result: FittedStudy, name: str) -> pd.Series:
    """A column of the events, or `log_amount` or `run_up`, (N,).

    Raises `StudyError` for another name.
    """
    frame = result.events
    if name == RUN_UP:
        return pd.Series(_run_up(result))
    if name == LOG_AMOUNT:
        column = AMOUNT
    else:
        column = name
    if column not in frame.columns:
        if name == LOG_AMOUNT:
            raise StudyError(
                f"no attribute {name!r} of the events, which have no column {AMOUNT!r} to take it "
                "of; give one of their columns"
            )
        choices = [*([LOG_AMOUNT] if AMOUNT in frame.columns else []), RUN_UP]
        choices += map(str, frame.columns)
        raise StudyError(
            f"no attribute {name!r} of the events{suggest(name, choices)}; "
            "give one of their columns"
        )
    if name == LOG_AMOUNT:
        amount = frame[column].to_numpy(dtype=np.float64)
        return pd.Series(np.log(np.where(amount > 0, amount, np.nan)))
    return frame[column]


def _run_up(result: FittedStudy) -> Floats:
    horizon = result.measured.horizon
    if horizon.start > RUN_UP_WINDOW.start:
        raise StudyError(
            f"horizon {horizon} does not reach the run-up {RUN_UP_WINDOW}; let it begin on day -5"
        )
    return event_window(result.measured, RUN_UP, RUN_UP_WINDOW).car


def _levels(name: str, values: pd.Series) -> tuple[pd.DataFrame, str]:
    """Columns of 0 and 1, most frequent level first and left out; and what became of the levels."""
    words = values.astype(object).where(values.notna(), "").astype(str)
    counts = words.value_counts().sort_index().sort_values(kind="stable")
    n_rare = int((counts < _FEW).sum())
    if 0 < int(counts.iloc[:n_rare].sum()) < _FEW:
        n_rare += 1  # the next rarest joins, or "other" would be a single event
    rare = counts.iloc[:n_rare]
    words = words.where(~words.isin(rare.index.tolist()), "other")
    levels = words.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    found = {f"{name}={level}": (words == level).to_numpy(dtype=np.float64) for level in levels[1:]}
    return pd.DataFrame(found, index=range(len(words))), _note(
        name, str(levels[0]), rare, len(found)
    )


def _note(name: str, first: str, rare: pd.Series, n_columns: int) -> str:
    joined = ", ".join(f"{level or 'empty'} ({n})" for level, n in rare.items())
    merged = ""
    if joined:
        merged = f"; other joins {joined}, as fewer than {_FEW} are no level"
    if n_columns:
        return f"{name}: compared with {first or 'empty'}{merged}"
    return f"{name}: left out, every event is {first or 'empty'}{merged}"
