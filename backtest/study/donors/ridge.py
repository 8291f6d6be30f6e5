"""Ridge-augmented synthetic control (Ben-Michael, Feller and Rothstein 2021)."""

from __future__ import annotations

import numpy as np

from backtest.study.donors import simplex
from backtest.study.donors.solution import Refit, Solution, left_out_error
from backtest.study.running_sums import Floats

_PENALTIES = np.logspace(2, -3, 16)  # times the largest eigenvalue


def solve(y: Floats, x: Floats, ahead: Floats) -> Solution:
    """The simplex control, plus a ridge regression of what it misses on the donors.

    `w = w_simplex + Xc' (Xc Xc' + penalty I)^-1 (y - X w_simplex)`, Xc the donors less their mean of
    each session, so that the weights still add to 1. The penalty is the one with the smallest error
    at sessions left out one by one, the simplex weights kept; no penalty that helps leaves the
    simplex control as it is (an infinite one).
    """
    w = simplex.weights(y, x)
    miss = y - x @ w
    centred = x - x.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    values = np.maximum(values, 0.0)
    rotated = vectors.T @ miss
    best, chosen = float(np.sqrt(np.mean(miss**2))), np.inf
    penalties = _PENALTIES * values[-1]
    shrunk = penalties / (values[:, None] + penalties)  # (M, penalties)
    left, kept = vectors @ (shrunk * rotated[:, None]), vectors**2 @ shrunk
    for i, penalty in enumerate(penalties):
        error = left_out_error(left[:, i], 1.0 - kept[:, i])
        if error < best:
            best, chosen = error, float(penalty)
    spent = max(int((w > 0).sum()) - 1, 0)
    if np.isfinite(chosen):
        w = w + centred.T @ (vectors @ (rotated / (values + chosen)))
        spent += int(np.ceil((values / (values + chosen)).sum()))
    before = x @ w
    room = np.sqrt(len(y) / max(len(y) - max(int((w > 0).sum()) - 1, 0), 1))
    sigma = best if np.isfinite(chosen) else best * room
    return Solution(before, ahead @ w, sigma, min(spent, len(y) - 2), w, penalty=chosen)


def refit(x: Floats, like: Solution) -> Refit:
    """Residuals with simplex weights and ridge chosen anew on all sessions, under the penalty chosen before."""
    if not np.isfinite(like.penalty):
        return simplex.refit(x, like)
    centred = x - x.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    shrunk = like.penalty / (np.maximum(values, 0.0) + like.penalty)

    def residuals(y: Floats) -> Floats:
        miss = y - x @ simplex.weights(y, x)
        return np.asarray(vectors @ (shrunk * (vectors.T @ miss)))

    return residuals
