"""Synthetic control on the simplex, quickly for hundreds of donors.

Abadie, Diamond and Hainmueller (2010).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from backtest.study.donors.solution import Refit, Solution, Solve
from backtest.study.running_sums import Floats

_FIRST = 40  # donors of the first round: those that resemble the security most
_MORE = 20
_TOLERANCE = 1e-7


def weights(y: Floats, x: Floats) -> Floats:
    """Minimise `|y - x w|^2` over `w >= 0` adding to 1, (J,), exactly.

    As the weights add to 1 this is `|D w|^2` with D = y - x, whose minimum over the simplex is the
    direction of the non-negative least squares solution of `[D; 1'] u = [0; 1]`. Solved on the
    donors that matter: a donor joins while the slope towards it, `D'r` with `r = y - x w`, is below
    that of the donors in use. D itself is never laid out for all donors.

    >>> weights(np.array([1.0, 2.0]), np.array([[1.0, 9.0], [2.0, -9.0]])).round(6).tolist()
    [1.0, 0.0]
    """
    distance = y @ y - 2 * (y @ x) + np.einsum("tj,tj->j", x, x)
    scale = float(np.sqrt(max(distance.sum(), 0.0) / x.size)) or 1.0
    active = np.argsort(distance, kind="stable")[:_FIRST]
    for _ in range(len(distance)):
        used = x[:, active]
        found = _on((y[:, None] - used) / scale)
        left = (y - used @ found) / scale
        slope = (y @ left - left @ x) / scale
        level = float(found @ slope[active])
        beyond = np.flatnonzero(slope < level - _TOLERANCE * max(level, 1.0))
        beyond = beyond[~np.isin(beyond, active)]
        if not len(beyond):
            break
        steepest = np.argsort(slope[beyond], kind="stable")[:_MORE]
        active = np.concatenate([active[found > 0], beyond[steepest]])
    out = np.zeros(x.shape[1])
    out[active] = found
    return out


def _on(away: Floats) -> Floats:
    """The weights of these donors alone, (K,), given their distances.

    What each is away from the security, (M, K).
    """
    size, width = away.shape
    if width == 1:
        return np.ones(1)
    # a last row asks the weights for a sum of 1, as heavily as the other rows together
    level = np.sqrt(size)
    goal = np.zeros(size + 1)
    goal[-1] = level
    found, _ = nnls(np.vstack([away, np.full((1, width), level)]), goal)
    return np.asarray(found / found.sum())


def solver(x: Floats, ahead: Floats) -> Solve:
    """Controls from donors x (M, J), with their returns over the sessions `ahead` (H, J)."""

    def solve(y: Floats) -> Solution:
        w = weights(y, x)
        left = y - x @ w
        spent = max(int((w > 0).sum()) - 1, 0)
        room = max(len(y) - spent, 1)
        sigma = float(np.sqrt(left @ left / room))
        return Solution(x @ w, ahead @ w, sigma, spent, w)

    return solve


def refit(x: Floats, like: Solution) -> Refit:  # noqa: ARG001 -- the signature all methods share
    """Residuals with the weights chosen anew on all sessions."""
    return lambda y: y - x @ weights(y, x)
