"""The market-adjusted model: Brown and Warner (1980, 1985)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backtest.study.moments import Moments
from backtest.study.normal.base import Fit, r_squared, residual_sigma
from backtest.study.normal.design import Design


@dataclass(frozen=True)
class MarketAdjusted:
    """The normal return is the benchmark's return: alpha 0, beta 1, nothing estimated.

    The forecast error therefore has no estimation term, and sigma is the standard deviation of the difference
    (M - 1 degrees of freedom, because its mean is taken out).

    The benchmark is a ticker, or PEERS: the equal-weighted basket of `peers` without the security itself.

    >>> MarketAdjusted("PEERS", peers=("NVDA", "AMD")).benchmark
    'PEERS'
    """

    benchmark: str
    peers: tuple[str, ...] = ()
    name: str = "market_adjusted"

    @property
    def design(self) -> Design:
        """The benchmark alone."""
        return Design((self.benchmark,), peers=self.peers)

    def fit(self, moments: Moments) -> Fit:
        """Take each event's spread about the benchmark."""
        difference = moments.syy - 2 * moments.sxy[:, 0] + moments.sxx[:, 0, 0]
        return replace(
            benchmark_difference(moments),
            sigma=residual_sigma(difference, moments.n - 1),
            df=moments.n - 1,
            r2=r_squared(moments.syy - difference, moments.syy),
        )


def benchmark_difference(moments: Moments) -> Fit:
    """Beta 1 on the first regressor and no statement about the error: what a short history still allows."""
    n_events, n_regressors = moments.mean_x.shape
    slopes = np.zeros((n_events, n_regressors))
    slopes[:, :1] = 1.0
    return Fit(
        intercept=np.zeros(n_events),
        slopes=slopes,
        centre=np.zeros((n_events, n_regressors)),
        spread_inverse=np.zeros((n_events, n_regressors, n_regressors)),
        estimated=np.zeros(n_events, dtype=bool),
        sigma=np.full(n_events, np.nan),
        df=np.zeros(n_events, dtype=np.int64),
        n_obs=moments.n,
        r2=np.full(n_events, np.nan),
    )
