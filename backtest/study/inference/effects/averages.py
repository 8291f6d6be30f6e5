"""Average effects of groups of events with intervals that come from the recommended test itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import nan

import numpy as np
import pandas as pd
from scipy import special

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import LEVEL
from backtest.study.inference.parametric.shared_shock import MeanTest, kp_bmp_shared_t, mean_test
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.study.windows import Window

COLUMNS = (
    "group", "group_value", "model", "benchmark", "window", "n_events", "n_eff", "mean",
    "weighted_mean", "median", "share_positive", "low", "high", "df", "delta", "pvalue",
    "statistic", "why_not",
)  # fmt: skip
Groups = Sequence[tuple[str, str, Ints]]
EachSection = Callable[
    [Sequence[Window], Callable[[CrossSection], pd.DataFrame]], Sequence[pd.DataFrame]
]
_DAY_COLUMNS = ["day", "n_events", "mean", "weighted_mean", "low", "high", "pvalue"]


def averages_table(
    sections: Mapping[str, tuple[CrossSection, Ints]], groups: Groups, labels: tuple[str, str]
) -> pd.DataFrame:
    """One row a group and window, columns COLUMNS, returns as fractions.

    `sections` hold each window's cross-section and the positions of its events among all; `labels`
    are the names of model and benchmark. `mean` is the CAAR, `median` and `share_positive` are of
    the same CARs. `weighted_mean` is what the recommended test tests: the effect that, taken from
    every event, leaves it a statistic of 0. Events count by their precision, one over the forecast
    error. `low` and `high` are the 95% interval about it; NaN with `pvalue` and `statistic` where
    there is no test, and `why_not` says why.
    """
    rows = [
        (by, value, *labels, name, *_row(_part(section, np.isin(position, members))))
        for by, value, members in groups
        for name, (section, position) in sections.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _part(section: CrossSection, inside: Bools) -> CrossSection:
    """The events of a group.

    The section itself, and what it knows already, where that is all of them.
    """
    if inside.all():
        return section
    return section.take(np.flatnonzero(inside))


def _row(events: CrossSection) -> Iterator[float | str]:
    car, outcome = events.car, kp_bmp_shared_t(events)
    if outcome.why_not:
        test = None
    else:
        test = mean_test(events)
    some = len(car) > 0
    yield len(car)
    yield outcome.n_eff
    if some:
        yield float(car.mean())
    else:
        yield nan
    yield weighted_mean(events, test)
    if some:
        yield float(np.median(car))
    else:
        yield nan
    if some:
        yield float((car > 0).mean())
    else:
        yield nan
    yield from (nan, nan) if test is None else interval(test, events.scar, 1.0 / events.car_se)
    yield outcome.df
    if test:
        yield test.delta
    else:
        yield nan
    yield outcome.pvalue
    yield outcome.statistic
    yield outcome.why_not


def weighted_mean(events: CrossSection, test: MeanTest | None) -> float:
    """`w'(CAR/se) / w'(1/se)`, the effect at which the test's statistic is 0.

    NaN without a test.
    """
    if test is None:
        return nan
    return float((test.weights @ events.scar) / (test.weights @ (1.0 / events.car_se)))


def interval(test: MeanTest, scar: Floats, precision: Floats) -> tuple[float, float]:
    """All effects c that the test of `scar - c precision` (both (N,)) does not reject at 5%.

    With delta and degrees of freedom held, `(w'x - c w'p)^2 <= t^2 (x - cp)'Q(x - cp)` is a
    quadratic in c (Fieller 1954). Where precisions differ so much that no effect is too large to
    be rejected, an end is infinite.
    """
    bar = float(special.stdtrit(test.df, 1 - LEVEL / 2)) ** 2
    x, p = float(test.weights @ scar), float(test.weights @ precision)
    spread = test.form(np.column_stack([scar, precision]))
    square = p**2 - bar * float(precision @ spread[:, 1])
    middle = x * p - bar * float(precision @ spread[:, 0])
    rest = x**2 - bar * float(scar @ spread[:, 0])
    root = middle**2 - square * rest
    if square <= 0 or root < 0:  # the set is unbounded
        return -np.inf, np.inf
    return (middle - np.sqrt(root)) / square, (middle + np.sqrt(root)) / square


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
    return pd.concat(rows, ignore_index=True).assign(day=days)[_DAY_COLUMNS]
