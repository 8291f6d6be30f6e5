"""Conformal intervals of single events against their donors.

The effects `donors.refitted` does not reject at 5%.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.donors.measure import DonorReturns
from backtest.study.donors.refitted import setting, share_of_stretches
from backtest.study.fitted import FittedStudy
from backtest.study.measure.event_windows import EventWindow
from backtest.work.threads import one_thread

LEVEL = 0.05
_WIDER, _HALVINGS = 8, 12
COLUMNS = [
    "event_id", "ticker", "model", "benchmark", "window", "car", "low", "high", "pvalue",
    "n_donors", "n_factors", "penalty", "fit_error",
]  # fmt: skip


@one_thread()
def conformal_intervals(result: FittedStudy) -> pd.DataFrame:
    """One row an event and window: the CAR against its donors with its 95% conformal interval.

    `low` and `high` are fractions, infinite where the history is too short to bound the effect at
    5%; `pvalue` is that of no effect; `n_factors` and `penalty` are as chosen before the event,
    `fit_error` is the root mean squared difference to the counterfactual then. Raises `StudyError`
    for a model that is not of donors.
    """
    measured = result.measured
    if not isinstance(measured, DonorReturns):
        raise StudyError(
            f"conformal intervals that refit are of donors, not of the {measured.model.name} "
            "model; write FromDonors('ridge')"
        )
    rows = [
        _row(measured, result.window(name), i)
        for i in range(len(measured.events))
        for name in result.named_windows
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(measured: DonorReturns, window: EventWindow, i: int) -> tuple[object, ...]:
    frame, found, model = measured.events.frame, measured.solutions[i], measured.model
    low = high = p = np.nan
    given = setting(window, i)
    if given is not None:
        y, refit, length = given
        centre, spread = float(window.car[i]), float(window.car_se[i])

        def at(theta: float) -> float:
            moved = y.copy()
            moved[-length:] -= theta / length
            return share_of_stretches(refit(moved), length)

        p = at(0.0)
        low, high = (_edge(at, centre, side * spread) for side in (-1.0, 1.0))
    left = measured.residuals[i]
    if np.isfinite(left).any():
        error = np.sqrt(np.nanmean(left**2))
    else:
        error = np.nan
    return (
        frame["event_id"].iloc[i], frame["ticker"].iloc[i], model.name, model.benchmark,
        window.name, window.car[i], low, high, p, len(measured.donors[i]),
        found.n_factors if found else 0, found.penalty if found else np.nan, error,
    )  # fmt: skip


def _edge(at: Callable[[float], float], centre: float, step: float) -> float:
    """Where p falls to 5% in one direction from the estimate, to a 4,000th of the distance."""
    inside, outside = centre, centre + 2 * step
    for _ in range(_WIDER):
        if at(outside) <= LEVEL:
            break
        inside, outside = outside, centre + 2 * (outside - centre)
    else:
        return float(np.inf if step > 0 else -np.inf)
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if at(middle) > LEVEL:
            inside, outside = (middle, outside)
        else:
            inside, outside = (inside, middle)
    return (inside + outside) / 2
