"""What a test over several events starts from: their CARs through one window and how these move together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backtest.study.dependence import mean_correlation
from backtest.study.event_windows import EventWindow
from backtest.study.moments import Floats, Ints

# Keeps 1 + (N - 1) r away from zero: a mean correlation near -1/(N-1) would make any statistic explode.
_FLOOR = 0.05


@dataclass(frozen=True, eq=False)
class CrossSection:
    """N events with a finite SCAR; `correlation` (N, N) is the exact correlation of their CARs."""

    window: EventWindow
    correlation: Floats

    def __len__(self) -> int:
        return len(self.window.start)

    @property
    def car(self) -> Floats:
        """Cumulative abnormal returns, (N,)."""
        return self.window.car

    @property
    def car_se(self) -> Floats:
        """Their forecast standard errors, (N,)."""
        return self.window.car_se

    @property
    def scar(self) -> Floats:
        """Standardised CARs, (N,)."""
        return self.window.scar

    @cached_property
    def q(self) -> Floats:
        """Variance of each SCAR under the null, `df / (df - 2)`, (N,)."""
        df = self.window.df.astype(np.float64)
        return np.where(df > 2, df / np.maximum(df - 2, 1e-9), np.nan)

    @cached_property
    def r_star(self) -> float:
        """Mean exact correlation between the CARs of different events."""
        return mean_correlation(self.correlation)

    @property
    def inflation(self) -> float:
        """How much the variance of a mean exceeds that of independent events, `1 + (N - 1) r*`."""
        return max(1.0 + (len(self) - 1) * self.r_star, _FLOOR)

    @property
    def n_eff(self) -> float:
        """Number of independent events that would carry as much information."""
        return len(self) / self.inflation

    def take(self, keep: Ints) -> CrossSection:
        """The cross-section of the events at these positions."""
        return CrossSection(self.window.take(keep), self.correlation[np.ix_(keep, keep)])
