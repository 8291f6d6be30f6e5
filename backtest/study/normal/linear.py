"""Ordinary least squares for every event at once, from the moments of its estimation window."""

from __future__ import annotations

import numpy as np

from backtest.study.normal.base import Fit, r_squared, residual_sigma
from backtest.study.running_sums import Floats, RunningMoments

# Below this share of its scale a centred sum of squares is rounding noise: the regressors are
# collinear, or the security is the benchmark itself.
_NOISE = 1e-12


def least_squares(moments: RunningMoments) -> Fit:
    """Regress y on a constant and the r regressors (r + 1 parameters)."""
    n_regressors = moments.mean_x.shape[1]
    inverse = _inverse(moments.sxx)
    slopes = np.einsum("nrs,ns->nr", inverse, moments.sxy)
    explained = np.einsum("nr,nr->n", slopes, moments.sxy)
    residual = moments.syy - explained
    residual = np.where(residual > _NOISE * moments.syy, residual, 0.0)
    df = moments.n - n_regressors - 1
    sigma = residual_sigma(residual, df)
    return Fit(
        intercept=moments.mean_y - np.einsum("nr,nr->n", slopes, moments.mean_x),
        slopes=slopes,
        centre=moments.mean_x,
        spread_inverse=inverse,
        estimated=np.ones(len(df), dtype=bool),
        sigma=np.where(sigma > 0, sigma, np.nan),
        df=df,
        n_obs=moments.n,
        r2=r_squared(explained, moments.syy),
    )


def _inverse(sxx: Floats) -> Floats:
    """Inverse of each (r, r) matrix; NaN where the regressors do not vary or are collinear."""
    scale = np.sqrt(np.maximum(np.einsum("nrr->nr", sxx), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = sxx / (scale[:, :, None] * scale[:, None, :])
    sound = np.isfinite(correlation).all(axis=(1, 2))
    sound[sound] = np.linalg.det(correlation[sound]) > _NOISE
    out = np.full_like(sxx, np.nan)
    out[sound] = np.linalg.inv(correlation[sound]) / (scale[sound, :, None] * scale[sound, None, :])
    return out


def with_beta(moments: RunningMoments, beta: Floats) -> Fit:
    """The market model with a given slope on the first regressor, (N,).

    Alpha, residuals and error follow from it.
    """
    market = moments.first(1)
    covered = 2 * beta * market.sxy[:, 0] - beta**2 * market.sxx[:, 0, 0]
    df = moments.n - 2
    return Fit(
        intercept=market.mean_y - beta * market.mean_x[:, 0],
        slopes=beta[:, None],
        centre=market.mean_x,
        spread_inverse=_inverse(market.sxx),
        estimated=np.ones(len(df), dtype=bool),
        sigma=residual_sigma(market.syy - covered, df),
        df=df,
        n_obs=moments.n,
        r2=r_squared(covered, market.syy),
    )
