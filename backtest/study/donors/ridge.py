"""Ridge-augmented synthetic control (Ben-Michael, Feller and Rothstein 2021)."""

from __future__ import annotations

import numpy as np

from backtest.study.donors import simplex
from backtest.study.donors.solution import Refit, Solution, Solve, left_out_error
from backtest.study.running_sums import Floats

_PENALTIES = np.logspace(2, -3, 16)  # times the largest eigenvalue


def solver(x: Floats, ahead: Floats) -> Solve:
    """The simplex control, plus a ridge regression of what it misses on the donors.

    `w = w_simplex + Xc' (Xc Xc' + penalty I)^-1 (y - X w_simplex)`, Xc the donors less their mean
    of each session, so that the weights still add to 1. The penalty is the one with the smallest
    error at sessions left out one by one, the simplex weights kept; no penalty that helps leaves
    the simplex control as it is (an infinite one). All penalties share one eigendecomposition of Xc
    Xc'.
    """
    mean = x.mean(axis=1)
    values, vectors = _decomposed(x, mean)
    penalties = _PENALTIES * values[-1]
    shrunk = penalties / (values[:, None] + penalties)  # (M, penalties)
    leverage = 1.0 - vectors**2 @ shrunk

    def solve(y: Floats) -> Solution:
        w = simplex.weights(y, x)
        miss = y - x @ w
        rotated = vectors.T @ miss
        left = vectors @ (shrunk * rotated[:, None])
        best, chosen = float(np.sqrt(np.mean(miss**2))), np.inf
        for i, penalty in enumerate(penalties):
            error = left_out_error(left[:, i], leverage[:, i])
            if error < best:
                best, chosen = error, float(penalty)
        size = len(y)
        spent = max(int((w > 0).sum()) - 1, 0)  # the weights add to 1: one of them is not free
        sigma = best * float(np.sqrt(size / max(size - spent, 1)))
        if np.isfinite(chosen):
            toward = vectors @ (rotated / (values + chosen))
            w = w + (toward @ x - toward @ mean)
            freedom = (values / (values + chosen)).sum()  # that the ridge leaves
            spent += int(np.ceil(freedom))
            sigma = best  # of sessions left out already
        return Solution(x @ w, ahead @ w, sigma, min(spent, size - 2), w, penalty=chosen)

    return solve


def _decomposed(x: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues (M,) and vectors (M, M) of `Xc Xc'`.

    Xc is the donors (M, J) less their mean of each session.
    """
    n_donors = x.shape[1]
    values, vectors = np.linalg.eigh(x @ x.T - n_donors * np.outer(mean, mean))
    return np.maximum(values, 0.0), vectors


def refit(x: Floats, like: Solution) -> Refit:
    """Residuals with simplex weights and ridge chosen anew on all sessions.

    Under the penalty chosen before.
    """
    if not np.isfinite(like.penalty):
        return simplex.refit(x, like)
    values, vectors = _decomposed(x, x.mean(axis=1))
    shrunk = like.penalty / (values + like.penalty)

    def residuals(y: Floats) -> Floats:
        miss = y - x @ simplex.weights(y, x)
        return np.asarray(vectors @ (shrunk * (vectors.T @ miss)))

    return residuals
