"""Tests over a million events: the same formulas without a table a day or a matrix a pair of events.

Fits and CARs come from running sums (`window_sums`). Every double sum over pairs of events is one
over pairs of securities: `sum_ij rho_ij w_i w_j g_i'g_j = sum_kl rho_kl G_k'G_l` with `G_k = sum of
w_i g_i` over the events of security k, a line on the calendar that is accumulated from its steps.
Cost is linear in the events.

One thing differs from the study of a few events: rho is taken between securities, over all their
estimable sessions, not between the estimation windows of each pair of events.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study.dependence.securities import SecurityCorrelation, security_correlation
from backtest.study.inference import TESTS, CrossSection
from backtest.study.inference.outcome import Outcome
from backtest.study.measure.running_sums import Floats, Ints
from backtest.study.measure.window_sums import WindowSums
from backtest.study.normal import Fit
from backtest.study.place.alignment import align
from backtest.study.place.panel import build_panel
from backtest.study.place.windows import Window, named
from backtest.study.study import EventStudy

# The tests that read nothing a `ManyEvents` lacks.
MANY_TESTS = (
    "kp_bmp_exact_t", "patell_exact_z", "caar_exact_z", "kp_bmp_overlap_t", "kp_patell_overlap_z", "patell_overlap_z",
    "caar_overlap_z", "kp_bmp_t", "kp_patell_z", "cross_t", "bmp_t", "patell_z", "ts_indep_z", "sign_z", "johnson_t",
    "hall_z",
)  # fmt: skip
_FLOOR = 0.05


@dataclass(frozen=True, eq=False)
class ManyEvents:
    """N events through one window, with what a `CrossSection` offers the tests of MANY_TESTS. Arrays are (N,)."""

    fit: Fit
    first: Ints
    last: Ints
    column: Ints
    estimation: tuple[Ints, Ints]
    car: Floats
    car_se: Floats
    days: Ints
    regressor_sum: Floats
    between: SecurityCorrelation

    def __len__(self) -> int:
        return len(self.car)

    @cached_property
    def scar(self) -> Floats:
        """Standardised CARs."""
        return self.car / self.car_se

    @cached_property
    def q(self) -> Floats:
        """Variance of each SCAR under the null."""
        df = self.fit.df.astype(np.float64)
        return np.where(df > 2, df / np.maximum(df - 2, 1e-9), np.nan)

    def variance_exact(self, weights: Floats) -> float:
        """`sum_ij C_ij w_i w_j`."""
        return _scaled(self._ones_exact, weights) if _equal(weights) else self._exact(weights)

    def variance_overlap(self, weights: Floats) -> float:
        """`sum_ij rho_ij o_ij w_i w_j`."""
        return _scaled(self._ones_overlap, weights) if _equal(weights) else self._overlap(weights)

    @cached_property
    def _ones_exact(self) -> float:
        return self._exact(np.ones(len(self)))

    @cached_property
    def _ones_overlap(self) -> float:
        return self._overlap(np.ones(len(self)))

    def _exact(self, weights: Floats) -> float:
        fit, panel = self.fit, self.between.panel
        length = self.car_se / fit.sigma
        w = weights / length
        away = self.regressor_sum - self.days[:, None] * fit.centre
        tilt = np.where(
            fit.estimated[:, None], np.einsum("nr,nrs->ns", away, fit.spread_inverse), 0.0
        )
        level = np.where(fit.estimated, self.days / np.maximum(fit.n_obs, 1), 0.0) - (
            tilt * fit.centre
        ).sum(axis=1)
        lines = self.line(-w * level, *self.estimation)
        for r in range(tilt.shape[1]):
            lines += self.line(-w * tilt[:, r], *self.estimation) * np.where(
                panel.estimable, panel.x[..., r], 0.0
            )
        lines *= panel.estimable
        return self.between.double_sum(lines + self.line(w, self.first, self.last) * panel.valid)

    def _overlap(self, weights: Floats) -> float:
        lines = self.line(weights / np.sqrt(self.days), self.first, self.last)
        return self.between.double_sum(lines * self.between.panel.valid)

    def line(self, weights: Floats, first: Ints, last: Ints) -> Floats:
        """Weights laid on rows `first` to `last` of each event's security, added up: (T, K)."""
        return self.between.line(weights, first, last, self.column)

    @cached_property
    def r_bar(self) -> float:
        """Mean residual correlation between different events, at least 0."""
        count = np.bincount(self.column, minlength=len(self.between.rho)).astype(np.float64)
        return max(self._mean(float(count @ self.between.rho @ count)), 0.0)

    @cached_property
    def r_overlap(self) -> float:
        """Mean residual correlation times window overlap, at least 0."""
        return max(self._mean(self.variance_overlap(np.ones(len(self)))), 0.0)

    @cached_property
    def r_star(self) -> float:
        """Mean exact correlation between the CARs of different events."""
        return self._mean(self.variance_exact(np.ones(len(self))))

    def _mean(self, total: float) -> float:
        n = len(self)
        return (total - n) / (n * (n - 1)) if n > 1 else 0.0

    @property
    def inflation(self) -> float:
        """`1 + (N - 1) r*`."""
        return max(1.0 + (len(self) - 1) * self.r_star, _FLOOR)

    @property
    def n_eff(self) -> float:
        """Number of independent events that would carry as much information."""
        return len(self) / self.inflation

    def test(self, key: str) -> Outcome:
        """One of MANY_TESTS."""
        if key not in MANY_TESTS:
            raise StudyError(
                f"test {key!r} is not made for many events; choose one of {', '.join(MANY_TESTS)}"
            )
        return TESTS[key](cast("CrossSection", self))


