"""What a counterfactual from donors is made of: its path, its error, and how it was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backtest.study.running_sums import Floats

Refit = Callable[[Floats], Floats]
"""Returns (P,) of a security over P sessions -> what is left of them once fitted to all of them."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A counterfactual of one event, over its M estimation and H later sessions.

    `before` (M,) and `after` (H,) are its returns, `sigma` the error of one session (fractions),
    `parameters` how many were spent on it. `weights` (J,) are those of the donors, or nothing for
    models of factors, which have `n_factors`; `penalty` is that of ridge, NaN elsewhere.
    """

    before: Floats
    after: Floats
    sigma: float
    parameters: int
    weights: Floats | None = None
    n_factors: int = 0
    penalty: float = np.nan


Solve = Callable[[Floats], Solution]
"""Estimation returns (M,) of a security -> its counterfactual from donors given before.

What the donors alone decide, and that is most of the work, is found once for all securities of one
announcement, whose donors and sessions are the same.
"""


def left_out_error(residuals: Floats, leverage: Floats) -> float:
    """Root mean square of the errors at sessions left out of a linear fit, `e / (1 - h)`."""
    room = np.maximum(1.0 - leverage, 1e-6)
    return float(np.sqrt(np.mean((residuals / room) ** 2)))
