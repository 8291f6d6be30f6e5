"""A factor model whose factors are the principal components of the donors.

Connor and Korajczyk (1986).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from backtest.study.donors.solution import Refit, Solution, Solve, left_out_error
from backtest.study.running_sums import Floats

MOST = 15  # factors


def solver(x: Floats, ahead: Floats) -> Solve:
    """Regress the security on the first principal components of the donors' standardised returns.

    Components, means and spreads are those of the estimation sessions alone; afterwards a factor is
    the same weights times the donors' returns. Their number is that of Bai and Ng's (2002) ICp2.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    moving = spread > 0
    if not moving.all():
        x, ahead, mean, spread = x[:, moving], ahead[:, moving], mean[moving], spread[moving]
    standardised = (x - mean) / spread
    factors, to_factor = _components(standardised)
    n_factors = factors.shape[1]
    basis = np.column_stack([np.ones(len(x)), factors])
    q, r = np.linalg.qr(basis)
    leverage = (q**2).sum(axis=1)
    standardised_later = (ahead - mean) / spread
    later = standardised_later @ to_factor

    def solve(y: Floats) -> Solution:
        loadings = np.linalg.solve(r, q.T @ y)
        before = basis @ loadings
        sigma = left_out_error(y - before, leverage)
        after = loadings[0] + later @ loadings[1:]
        return Solution(before, after, sigma, n_factors + 1, n_factors=n_factors)

    return solve


def _components(z: Floats, given: int | None = None) -> tuple[Floats, Floats]:
    """Factors (M, K) of mean square one, and the weights (J, K) that make them.

    K is by ICp2 unless given.
    """
    size, width = z.shape
    most = given
    if given is None:
        most = max(min(MOST, width - 1, size // 10), 0)
    if most == 0:
        return np.zeros((size, 0)), np.zeros((width, 0))
    values, vectors = eigh(z @ z.T, subset_by_index=(size - most, size - 1))
    values, vectors = values[::-1], vectors[:, ::-1]
    if given is None:
        keep = number_of_factors(values, float((z**2).sum()), size, width)
        values, vectors = values[:keep], vectors[:, :keep]
    factors = vectors * np.sqrt(size)
    # z' v / lambda is the weight on the donors that gives v back: z z' v = lambda v
    back = np.sqrt(size) / np.maximum(values, np.finfo(float).tiny)
    return factors, z.T @ vectors * back


def number_of_factors(values: Floats, total: float, n_sessions: int, n_donors: int) -> int:
    """Bai and Ng (2002), ICp2: the k with the smallest `log V(k) + k (N+T)/(NT) log min(N,T)`.

    `values` are the largest eigenvalues of the sum of squares `total`, descending.
    """
    cells = n_sessions * n_donors
    explained = np.concatenate([[0.0], np.cumsum(values)])
    unexplained = np.maximum(total - explained, 1e-12 * total)
    cost = (n_sessions + n_donors) / cells * np.log(min(n_sessions, n_donors))
    n_factors = np.arange(len(values) + 1)
    criterion = np.log(unexplained / cells) + cost * n_factors
    return int(np.argmin(criterion))


def refit(x: Floats, like: Solution) -> Refit:
    """Residuals with components and loadings of all sessions, as many factors as before."""
    spread = x.std(axis=0)
    moving = spread > 0
    donors = x[:, moving]
    z = (donors - donors.mean(axis=0)) / spread[moving]
    factors, _ = _components(z, like.n_factors)
    basis = np.column_stack([np.ones(len(x)), factors])
    q, _ = np.linalg.qr(basis)
    return lambda y: np.asarray(y - q @ (q.T @ y))