def _equal(weights: Floats) -> bool:
    return len(weights) > 0 and bool((weights == weights[0]).all())


def _scaled(of_ones: float, weights: Floats) -> float:
    return float(weights[0]) ** 2 * of_ones


def many_events(
    study: EventStudy, events: pd.DataFrame, prices: Prices | Returns
) -> dict[str, ManyEvents]:
    """Measure a large table of events (event_id, ticker, event_session): one `ManyEvents` a window.

    Events a window of which cannot be measured drop out of that window. For least-squares models
    without lags.

    >>> from backtest import MarketModel
    >>> from backtest.study.check.designs import independent
    >>> market = independent(np.random.default_rng(1), 8)
    >>> seen = many_events(EventStudy(MarketModel("MKT")), market.events, market.returns)
    >>> len(seen["1-day"]), seen["1-day"].test("bmp_t").n_events
    (8, 8)
    """
    if study.model.design.lags:
        raise StudyError(
            f"model {study.model.name!r} uses leads and lags; for many events take one without"
        )
    returns = prices.returns() if isinstance(prices, Prices) else prices
    aligned, _ = align(events, returns)
    columns, position = np.unique(aligned.column, return_inverse=True)
    row, column = aligned.row, position.astype(np.int64)
    panel = build_panel(
        returns, columns, study.model.design, (row, column), study.exclude, study.skip_after_listing
    )
    sums = WindowSums(panel)
    fit = sums.fit(study.model, study.estimation, row, column)
    between = security_correlation(panel)
    windows = named(study.windows)
    return {
        name: _measure(window, row, column, study, sums, fit, between)
        for name, window in windows.items()
    }


def _measure(
    window: Window,
    row: Ints,
    column: Ints,
    study: EventStudy,
    sums: WindowSums,
    fit: Fit,
    between: SecurityCorrelation,
) -> ManyEvents:
    first, last = row + window.start, row + window.end
    car, se, days, x_sum = sums.cars(fit, first, last, column)
    keep = np.isfinite(car / se)
    if not keep.all():
        fit = Fit(**{name: value[keep] for name, value in vars(fit).items()})
    start, end = row[keep] + study.estimation.start, row[keep] + study.estimation.end
    return ManyEvents(
        fit, first[keep], last[keep], column[keep], (start, end), car[keep], se[keep], days[keep], x_sum[keep], between
    )  # fmt: skip
