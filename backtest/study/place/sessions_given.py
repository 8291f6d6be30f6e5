"""The columns of a table of events that a caller made: what they mean, or what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas.api import types

from backtest.errors import StudyError


def check_columns(frame: pd.DataFrame) -> None:
    """Raise `StudyError` for a column that is there twice, and for an event without its id."""
    names: Sequence[object] = list(frame.columns)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StudyError(f"the table of events has the column {twice!r} twice; keep one of them")
    if "event_id" in frame.columns and frame["event_id"].isna().any():
        row = int(frame["event_id"].isna().to_numpy().argmax())
        raise StudyError(f"row {row} of the events has no event_id; give every event an id")


def sessions_of(frame: pd.DataFrame) -> pd.Series:
    """The column event_session as dates without a zone (NaT: not known), in the rows of `frame`.

    A session with a zone is the date on the wall there. Text must be ISO (2026-04-09). Raises
    `StudyError` for numbers, which could be days, seconds or 20260409, and for other text.

    >>> sessions_of(pd.DataFrame({"event_session": ["2026-04-09", None]})).tolist()
    [Timestamp('2026-04-09 00:00:00'), NaT]
    """
    given = frame["event_session"]
    if types.is_numeric_dtype(given) and given.notna().any():
        raise StudyError(f"event_session: {given.dropna().iloc[0]} is a number; write 2026-04-09")
    if isinstance(given.dtype, pd.DatetimeTZDtype):
        return pd.Series(given.dt.tz_localize(None))
    if types.is_datetime64_dtype(given):
        return given
    try:
        found = pd.Series(pd.to_datetime(given, format="ISO8601"))
        return pd.Series(found.dt.tz_localize(None).dt.as_unit("us"))
    except (ValueError, TypeError, AttributeError):  # mixed zones, or one that is no date: which?
        return pd.Series([_session(d) for d in given], index=frame.index, dtype="datetime64[us]")


def _session(value: object) -> pd.Timestamp:
    if pd.isna(value):  # type: ignore[call-overload]  # any scalar
        return pd.NaT  # type: ignore[return-value]  # NaT stands for "not known"
    try:
        if isinstance(value, str):
            written = "ISO8601"
        else:
            written = None
        found = pd.to_datetime(value, format=written)  # type: ignore[call-overload]  # any scalar
        if types.is_number(value):
            raise ValueError
        return pd.Timestamp(found.tz_localize(None) if found.tzinfo else found)
    except (ValueError, TypeError, AttributeError):
        raise StudyError(f"event_session: {value!r} is no date; write 2026-04-09") from None


def first_day_ends(frame: pd.DataFrame) -> pd.Series:
    """The column first_day_end, 0 where there is none; `StudyError` for anything but 0 and 1."""
    if "first_day_end" not in frame.columns:
        return pd.Series(0, index=frame.index)
    given = frame["first_day_end"]
    bad = given[~given.isin([0, 1])]
    if len(bad):
        raise StudyError(
            f"first_day_end: {bad.iloc[0]} is neither 0 nor 1 (1: day 1 may be the first to react)"
        )
    return given.astype("int64")
