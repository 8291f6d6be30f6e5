"""The market model with GARCH(1,1) errors: Bollerslev (1986).

Through the `arch` package (its only importer).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backtest.study.normal.base import Days, Fit, Volatility
from backtest.study.normal.design import Design
from backtest.study.normal.linear import least_squares
from backtest.study.running_sums import Floats, RunningMoments
from events.arguments import text, texts, whole

# In a fifth of windows of 250 sessions, and three of four of 60, the likelihood is highest at its
# bounds (docs/methods.md, section 3).
MINIMUM_OBSERVATIONS = 250
_EDGE = 1e-4
_PERCENT = 100.0  # the optimiser wants returns in percent


@dataclass(frozen=True)
class GarchMarketModel:
    """`alpha + beta` times the benchmark, with `h_t = omega + a e_(t-1)^2 + b h_(t-1)`.

    By Gaussian quasi-likelihood. The variance of a CAR is the sum of the variances forecast on the
    eve of its window; it has no estimation term. An event keeps least squares, and is flagged
    `garch_fallback`, where its estimation window has fewer than `minimum` returns or the fit is not
    interior (a or b near 0, a + b near 1). The default estimation window has 250 sessions at most:
    give a longer one, such as `Window(-510, -11)`. The statistic is compared with the normal
    distribution (the tables' df is NaN), that of an event on least squares with t.

    >>> GarchMarketModel("SPY").minimum
    250
    """

    benchmark: str
    minimum: int = MINIMUM_OBSERVATIONS
    peers: tuple[str, ...] = ()
    name: str = "garch"

    def __post_init__(self) -> None:
        text("benchmark", self.benchmark, "'SPY'")
        texts("peers", self.peers, "('NVDA', 'AMD')")
        whole("minimum", self.minimum, 1)

    @property
    def design(self) -> Design:
        """The benchmark alone."""
        return Design((self.benchmark,), peers=self.peers)

    def fit(self, moments: RunningMoments) -> Fit:
        """Fit least squares, which `refine` starts from and falls back on."""
        return least_squares(moments)

    def refine(self, fit: Fit, days: Days) -> tuple[Fit, Volatility]:
        """Fit every event that has enough observations."""
        found = {}
        for i in np.flatnonzero((fit.n_obs >= self.minimum) & np.isfinite(fit.sigma)):
            estimates = _quasi_likelihood(days.y[i, days.used[i]], days.x[i, days.used[i], 0])
            if estimates.interior:
                found[int(i)] = estimates
        return _merged(fit, days, found), _volatility(days, found)


class _Estimates(NamedTuple):
    alpha: float
    beta: float
    omega: float
    a: float
    b: float
    first_variance: float
    converged: bool

    @property
    def interior(self) -> bool:
        """Whether the likelihood has its maximum away from the bounds."""
        inside = min(self.a, self.b) > _EDGE and self.a + self.b < 1 - _EDGE
        return self.converged and self.omega > 0 and inside

    def residuals(self, y: Floats, x: Floats) -> Floats:
        return y - self.alpha - self.beta * x


def _quasi_likelihood(y: Floats, x: Floats) -> _Estimates:
    """Gaussian quasi-maximum likelihood on consecutive observations."""
    from arch.univariate import GARCH, LS, Normal

    model = LS(
        _PERCENT * y,
        _PERCENT * x[:, None],
        volatility=GARCH(1, 0, 1),
        distribution=Normal(),
        rescale=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that does not converge is flagged, not printed
        result = model.fit(disp="off", show_warning=False)
    alpha, beta, omega, a, b = map(float, result.params)
    first = float(result.conditional_volatility[0]) / _PERCENT
    return _Estimates(
        alpha / _PERCENT, beta, omega / _PERCENT**2, a, b, first**2, result.convergence_flag == 0
    )


def _filtered(residuals: Floats, start: int, estimates: _Estimates) -> Floats:
    """Variance of every session from `start` on given those before it.

    A missing residual counts as expected.
    """
    out = np.full(len(residuals), np.nan)
    variance = estimates.first_variance
    for day in range(start, len(residuals)):
        out[day] = variance
        shock = variance
        if np.isfinite(residuals[day]):
            shock = residuals[day] ** 2
        variance = estimates.omega + estimates.a * shock + estimates.b * variance
    return out


def _volatility(days: Days, found: dict[int, _Estimates]) -> Volatility:
    n_events, n_days = days.y.shape
    filtered = np.full((n_events, n_days - days.horizon), np.nan)
    persistence, long_run = np.full(n_events, np.nan), np.full(n_events, np.nan)
    for i, estimates in found.items():
        residuals = estimates.residuals(days.y[i], days.x[i, :, 0])
        filtered[i] = _filtered(residuals, int(days.used[i].argmax()), estimates)[days.horizon :]
        persistence[i] = estimates.a + estimates.b
        long_run[i] = estimates.omega / (1 - persistence[i])
    return Volatility(filtered, persistence, long_run, np.isfinite(persistence))


def _merged(fit: Fit, days: Days, found: dict[int, _Estimates]) -> Fit:
    """Least squares with the estimates of the events that have them."""
    values = {name: value.copy() for name, value in vars(fit).items()}
    for i, estimates in found.items():
        y, x = days.y[i, days.used[i]], days.x[i, days.used[i], 0]
        squares = float((estimates.residuals(y, x) ** 2).sum())
        values["intercept"][i], values["slopes"][i, 0] = estimates.alpha, estimates.beta
        values["sigma"][i] = np.sqrt(squares / fit.df[i])
        values["r2"][i] = 1 - squares / float(((y - y.mean()) ** 2).sum())
        values["estimated"][i] = False
    return Fit(**values)
