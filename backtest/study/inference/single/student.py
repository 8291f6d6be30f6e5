"""The t-test of one event with its forecast error, and its GARCH form.

docs/methods.md, section 6.
"""

from __future__ import annotations

import numpy as np

from backtest.study.inference.single.answers import Answers, answers, not_measured, reasons
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Bools


def student_t(window: EventWindow) -> Answers:
    """`CAR / S(CAR)` against t with the residual degrees of freedom.

    Exact for independent normal returns.
    """
    why_not = reasons(
        {"the variance moves: read garch_z": _moves(window), **not_measured(window)},
        len(window.start),
    )
    return answers(window.scar, window.pvalue, why_not, window.df.astype(np.float64))


def garch_z(window: EventWindow) -> Answers:
    """`CAR / sqrt(sum h)` against the normal distribution.

    h are the variances forecast on the eve of the window.
    """
    still = {"no GARCH fit: least squares": ~_moves(window)}
    return answers(
        window.scar, window.pvalue, reasons({**still, **not_measured(window)}, len(window.start))
    )


def _moves(window: EventWindow) -> Bools:
    volatility = window.abnormal.volatility
    if volatility is None:
        return np.zeros(len(window.start), dtype=bool)
    return volatility.given
