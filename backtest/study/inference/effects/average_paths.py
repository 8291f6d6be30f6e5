"""Average cumulative abnormal returns of groups of events, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from backtest.study.dependence.correlation import car_correlation
from backtest.study.dependence.securities import SecurityCorrelation
from backtest.study.inference import CrossSection
from backtest.study.inference.effects.averages import interval, weighted_mean
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t, mean_test
from backtest.study.inference.together import each_section
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import plain_window
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window

Row = tuple[object, ...]
_FOUND = ["caar", "se", "weighted_mean", "low", "high"]
_COLUMNS = ["group", "group_value", "model", "benchmark", "day", *_FOUND, "n_events"]


def average_paths(
    abnormal: AbnormalReturns,
    rho: Floats | SecurityCorrelation,
    groups: Sequence[tuple[str, str, Ints]],
) -> pd.DataFrame:
    """One row a group and day.

    An event counts on a day if its path reaches it with a forecast error. `groups` are what is
    grouped by, the group's value and the positions of its events. `se` is `sqrt(N^-2 sum_ij C_ij
    S_i S_j)` with the exact correlation of the paths up to that day: by pair from the (N, N)
    residual correlation of the events, by security from that of securities. It has the volatility
    before the events; `weighted_mean`, where events count by their precision, has the 95% interval
    `low` to `high` of the headline test, with the volatility of the events themselves; NaN where
    that has no answer.
    """
    alike: dict[bytes, list[int]] = {}  # a column with one value groups all again
    for place, (_, _, members) in enumerate(groups):
        alike.setdefault(members.tobytes(), []).append(place)
    distinct = {places[0]: groups[places[0]][2] for places in alike.values()}
    if isinstance(rho, SecurityCorrelation):
        found = _by_security(abnormal, rho, distinct)
    else:
        found = _by_pair(abnormal, rho, distinct)
    rows = [
        (place, *groups[place][:2], *of_day)
        for first, of_day in found
        for place in alike[groups[first][2].tobytes()]
    ]
    table = pd.DataFrame(
        rows, columns=["place", "group", "group_value", "day", *_FOUND, "n_events"]
    )
    table = table.assign(model=abnormal.model.name, benchmark=abnormal.model.benchmark)
    return _with_eve(table)[_COLUMNS].reset_index(drop=True)


def _days(abnormal: AbnormalReturns) -> list[int]:
    return list(abnormal.days[abnormal.days != -1].tolist())


def _path_to(day: int) -> Window:
    """The window of the path up to a day, from the close before the event."""
    if day >= 0:
        return Window(0, day)
    return Window(day + 1, -1)


def _by_pair(
    abnormal: AbnormalReturns, rho: Floats, groups: Mapping[int, Ints]
) -> Iterator[tuple[int, Row]]:
    """Group and row, day after day: a day's matrix over pairs serves all groups."""
    for day in _days(abnormal):
        window = plain_window(abnormal, _path_to(day))
        correlation = car_correlation(window, rho)
        for place, group in groups.items():
            part = group[np.isfinite(window.scar[group])]
            pairs = correlation[np.ix_(part, part)]  # in place of rho too, which nothing here asks
            yield place, _row(CrossSection(window.take(part), pairs, pairs))


def _by_security(
    abnormal: AbnormalReturns, between: SecurityCorrelation, groups: Mapping[int, Ints]
) -> Iterator[tuple[int, Row]]:
    """The same group after group: what is known of its securities or pairs serves all days."""
    for place, group in groups.items():
        of_group = abnormal
        if len(group) < len(abnormal.events):
            of_group = abnormal.take(group)
        paths = [_path_to(day) for day in _days(of_group)]
        for found in each_section(of_group, between, paths, _row, errors=True):
            yield place, found


def _row(section: CrossSection) -> Row:
    """The day that the path leads to, what its row holds in the order of _FOUND, and the events."""
    path = section.window.nominal
    if path.end >= 0:
        day, sign = (path.end, 1.0)
    else:
        day, sign = (path.start - 1, -1.0)
    return day, *_mean(section, sign), len(section)


def _mean(section: CrossSection, sign: float) -> tuple[float, ...]:
    n = len(section)
    if n == 0:
        return (np.nan,) * len(_FOUND)
    error = np.sqrt(max(section.variance_exact(section.car_se), 0.0)) / n
    middle, low, high = _judged(section)
    if sign > 0:
        edges = (low, high)
    else:
        edges = (-high, -low)
    return sign * float(section.car.mean()), error, sign * middle, *edges


def _judged(section: CrossSection) -> tuple[float, float, float]:
    """The mean that the headline test tests, and its 95% interval."""
    precision = 1.0 / section.car_se
    if kp_bmp_shared_t(section).why_not:
        test = None
    else:
        test = mean_test(section)
    if test is None:
        return float(section.scar.sum() / precision.sum()), np.nan, np.nan
    return weighted_mean(section, test), *interval(test, section.scar, precision)


def _with_eve(table: pd.DataFrame) -> pd.DataFrame:
    """Add day -1, where every path is zero, and sort groups in their order, days ascending."""
    eve = table[table["day"] == 0].assign(day=-1, **dict.fromkeys(_FOUND, 0.0))
    return pd.concat([table, eve], ignore_index=True).sort_values(["place", "day"], kind="stable")
