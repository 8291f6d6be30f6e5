"""Events on noise, and cross-sections of them with numbers to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from backtest import EventStudy, EventStudyResult, MeanAdjusted, Returns, Window
from backtest.study.inference import CrossSection
from backtest.study.running_sums import Floats

DAYS = pd.bdate_range("2023-01-02", periods=320)
WINDOW = Window(0, 2)
APART = [140 + 13 * i for i in range(12)]  # windows of up to 13 sessions do not meet


@cache
def study(rows: tuple[int, ...]) -> EventStudyResult:
    """One event a security on the sessions with these numbers, 120 sessions before each."""
    names = [f"S{i}" for i in range(len(rows))]
    values = np.random.default_rng(11).normal(0.001, 0.01, (len(DAYS), len(rows)))
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(rows))],
            "ticker": names,
            "event_session": DAYS[list(rows)],
        }
    )
    returns = Returns.from_frame(pd.DataFrame(values, index=DAYS, columns=names))
    return EventStudy(MeanAdjusted(), Window(-130, -11), {"w": WINDOW}, None).fit(events, returns)


def section(
    rows: list[int], *, correlation: Floats | None = None, **values: list[float] | Floats
) -> CrossSection:
    """These events with CARs, standard errors or correlations of one's own."""
    real = study(tuple(rows)).cross_section("w")
    window = replace(real.window)  # afresh: nothing is remembered
    vars(window).update({name: np.asarray(value, np.float64) for name, value in values.items()})
    if correlation is None:
        return replace(real, window=window)
    return replace(real, window=window, rho=correlation, correlation=correlation)


def equal(n: int, r: float) -> Floats:
    """A matrix of correlations that are all the same."""
    return np.full((n, n), r) + (1 - r) * np.eye(n)
