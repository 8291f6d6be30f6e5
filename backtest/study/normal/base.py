"""What every normal-return model gives: a linear prediction and how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from backtest.study.normal.design import Design
from backtest.study.normal.volatility import Volatility
from backtest.study.running_sums import Bools, Floats, Ints, RunningMoments


@dataclass(frozen=True)
class Fit:
    """A linear normal-return model fitted to each of N events.

    The prediction for a session with regressors x is `intercept + slopes @ x`. `centre` (N, r) and
    `spread_inverse` (N, r, r) are the mean of the regressors over the estimation window and the
    inverse of their centred sum of squares; both matter only where `estimated` (N,) is true.
    `sigma` is NaN where no forecast error can be given. `df` are residual degrees of freedom.
    """

    intercept: Floats
    slopes: Floats
    centre: Floats
    spread_inverse: Floats
    estimated: Bools
    sigma: Floats
    df: Ints
    n_obs: Ints
    r2: Floats

    def predict(self, x: Floats) -> Floats:
        """Normal returns (N, L) for regressors x of shape (N, L, r)."""
        slope_part: Floats = np.einsum("nlr,nr->nl", x, self.slopes)
        return self.intercept[:, None] + slope_part

    def forecast_variance(self, days: Floats, x_sum: Floats) -> Floats:
        """Variance of a sum of abnormal returns over `days` sessions.

        Their regressors add to `x_sum`. Campbell, Lo and MacKinlay (1997, section 4.4) and Salinger
        (1992): `sigma^2 (L + L^2/M + (x_sum - L xbar)' Sxx^-1 (x_sum - L xbar))`. Shapes (N, ...)
        and (N, ..., r).
        """
        extra = (slice(None),) + (None,) * (days.ndim - 1)
        away = x_sum - days[..., None] * self.centre[(*extra, slice(None))]
        spread = np.einsum("n...r,nrs,n...s->n...", away, self.spread_inverse, away)
        error = days**2 / np.maximum(self.n_obs, 1)[extra] + spread
        return self.sigma[extra] ** 2 * (days + np.where(self.estimated[extra], error, 0.0))


class NormalModel(Protocol):
    """How a security's return would have been without the event.

    Learnt on its estimation window.
    """

    @property
    def name(self) -> str:
        """The name used in tables and experiments."""

    @property
    def benchmark(self) -> str:
        """The benchmark as tables name it; empty where the model has none."""

    @property
    def design(self) -> Design:
        """The columns of returns it stands on."""

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit every event at once."""


@dataclass(frozen=True)
class Days:
    """The sessions themselves, for models that sums do not suffice for: N events, D sessions each.

    `y` (N, D) and `x` (N, D, r) run from the first session of the estimation window to the last of
    the horizon, NaN where missing; `used` (N, D) are those to estimate on; the horizon begins with
    column `horizon`.
    """

    y: Floats
    x: Floats
    used: Bools
    horizon: int


@runtime_checkable
class DailyModel(NormalModel, Protocol):
    """A model whose variance moves from session to session."""

    def refine(self, fit: Fit, days: Days) -> tuple[Fit, Volatility]:
        """Improve on the fit from moments, event by event."""


def residual_sigma(sum_of_squares: Floats, df: Ints) -> Floats:
    """The residual standard deviation; NaN without degrees of freedom."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(
            df > 0, np.sqrt(np.maximum(sum_of_squares, 0.0) / np.maximum(df, 1)), np.nan
        )


def r_squared(explained: Floats, total: Floats) -> Floats:
    """Share of the variance explained; NaN for a constant return."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, explained / total, np.nan)
