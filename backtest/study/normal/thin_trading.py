"""Market models for thin trading: Scholes and Williams (1977), Dimson (1979)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.errors import StudyError
from backtest.study.normal.base import Fit
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares, with_beta
from backtest.study.running_sums import Floats, RunningMoments
from events.arguments import text, texts, whole


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


@dataclass(frozen=True)
class Dimson:
    """Beta is the sum of the slopes on the benchmark's lags and leads.

    From `lags` sessions before to `lags` sessions after. The abnormal return uses today's benchmark
    alone: the slopes on tomorrow's could not be used on the day. The forecast error takes the form
    of the market model (an approximation).

    >>> Dimson("SPY", lags=2).design.lags
    (-2, -1, 1, 2)
    """

    benchmark: str
    lags: int = 1
    peers: tuple[str, ...] = ()
    name: str = "dimson"

    def __post_init__(self) -> None:
        text("benchmark", self.benchmark, "'SPY'")
        texts("peers", self.peers, "('NVDA', 'AMD')")
        whole("lags", self.lags, 0)
        if self.lags < 1:
            raise StudyError(
                f"Dimson's model needs at least 1 lag and lead, got {self.lags}; "
                "use the market model"
            )

    @property
    def design(self) -> Design:
        """The benchmark, estimated with its lags and leads."""
        around = tuple(lag for lag in range(-self.lags, self.lags + 1) if lag)
        return Design((self.benchmark,), lags=around, peers=self.peers)

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit every event at once.

        The regressors of `moments` are today's benchmark, then its lags and leads.
        """
        return with_beta(moments, np.asarray(least_squares(moments).slopes.sum(axis=1)))
