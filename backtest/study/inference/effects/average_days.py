"""The average abnormal return of each session around the events.

It is tested and bounded as a window is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from backtest.study.inference import by_security
from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.effects.averages import averages_table
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow, plain_window
from backtest.study.windows import Window
from backtest.work.threads import beside

_COLUMNS = ["day", "n_events", "mean", "weighted_mean", "low", "high", "pvalue"]


def day_averages(
    abnormal: AbnormalReturns, section_of: Callable[[EventWindow], CrossSection]
) -> pd.DataFrame:
    """One row a session: day, n_events, plain mean, weighted_mean, low, high, pvalue (fractions).

    The abnormal return of that session alone, over all events with a forecast error, as
    `averages_table` has a window; NaN where the headline test has no answer.
    """
    labels = (abnormal.model.name, abnormal.model.benchmark)
    everyone = [("all", "all", np.arange(len(abnormal.events)))]

    def row(day: int) -> pd.DataFrame:
        window = plain_window(abnormal, Window(day, day))
        seen = section_of(window), np.flatnonzero(np.isfinite(window.scar))
        return averages_table({window.name: seen}, everyone, labels).assign(day=day)

    # Matrices over pairs of events are too large to have several, and too small to gain by it.
    each = beside if len(abnormal.events) > by_security.PAIRS_UP_TO else map
    return pd.concat(each(row, abnormal.days.tolist()), ignore_index=True)[_COLUMNS]
