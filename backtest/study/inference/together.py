"""The same question of many windows of the same events, whose exact sums are taken together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from backtest.study.dependence.securities import Pair, SecurityCorrelation, numbered
from backtest.study.dependence.sweep import Sums, exact_sums, is_less
from backtest.study.inference.by_security import (
    PAIRS_UP_TO,
    CrossSectionBySecurity,
    cross_sections,
)
from backtest.study.inference.cross_section import CrossSection
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

    def alone(span: Window) -> Result:
        one = section(plain_window(abnormal, span))
        if isinstance(one, CrossSectionBySecurity):
            pairs = _pairs(one, errors)
            one.know(pairs, one.sums.exact(pairs))
        return function(one)

    if x is None or n <= PAIRS_UP_TO or not is_less(between.panel, n, x.shape[1], horizon):
        return beside(alone, spans)
    windows = [plain_window(abnormal, span) for span in spans]
    sections = [section(window) for window in windows]
    asked = [
        _Asked(one, np.flatnonzero(np.isfinite(window.scar)), _pairs(one, errors))
        for one, window in zip(sections, windows, strict=True)
        if isinstance(one, CrossSectionBySecurity)
    ]
    _take(asked, abnormal, between, x)
    return [function(one) for one in sections]


def _pairs(section: CrossSectionBySecurity, errors: bool) -> list[Pair]:
    own = section.car_se
    return [*section.asked(), *([(own, own)] if errors else [])]


@dataclass(frozen=True, eq=False)
class _Asked:
    """The sums that are asked of a section.

    Its events' places among all, and both weights of each sum.
    """

    section: CrossSectionBySecurity
    places: Ints
    pairs: Sequence[Pair]


def _take(
    asked: Sequence[_Asked], abnormal: AbnormalReturns, between: SecurityCorrelation, x: Floats
) -> None:
    """Take the exact sums asked for, all together, and leave them with their sections."""
    lines: list[tuple[_Asked, Floats]] = []
    sides: list[tuple[int, int]] = []  # the lines of each sum
    for one in asked:
        weights, places = numbered(one.pairs)
        sides += [(len(lines) + left, len(lines) + right) for left, right in places]
        lines += [(one, own) for own in weights]
    left, right = np.array(sides, dtype=np.int64).reshape(-1, 2).T
    sums = _lines(lines, abnormal, x, left, right)
    found = iter(exact_sums(sums, between.panel, x, between.rho).tolist())
    for one in asked:
        one.section.know(one.pairs, list(islice(found, len(one.pairs))))


def _lines(
    lines: Sequence[tuple[_Asked, Floats]],
    abnormal: AbnormalReturns,
    x: Floats,
    left: Ints,
    right: Ints,
) -> Sums:
    events, estimation = abnormal.events, abnormal.estimation
    shape = (len(events), len(lines))
    sums = Sums(
        column=events.column,
        first=events.row + estimation.start,
        last=events.row + estimation.end,
        estimation=np.zeros((*shape, 1 + x.shape[1])),
        start=np.repeat(events.row[:, None], shape[1], axis=1),
        end=np.repeat(events.row[:, None] - 1, shape[1], axis=1),
        weight=np.zeros(shape),
        left=left,
        right=right,
    )
    for at, (one, weights) in enumerate(lines):
        window, place = one.section.window, one.places
        found = one.section.sums.exact_weights(weights)
        sums.estimation[place, at], sums.weight[place, at] = found
        sums.start[place, at] += window.start
        sums.end[place, at] += window.end + 1
    return sums
