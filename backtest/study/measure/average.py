"""Average cumulative abnormal returns of groups of events, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.study.dependence.correlation import car_correlation
from backtest.study.dependence.securities import SecurityCorrelation, SecuritySums
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.running_sums import Floats, Ints
from backtest.study.place.event_windows import EventWindow
from backtest.study.place.windows import Window

_COLUMNS = ["group", "group_value", "model", "benchmark", "day", "caar", "se", "n_events"]


def average_paths(
    abnormal: AbnormalReturns,
    rho: Floats | SecurityCorrelation,
    groups: Sequence[tuple[str, str, Ints]],
) -> pd.DataFrame:
    """One row a group and day; an event counts on a day if its path reaches it with a forecast error.

    `groups` are what is grouped by, the group's value and the positions of its events. `se` is
    `sqrt(N^-2 sum_ij C_ij S_i S_j)` with the exact correlation of the paths up to that day: by
    pair from the (N, N) residual correlation of the events, by security from that of securities.
    """
    rows: list[tuple[object, ...]] = []
    for day in abnormal.days[abnormal.days != -1]:
        span = Window(0, int(day)) if day >= 0 else Window(int(day) + 1, -1)
        sign = 1.0 if day >= 0 else -1.0
        n_events = len(abnormal.events)
        window = EventWindow(
            abnormal, str(span), span, np.full(n_events, span.start), np.full(n_events, span.end)
        )
        correlation = rho if isinstance(rho, SecurityCorrelation) else car_correlation(window, rho)
        for place, (by, value, group) in enumerate(groups):
            part = group[np.isfinite(window.scar[group])]
            rows.append(
                (place, by, value, int(day), *_mean(window, correlation, part, sign), len(part))
            )
    table = pd.DataFrame(
        rows, columns=["place", "group", "group_value", "day", "caar", "se", "n_events"]
    )
    table = table.assign(model=abnormal.model.name, benchmark=abnormal.model.benchmark)
    return _with_eve(table)[_COLUMNS].reset_index(drop=True)


def _mean(
    window: EventWindow, correlation: Floats | SecurityCorrelation, part: Ints, sign: float
) -> tuple[float, float]:
    if len(part) == 0:
        return np.nan, np.nan
    se = window.car_se[part]
    if isinstance(correlation, SecurityCorrelation):
        variance = SecuritySums(window.take(part), correlation).exact(se)
    else:
        variance = float(se @ correlation[np.ix_(part, part)] @ se)
    return sign * float(window.car[part].mean()), np.sqrt(max(variance, 0.0)) / len(part)


def _with_eve(table: pd.DataFrame) -> pd.DataFrame:
    """Add day -1, where every path is zero, and sort groups in their order, days ascending."""
    eve = table[table["day"] == 0].assign(day=-1, caar=0.0, se=0.0)
    return pd.concat([table, eve], ignore_index=True).sort_values(["place", "day"], kind="stable")
