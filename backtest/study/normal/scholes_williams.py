"""The market model for thin trading of Scholes and Williams (1977)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.normal.base import Fit
from backtest.study.normal.design import Design
from backtest.study.normal.linear import with_beta
from backtest.study.running_sums import Floats, RunningMoments
from events.arguments import text, texts


@dataclass(frozen=True)
class ScholesWilliams:
    """Beta is `(b- + b0 + b+) / (1 + 2 rho)`.

    From slopes on yesterday's, today's and tomorrow's benchmark. `rho` is the benchmark's first
    autocorrelation; all over the sessions whose neighbours lie inside the estimation window too.
    The abnormal return uses today's benchmark alone. The forecast error takes the form of the
    market model (an approximation). An event whose `rho` is -1/2 or below has no estimate.

    >>> ScholesWilliams("SPY").design.lags
    (-1, 1)
    """

    benchmark: str
    peers: tuple[str, ...] = ()
    name: str = "scholes_williams"

    def __post_init__(self) -> None:
        text("benchmark", self.benchmark, "'SPY'")
        texts("peers", self.peers, "('NVDA', 'AMD')")

    @property
    def design(self) -> Design:
        """The benchmark, estimated with one session of lag and lead."""
        return Design((self.benchmark,), lags=(-1, 1), trim=1, peers=self.peers)

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit every event at once.

        The regressors of `moments` are today's, yesterday's and tomorrow's benchmark.
        """
        return with_beta(moments, _beta(moments))


def _beta(moments: RunningMoments) -> Floats:
    squares = np.einsum("nrr->nr", moments.sxx)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = moments.sxy / squares
        autocorrelation = moments.sxx[:, 0, 1] / np.sqrt(squares[:, 0] * squares[:, 1])
        beta = slopes.sum(axis=1) / (1 + 2 * autocorrelation)
    return np.where(autocorrelation > -0.5, beta, np.nan)
