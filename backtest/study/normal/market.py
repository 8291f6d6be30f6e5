"""The market model: MacKinlay (1997, equation 3), estimated by ordinary least squares."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.normal.base import Fit
from backtest.study.normal.design import OnOneBenchmark
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import RunningMoments


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
