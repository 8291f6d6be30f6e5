"""Conformal p-values of single events that refit the counterfactual.

Chernozhukov, Wuthrich and Zhu (2021). Under the hypothesis that the event added theta to its
window, theta spread evenly over the sessions is taken out, the counterfactual is fitted to
estimation and event sessions together, and the sum of the window's residuals is held against every
other stretch of as many neighbouring ones, the last session followed by the first.
"""

from __future__ import annotations

import numpy as np

from backtest.errors import StudyError
from backtest.study.donors.measure import DonorReturns
from backtest.study.donors.model import FromDonors
from backtest.study.donors.solution import Refit
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Floats
from backtest.work.threads import one_thread

_TIE = 1 - 1e-10  # the observed stretch must count as one that reaches itself


def share_of_stretches(residuals: Floats, length: int) -> float:
    """Share of all cyclic stretches of residuals as far from zero as the last one.

    A stretch has `length` residuals and is judged by its sum.

    >>> share_of_stretches(np.array([1.0, -1.0, 0.5, 3.0]), 1)
    0.25
    """
    ring = np.concatenate([residuals, residuals[: length - 1]])
    running = np.concatenate([[0.0], np.cumsum(ring)])
    sums = np.abs(running[length:] - running[:-length])
    observed = sums[len(residuals) - length]
    return float((sums >= observed * _TIE).mean())


@one_thread()
def refitted_p(window: EventWindow) -> tuple[Floats, Floats]:
    """Sum of the window's refitted residuals without an effect, and its p-value, both (N,)."""
    n = len(window.start)
    statistic, pvalue = np.full(n, np.nan), np.full(n, np.nan)
    for i in range(n):
        found = setting(window, i)
        if found is not None:
            y, refit, length = found
            left = refit(y)
            statistic[i] = left[-length:].sum()
            pvalue[i] = share_of_stretches(left, length)
    return statistic, pvalue


def setting(window: EventWindow, i: int) -> tuple[Floats, Refit, int] | None:
    """Returns over estimation and window sessions, and the window's length.

    And what refits the counterfactual to them.
    """
    measured = window.abnormal
    if not (isinstance(measured, DonorReturns) and isinstance(measured.model, FromDonors)):
        raise StudyError(f"the {measured.model.name} model has no donors")
    solution, block = measured.solutions[i], None
    if solution is not None and np.isfinite(window.car[i]):
        block = measured.block(i)
    if solution is None or block is None:
        return None
    used, later = measured.rows_of(i)
    day0, column = measured.events.row[i], measured.events.column[i]
    inside = (later - day0 >= window.start[i]) & (later - day0 <= window.end[i])
    y = measured.panel.y[np.concatenate([used, later[inside]]), column]
    x = np.vstack([block.x, block.ahead[inside]])
    return y, measured.model.refit(x, solution), int(inside.sum())
