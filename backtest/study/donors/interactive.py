"""Generalised synthetic control: interactive fixed effects (Xu 2017).

The factors are counted by cross-validation.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from backtest.study.donors.solution import Refit, Solution, Solve, left_out_error
from backtest.study.running_sums import Floats

MOST = 10  # factors


def solver(x: Floats, ahead: Floats) -> Solve:
    """Factors of the donors over all sessions, loadings of the security on its estimation sessions.

    Donor returns are `alpha_j + xi_t + lambda_j' f_t`: less their means over sessions and over
    donors, the factors are their first principal components. The security is `alpha + xi_t +
    lambda' f_t`. As many factors as give the smallest error at estimation sessions left out one by
    one.
    """
    given = len(x)
    common, factors = _factors(np.vstack([x, ahead]), given)
    basis = np.column_stack([np.ones(given), factors[:given]])
    q, r = np.linalg.qr(basis)

    def solve(y: Floats) -> Solution:
        target = y - common[:given]
        left, leverage = target.copy(), np.zeros(given)
        best, n_factors, fitted = np.inf, 0, np.zeros(given)
        # the basis is orthogonal: one factor more takes its own part out of what is left
        for k, direction in enumerate(q.T):
            left = left - direction * (direction @ left)
            leverage = leverage + direction**2
            error = left_out_error(left, leverage)
            if error < best:
                best, n_factors, fitted = error, k, target - left
        size = n_factors + 1
        loadings = np.linalg.solve(r[:size, :size], q[:, :size].T @ target)
        later = factors[given:, :n_factors]
        before = common[:given] + fitted
        after = common[given:] + loadings[0] + later @ loadings[1:]
        return Solution(before, after, best, size, n_factors=n_factors)

    return solve


def _factors(returns: Floats, n_estimation: int) -> tuple[Floats, Floats]:
    """What all donors share each session, (P,), and their principal components, (P, K)."""
    common = returns.mean(axis=1)
    away = returns - common[:, None]
    away = away - away.mean(axis=0)
    most = max(min(MOST, returns.shape[1] - 2, n_estimation // 10), 0)
    return common, _components(away, most)


def _components(away: Floats, most: int) -> Floats:
    """The first principal components over sessions, each of mean square one.

    (P, at most `most`).
    """
    size = len(away)
    if most == 0:
        return np.zeros((size, 0))
    values, vectors = eigh(away @ away.T, subset_by_index=(size - most, size - 1))
    values, vectors = values[::-1], vectors[:, ::-1]  # the largest first
    there = values > 1e-12 * max(float(values[0]), np.finfo(float).tiny)
    return np.asarray(vectors[:, there] * np.sqrt(size))


def refit(x: Floats, like: Solution) -> Refit:
    """Residuals with loadings estimated anew on all sessions, as many factors as before."""
    common, factors = _factors(x, len(like.before))
    basis = np.column_stack([np.ones(len(x)), factors[:, : like.n_factors]])
    q, _ = np.linalg.qr(basis)

    def residuals(y: Floats) -> Floats:
        target = y - common
        return np.asarray(target - q @ (q.T @ target))

    return residuals
