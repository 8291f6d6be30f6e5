"""The market model: MacKinlay (1997, equation 3), estimated by ordinary least squares."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.moments import Moments
from backtest.study.normal.base import Fit
from backtest.study.normal.linear import least_squares


@dataclass(frozen=True)
class MarketModel:
    """The normal return is `alpha + beta` times the benchmark's return (two parameters).

    >>> MarketModel("SPY").benchmark
    'SPY'
    """

    benchmark: str
    name: str = "market"

    @property
    def regressors(self) -> tuple[str, ...]:
        """The benchmark alone."""
        return (self.benchmark,)

    def fit(self, moments: Moments) -> Fit:
        """Fit alpha and beta of every event at once."""
        return least_squares(moments)
