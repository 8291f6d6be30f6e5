"""The answers of a test that looks at one event, for many events at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Bools, Floats

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True, eq=False)
class Answers:
    """One test's answer for each of N events; where `why_not` is not empty the numbers are NaN.

    `pvalue` is two-sided; `df` is NaN for what is not compared with Student's t.
    """

    statistic: Floats
    df: Floats
    pvalue: Floats
    why_not: Texts


def answers(statistic: Floats, pvalue: Floats, why_not: Texts, df: Floats | None = None) -> Answers:
    """Blank the numbers of events with a reason against them."""
    given = why_not == ""
    if df is None:
        df = np.full(len(pvalue), np.nan)
    return Answers(
        np.where(given, statistic, np.nan),
        np.where(given, df, np.nan),
        np.where(given, pvalue, np.nan),
        why_not,
    )


def reasons(conditions: Mapping[str, Bools], size: int) -> Texts:
    """The first reason that holds for each event, empty where none does."""
    out = np.full(size, "", dtype=object)
    for why, holds in conditions.items():
        out = np.where((out == "") & holds, why, out)
    return out


def not_measured(window: EventWindow) -> dict[str, Bools]:
    """The reasons every test shares."""
    return {
        "the window is not covered by the prices": ~np.isfinite(window.raw_return),
        "fewer than 30 sessions to estimate on": ~np.isfinite(window.scar),
    }
