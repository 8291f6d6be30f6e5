"""The synthetic control of Abadie, Diamond and Hainmueller (2010), on returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from backtest.errors import StudyError
from backtest.study.normal.base import Fit, r_squared, residual_sigma
from backtest.study.normal.design import Design
from backtest.study.running_sums import Floats, RunningMoments
from events.arguments import texts, yes_no


@dataclass(frozen=True)
class SyntheticControl:
    """The normal return is `sum_j w_j` times the donors' returns.

    `w >= 0` adding to 1, closest before the event. The security itself never is its own donor, nor
    are the parties of its announcement and donors with news of their own in its horizon, unless
    `without_news` is False; `result.donors` says of each why. An event left with fewer than 2
    donors is dropped. A session on which a donor is missing drops out, so donors should have the
    history of the securities studied. The error counts one parameter less than there are donors in
    use, and has no estimation term: read the conformal p-value of an event rather than its t.

    >>> SyntheticControl(("NVDA", "AMD", "AVGO")).benchmark
    'synthetic of 3 donors'
    """

    donors: tuple[str, ...]
    without_news: bool = True
    name: str = "synthetic_control"

    def __post_init__(self) -> None:
        if not isinstance(self.donors, str):
            texts("donors", self.donors, "('MSFT', 'ORCL')")
        yes_no("without_news", self.without_news)
        if isinstance(self.donors, str) or len(self.donors) < 2:
            raise StudyError(f"a synthetic control needs at least 2 donors, got {self.donors!r}")

    @property
    def benchmark(self) -> str:
        """How many donors there are to choose from."""
        return f"synthetic of {len(self.donors)} donors"

    @property
    def design(self) -> Design:
        """The donors' returns, none of them the benchmark by itself."""
        return Design(self.donors, benchmark=(), without_self=True, without_news=self.without_news)

    def fit(self, moments: RunningMoments) -> Fit:
        """Choose the weights of every event."""
        if self.without_news:
            least = 2
        else:
            least = 1
        sums = zip(*_about_zero(moments), strict=True)
        weights = np.array([_weights(*one, least) for one in sums])
        weights = weights.reshape(moments.mean_x.shape)
        squares = _squares(moments, weights)
        df = moments.n - np.maximum((weights > 0).sum(axis=1) - 1, 0)
        return Fit(
            intercept=np.zeros(len(df)),
            slopes=weights,
            centre=np.zeros_like(weights),
            spread_inverse=np.zeros_like(moments.sxx),
            estimated=np.zeros(len(df), dtype=bool),
            sigma=residual_sigma(squares, df),
            df=df,
            n_obs=moments.n,
            r2=r_squared(moments.syy - squares, moments.syy),
        )


def _about_zero(moments: RunningMoments) -> tuple[Floats, Floats, Floats]:
    """Sums of squares and products of y and x about zero instead of their means."""
    n, y, x = moments.n, moments.mean_y, moments.mean_x
    yy = moments.syy + n * y**2
    xy = moments.sxy + (n * y)[:, None] * x
    xx = moments.sxx + n[:, None, None] * x[:, :, None] * x[:, None, :]
    return yy, xy, xx


def _squares(moments: RunningMoments, weights: Floats) -> Floats:
    """Sum of squared differences before the event."""
    yy, xy, xx = _about_zero(moments)
    return np.asarray(
        yy - 2 * (weights * xy).sum(axis=1) + np.einsum("nr,nrs,ns->n", weights, xx, weights)
    )


def _weights(yy: float, xy: Floats, xx: Floats, least: int) -> Floats:
    """Minimise `|y - X w|^2` over `w >= 0` adding to 1, exactly.

    As the weights add to 1 this is `|D w|^2` with the differences D = y - X. Its minimum over the
    simplex is the direction of the non-negative least squares solution of `[D; 1'] u = [0; 1]`. NaN
    where fewer than `least` donors vary.
    """
    out = np.full(len(xy), np.nan)
    if not np.isfinite(xx).all():
        return out
    donors = np.flatnonzero(
        np.diag(xx) > 0
    )  # the security itself and donors with news were set to zero
    if len(donors) < least:
        return out
    gram = yy - xy[donors, None] - xy[donors] + xx[np.ix_(donors, donors)]
    root = _root(gram)
    system = np.vstack(
        [root / max(float(np.abs(root).max()), np.finfo(float).tiny), np.ones(len(donors))]
    )
    found, _ = nnls(system, _last_one(len(system)))
    out[:] = 0.0
    out[donors] = found / found.sum()
    return out


def _root(gram: Floats) -> Floats:
    """A matrix R with R'R = gram."""
    values, vectors = np.linalg.eigh(gram)
    return np.asarray(np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T)


def _last_one(size: int) -> Floats:
    out = np.zeros(size)
    out[-1] = 1.0
    return out
