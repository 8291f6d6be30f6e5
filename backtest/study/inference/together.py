"""The same question of many windows of the same events, whose exact sums are taken together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from backtest.study.dependence.securities import SecurityCorrelation
from backtest.study.dependence.sweep import Sums, exact_sums, is_less
from backtest.study.inference.by_security import (
    PAIRS_UP_TO,
    CrossSectionBySecurity,
    cross_sections,
)
from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.parametric.shared_shock import weights_asked
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import plain_window
from backtest.study.running_sums import Floats, Ints
from backtest.study.windows import Window
from backtest.work.threads import beside

Result = TypeVar("Result")


def each_section(
    abnormal: AbnormalReturns,
    between: SecurityCorrelation,
    spans: Sequence[Window],
    function: Callable[[CrossSection], Result],
    *,
    errors: bool = False,
) -> list[Result]:
    """What a function makes of the cross-section of the events in each span.

    The exact sums of the headline test, and with `errors` that of the CARs' standard errors, are
    taken for all spans together where that is less work, else span by span on the cores there are.
    """
    section = cross_sections(abnormal, between)
    x, n = between.common_x, len(abnormal.events)
    horizon = len(abnormal.days)
    if x is None or n <= PAIRS_UP_TO or not is_less(between.panel, n, x.shape[1], horizon):
        return beside(lambda span: function(section(plain_window(abnormal, span))), spans)
    windows = [plain_window(abnormal, span) for span in spans]
    sections = [section(window) for window in windows]
    asked = [
        _Asked(one, np.flatnonzero(np.isfinite(window.scar)), weights)
        for one, window in zip(sections, windows, strict=True)
        if isinstance(one, CrossSectionBySecurity)
        for weights in [*weights_asked(one), *([one.car_se] if errors else [])]
    ]
    for one, value in zip(asked, _taken(asked, abnormal, between, x), strict=True):
        one.section.taken[one.weights.tobytes()] = float(value)
    return [function(one) for one in sections]


@dataclass(frozen=True, eq=False)
class _Asked:
    """A sum that is asked for.

    Of which section, its events' places among all, and their weights.
    """

    section: CrossSectionBySecurity
    places: Ints
    weights: Floats


def _taken(
    asked: Sequence[_Asked], abnormal: AbnormalReturns, between: SecurityCorrelation, x: Floats
) -> Floats:
    """The exact sums asked for, all together."""
    events, estimation = abnormal.events, abnormal.estimation
    shape = (len(events), len(asked))
    sums = Sums(
        column=events.column,
        first=events.row + estimation.start,
        last=events.row + estimation.end,
        estimation=np.zeros((*shape, 1 + x.shape[1])),
        start=np.repeat(events.row[:, None], shape[1], axis=1),
        end=np.repeat(events.row[:, None] - 1, shape[1], axis=1),
        weight=np.zeros(shape),
    )
    for at, one in enumerate(asked):
        window, place = one.section.window, one.places
        sums.estimation[place, at], sums.weight[place, at] = one.section.sums.exact_weights(
            one.weights
        )
        sums.start[place, at] += window.start
        sums.end[place, at] += window.end + 1
    return exact_sums(sums, between.panel, x, between.rho)
