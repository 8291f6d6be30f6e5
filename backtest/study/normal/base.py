"""What every normal-return model gives: a linear prediction and how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from backtest.study.normal.design import Design
from backtest.study.running_sums import Bools, Floats, Ints, RunningMoments
from backtest.work.passing import Places


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

    def take(self, keep: Places) -> Fit:
        """The same for the events at these positions."""
        return Fit(**{name: value[keep] for name, value in vars(self).items()})

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


@dataclass(frozen=True)
class Volatility:
    """Conditional variances of N events over the H sessions of the horizon.

    `filtered` (N, H) is the variance of a session given everything before it; `persistence` and
    `long_run` (N,) say how it goes on from there: `h -> long_run + persistence (h - long_run)` a
    session. Only events with `given` (N,) have them; the others keep the constant variance of least
    squares.
    """

    filtered: Floats
    persistence: Floats
    long_run: Floats
    given: Bools

    def of_sum(self, inside: Bools) -> Floats:
        """Variance of the sum of the abnormal returns on the sessions `inside` (N, H).

        Seen from before the first. The abnormal returns of the window never feed their own
        variance.
        """
        first = inside.argmax(axis=1)
        start = self.filtered[np.arange(len(first)), first]
        ahead = np.maximum(np.arange(inside.shape[1]) - first[:, None], 0)
        path = (
            self.long_run[:, None]
            + self.persistence[:, None] ** ahead * (start - self.long_run)[:, None]
        )
        return np.asarray(np.where(inside, path, 0.0).sum(axis=1))

    def of_days(self, days: Ints) -> Floats:
        """Variance of each session of event days `days` (H,), (N, H).

        From day 0 on, seen from the eve of the event.
        """
        eve = int(np.searchsorted(days, 0))
        ahead = np.maximum(days, 0)
        start = (self.filtered[:, eve] - self.long_run)[:, None]
        after = self.long_run[:, None] + self.persistence[:, None] ** ahead * start
        return np.where(days < 0, self.filtered, after)

    def take(self, keep: Places) -> Volatility:
        """The same for the events at these positions."""
        return Volatility(*(value[keep] for value in vars(self).values()))


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
