"""Average cumulative abnormal returns of groups of events, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.study.dependence.correlation import car_correlation
from backtest.study.dependence.securities import SecurityCorrelation, SecuritySums
from backtest.study.inference import CrossSection
from backtest.study.inference.averages import interval, weighted_mean
from backtest.study.inference.by_security import cross_section
from backtest.study.inference.shared_shock import kp_bmp_shared_t, mean_test
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow, plain_window
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window

_FOUND = ["caar", "se", "weighted_mean", "low", "high"]
_COLUMNS = ["group", "group_value", "model", "benchmark", "day", *_FOUND, "n_events"]


def average_paths(
    abnormal: AbnormalReturns,
    rho: Floats | SecurityCorrelation,
    groups: Sequence[tuple[str, str, Ints]],
) -> pd.DataFrame:
    """One row a group and day; an event counts on a day if its path reaches it with a forecast error.

    `groups` are what is grouped by, the group's value and the positions of its events. `se` is
    `sqrt(N^-2 sum_ij C_ij S_i S_j)` with the exact correlation of the paths up to that day: by
    pair from the (N, N) residual correlation of the events, by security from that of securities.
    It has the volatility before the events; `weighted_mean`, where events count by their precision,
    has the 95% interval `low` to `high` of the headline test, with the volatility of the events
    themselves; NaN where that has no answer.
    """
    rows: list[tuple[object, ...]] = []
    for day in abnormal.days[abnormal.days != -1]:
        span = Window(0, int(day)) if day >= 0 else Window(int(day) + 1, -1)
        sign = 1.0 if day >= 0 else -1.0
        window = plain_window(abnormal, span)
        correlation = rho if isinstance(rho, SecurityCorrelation) else car_correlation(window, rho)
        known: dict[bytes, tuple[float, ...]] = {}  # a column with one value groups all again
        for place, (by, value, group) in enumerate(groups):
            part = group[np.isfinite(window.scar[group])]
            key = part.tobytes()
            if key not in known:
                known[key] = _mean(window, correlation, part, sign)
            rows.append((place, by, value, int(day), *known[key], len(part)))
    table = pd.DataFrame(
        rows, columns=["place", "group", "group_value", "day", *_FOUND, "n_events"]
    )
    table = table.assign(model=abnormal.model.name, benchmark=abnormal.model.benchmark)
    return _with_eve(table)[_COLUMNS].reset_index(drop=True)


def _mean(
    window: EventWindow, correlation: Floats | SecurityCorrelation, part: Ints, sign: float
) -> tuple[float, ...]:
    """What a day's row holds of a group, in the order of _FOUND."""
    if len(part) == 0:
        return (np.nan,) * len(_FOUND)
    se = window.car_se[part]
    if isinstance(correlation, SecurityCorrelation):
        variance = SecuritySums(window.take(part), correlation).exact(se)
    else:
        variance = float(se @ correlation[np.ix_(part, part)] @ se)
    error = np.sqrt(max(variance, 0.0)) / len(part)
    middle, low, high = _judged(window.take(part), correlation, part)
    edges = (low, high) if sign > 0 else (-high, -low)
    return sign * float(window.car[part].mean()), error, sign * middle, *edges


def _judged(
    events: EventWindow, correlation: Floats | SecurityCorrelation, part: Ints
) -> tuple[float, float, float]:
    """The mean that the headline test tests, and its 95% interval."""
    if isinstance(correlation, SecurityCorrelation):
        section = cross_section(events, correlation)
    else:
        section = CrossSection(events, correlation, correlation[np.ix_(part, part)])
    precision = 1.0 / section.car_se
    test = None if kp_bmp_shared_t(section).why_not else mean_test(section)
    if test is None:
        return float(section.scar.sum() / precision.sum()), np.nan, np.nan
    return weighted_mean(section, test), *interval(test, section.scar, precision)


def _with_eve(table: pd.DataFrame) -> pd.DataFrame:
    """Add day -1, where every path is zero, and sort groups in their order, days ascending."""
    eve = table[table["day"] == 0].assign(day=-1, **dict.fromkeys(_FOUND, 0.0))
    return pd.concat([table, eve], ignore_index=True).sort_values(["place", "day"], kind="stable")
