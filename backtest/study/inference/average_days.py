"""The average abnormal return of each session around the events, tested and bounded as a window is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from backtest.study.inference.averages import averages_table
from backtest.study.inference.cross_section import CrossSection
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow, plain_window
from backtest.study.windows import Window

_COLUMNS = ["day", "n_events", "mean", "weighted_mean", "low", "high", "pvalue"]


def day_averages(
    abnormal: AbnormalReturns, section_of: Callable[[EventWindow], CrossSection]
) -> pd.DataFrame:
    """One row a session: day, n_events, plain mean, weighted_mean, low, high, pvalue (fractions).

    The abnormal return of that session alone, over all events with a forecast error, as
    `averages_table` has a window; NaN where the headline test has no answer.
    """
    labels, parts = (abnormal.model.name, abnormal.model.benchmark), []
    everyone = [("all", "all", np.arange(len(abnormal.events)))]
    for day in abnormal.days.tolist():  # one at a time: a section's matrices are large
        window = plain_window(abnormal, Window(day, day))
        seen = section_of(window), np.flatnonzero(np.isfinite(window.scar))
        parts.append(averages_table({window.name: seen}, everyone, labels).assign(day=day))
    return pd.concat(parts, ignore_index=True)[_COLUMNS]
