"""Groups of events by any column: each against all the others, and any two against one another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.inference.cross_section import CrossSection as Section
from backtest.study.inference.effects.difference import LEAST, difference
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Bools
from events.arguments import one_of, text
from events.errors import suggest

_SHOWN = 12  # levels that an error lists

COLUMNS = (
    "group", "group_value", "model", "benchmark", "window", "n_events", "n_others", "mean_car",
    "mean_car_others", "difference", "low", "high", "statistic", "df", "pvalue", "why_not",
)  # fmt: skip


PAIR_COLUMNS = (
    "group", "group_value", "other_value", "model", "benchmark", "window", "n_events", "n_others",
    "mean_car", "mean_car_others", "difference", "low", "high", "statistic", "df", "pvalue",
    "why_not",
)  # fmt: skip
LEVELS = 30  # of a column: pairs of more would be thousands, and nobody reads them


def pairs(result: EventStudyResult, *by: str, most: int = LEVELS) -> pd.DataFrame:
    """One row a column, pair of levels and window.

    The events of one level are held against those of another. As `differences`, but nothing else is
    in the test. Levels of fewer than three events, which no test can compare, are left out, and of
    more than `most` the smallest. Raises `StudyError` for a column the events do not have.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> found = pairs(result, "role")
    >>> found = found.query("group_value == 'supplier' and other_value == 'customer'")
    >>> found["window"].nunique(), bool(found["pvalue"].between(0, 1).all())
    (4, True)
    """
    model = result.measured.model
    rows = []
    for column in by:
        levels = [
            (value, members) for value, members in result.groups(column) if len(members) >= LEAST
        ]
        levels = sorted(levels, key=lambda level: -len(level[1]))[:most]
        for name in result.named_windows:
            section = result.cross_section(name)
            position = np.flatnonzero(np.isfinite(result.window(name).scar))
            inside = [(value, np.isin(position, members)) for value, members in levels]
            for (value, one), (other_value, other) in combinations(inside, 2):
                both = np.flatnonzero(one | other)
                first = one[both]
                found = difference(section.take(both), first)
                rows.append(
                    (
                        column,
                        value,
                        other_value,
                        model.name,
                        model.benchmark,
                        name,
                        int(first.sum()),
                        int((~first).sum()),
                        _mean(section.car[one]),
                        _mean(section.car[other]),
                        found.difference,
                        found.low,
                        found.high,
                        found.outcome.statistic,
                        found.outcome.df,
                        found.outcome.pvalue,
                        found.outcome.why_not,
                    )
                )
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))


def differences(result: EventStudyResult, *by: str) -> pd.DataFrame:
    """One row a column, level and window: the events of that level against all other events.

    `difference` is of mean standardised CARs, the quantity tested, with its 95% interval `low` to
    `high`; `mean_car` and `mean_car_others` are fractions. Shared dates and overlapping windows are
    in the test. Raises `StudyError` for a column the events do not have.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> found = differences(result, "role").query("window == '1-day'").set_index("group_value")
    >>> (found["n_events"] + found["n_others"]).nunique()
    1
    """
    rows = []
    for name in result.named_windows:
        section = result.cross_section(name)
        position = np.flatnonzero(np.isfinite(result.window(name).scar))
        for column in by:
            for value, members in result.groups(column):
                first = np.isin(position, members)
                rows.append((column, value, *_against(result, section, first, name)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def compare_groups(result: EventStudyResult, by: str, first: str, second: str) -> pd.DataFrame:
    """One row a window: the events whose column `by` is `first` against those where it is `second`.

    The columns are those of `differences`, `n_others` and `mean_car_others` of the second group;
    all other events are left out, and the test is the same. Raises `StudyError` for a column or a
    level the events do not have.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> compare_groups(result, "role", "supplier", "customer")["group_value"].iloc[0]
    'supplier against customer'
    """
    one_of("result", result, (EventStudyResult,), "EventStudy(...).fit(events, prices)")
    levels = dict(result.groups(text("by", by, "'role'")))
    one, other = (_level(by, name, levels) for name in (first, second))
    if one == other:
        raise StudyError(f"{by}: {one!r} cannot be compared with itself; name two levels")
    rows = []
    for name in result.named_windows:
        position = np.flatnonzero(np.isfinite(result.window(name).scar))
        both = np.flatnonzero(np.isin(position, np.concatenate([levels[one], levels[other]])))
        section = result.cross_section(name).take(both)
        mine = np.isin(position[both], levels[one])
        rows.append((by, f"{one} against {other}", *_against(result, section, mine, name)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _level(by: str, name: object, levels: Mapping[str, object]) -> str:
    """A level as groups are named by it."""
    if str(name) not in levels:
        there = ", ".join(list(levels)[:_SHOWN])
        raise StudyError(
            f"{by} has no level {str(name)[:60]!r}{suggest(str(name), levels)}; it has {there}"
        )
    return str(name)


def _against(
    result: EventStudyResult, section: Section, first: Bools, window: str
) -> tuple[object, ...]:
    """The row of events marked in `first` against the others of a section, without its name."""
    found, model = difference(section, first), result.measured.model
    outcome = found.outcome
    return (
        model.name, model.benchmark, window, int(first.sum()), int((~first).sum()),
        _mean(section.car[first]), _mean(section.car[~first]), found.difference, found.low,
        found.high, outcome.statistic, outcome.df, outcome.pvalue, outcome.why_not,
    )  # fmt: skip


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    if len(values):
        return float(values.mean())
    return float("nan")
