"""The mean-adjusted, the market-adjusted and the market model: Brown and Warner (1980, 1985).

The market model is that of MacKinlay (1997, equation 3), estimated by ordinary least squares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backtest.study.normal.base import Fit, r_squared, residual_sigma
from backtest.study.normal.design import Design, OnOneBenchmark
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import RunningMoments


@dataclass(frozen=True)
class MeanAdjusted:
    """The normal return is the security's own mean over the estimation window (one parameter).

    Brown and Warner (1980, 1985). It needs no benchmark.

    >>> MeanAdjusted().name, MeanAdjusted().benchmark
    ('mean_adjusted', '')
    """

    name: str = "mean_adjusted"
    benchmark: str = ""

    @property
    def design(self) -> Design:
        """No regressor at all."""
        return Design(benchmark=())

    def fit(self, moments: RunningMoments) -> Fit:
        """Take each event's mean return and its spread."""
        n_events = len(moments.n)
        return Fit(
            intercept=moments.mean_y,
            slopes=np.zeros((n_events, 0)),
            centre=np.zeros((n_events, 0)),
            spread_inverse=np.zeros((n_events, 0, 0)),
            estimated=np.ones(n_events, dtype=bool),
            sigma=residual_sigma(moments.syy, moments.n - 1),
            df=moments.n - 1,
            n_obs=moments.n,
            r2=np.zeros(n_events),
        )


@dataclass(frozen=True)
class MarketModel(OnOneBenchmark):
    """The normal return is `alpha + beta` times the benchmark's return (two parameters).

    The benchmark is a ticker, or PEERS: the equal-weighted basket of `peers` without the security
    itself. `own_weights` take a security's own weight out of a benchmark that holds it: `{"NVDA":
    0.20}`.

    >>> MarketModel("SPY").benchmark
    'SPY'
    """

    name: str = "market"

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit alpha and beta of every event at once."""
        return least_squares(moments)


@dataclass(frozen=True)
class MarketAdjusted(OnOneBenchmark):
    """The normal return is the benchmark's return: alpha 0, beta 1, nothing estimated.

    The forecast error therefore has no estimation term, and sigma is the standard deviation of the
    difference (M - 1 degrees of freedom, because its mean is taken out).

    The benchmark is a ticker, or PEERS: the equal-weighted basket of `peers` without the security
    itself. `own_weights` take a security's own weight out of a benchmark that holds it: `{"NVDA":
    0.20}`.

    >>> MarketAdjusted("PEERS", peers=("NVDA", "AMD")).benchmark
    'PEERS'
    """

    name: str = "market_adjusted"

    def fit(self, moments: RunningMoments) -> Fit:
        """Take each event's spread about the benchmark."""
        difference = moments.syy - 2 * moments.sxy[:, 0] + moments.sxx[:, 0, 0]
        return replace(
            benchmark_difference(moments, self.design),
            sigma=residual_sigma(difference, moments.n - 1),
            df=moments.n - 1,
            r2=r_squared(moments.syy - difference, moments.syy),
        )


def benchmark_difference(moments: RunningMoments, design: Design) -> Fit:
    """The difference to the benchmark, without a statement about its error.

    What a short history still allows. NaN for a design without a benchmark.
    """
    n_events, n_regressors = len(moments.n), len(design.regressors)
    slopes = np.zeros((n_events, n_regressors))
    slopes[:, list(design.benchmark)] = 1.0
    return Fit(
        intercept=np.full(n_events, 0.0 if design.benchmark else np.nan),
        slopes=slopes,
        centre=np.zeros((n_events, n_regressors)),
        spread_inverse=np.zeros((n_events, n_regressors, n_regressors)),
        estimated=np.zeros(n_events, dtype=bool),
        sigma=np.full(n_events, np.nan),
        df=np.zeros(n_events, dtype=np.int64),
        n_obs=moments.n,
        r2=np.full(n_events, np.nan),
    )
