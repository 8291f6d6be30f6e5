"""The mean-adjusted model: Brown and Warner (1980, 1985), MacKinlay (1997, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.normal.base import Fit, residual_sigma
from backtest.study.normal.design import Design
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
