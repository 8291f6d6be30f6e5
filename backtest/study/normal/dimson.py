"""The market model for thin trading of Dimson (1979)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.errors import StudyError
from backtest.study.normal.base import Fit
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares, with_beta
from backtest.study.running_sums import RunningMoments
from events.arguments import text, texts, whole


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
