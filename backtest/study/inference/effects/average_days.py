"""The average abnormal return of each session around the events.

It is tested and bounded as a window is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.effects.averages import averages_table
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.windows import Window

EachSection = Callable[
    [Sequence[Window], Callable[[CrossSection], pd.DataFrame]], Sequence[pd.DataFrame]
]
_COLUMNS = ["day", "n_events", "mean", "weighted_mean", "low", "high", "pvalue"]


def day_averages(abnormal: AbnormalReturns, each_section: EachSection) -> pd.DataFrame:
    """One row a session: day, n_events, plain mean, weighted_mean, low, high, pvalue (fractions).

    The abnormal return of that session alone, over all events with a forecast error, as
    `averages_table` has a window; NaN where the headline test has no answer. `each_section` gives
    what a function makes of the cross-section of each of some windows.
    """
    labels = (abnormal.model.name, abnormal.model.benchmark)
    days = abnormal.days.tolist()

    def row(section: CrossSection) -> pd.DataFrame:
        everyone = np.arange(len(section))
        seen = {section.window.name: (section, everyone)}
        return averages_table(seen, [("all", "all", everyone)], labels)

    rows = each_section([Window(day, day) for day in days], row)
    return pd.concat(rows, ignore_index=True).assign(day=days)[_COLUMNS]
