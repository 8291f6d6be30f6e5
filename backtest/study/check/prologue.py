"""Slopes of characteristics held against those of days before the events.

The test is that of Cohn, Johnson, Liu and Wardlaw. "Past is Prologue": returns of the days before
an event say how a slope varies when nothing happens, whatever the events share. Here the whole
catalog is shifted back (`check.placebo`), and the slope of every shift is estimated as the event's
own is: by least squares, and by generalised least squares with a covariance of the CARs made of
principal components, which takes out what the events share and so makes the slope more precise.

Slopes are held against those of the shifts over their errors, each with the spread of its own
residuals: events are more volatile than the days before them, and shifts of plain slopes would
take that for an effect of the characteristic.

The covariance is estimated on the shifts themselves. A slope judged by the covariance its own CARs
went into would look too steady; so every shift is judged by that of the other half of the shifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.running_sums import Bools, Floats
from events.words import count

LEAST = 19  # shifts
_MOST_COMPONENTS = 10
_TINY = 1e-30


@dataclass(frozen=True, eq=False)
class Prologue:
    """Slopes (k,) of the events by generalised least squares, and their errors.

    With them, t of each shift, (S, k). `n_without` events have no placebo CAR, so that no
    covariance of theirs is known, and are left out.
    """

    gls: Floats
    error: Floats
    placebo_t: Floats
    n_components: int
    n_without: int

    @property
    def columns(self) -> dict[str, Floats | int]:
        """The slopes, their errors and p-values from the shifts, by name of column."""
        error, share = against_shifts(self.gls, self.error, self.placebo_t)
        return {
            "coefficient_gls": self.gls,
            "se_gls": error,
            "pvalue_gls": share,
            "n_components": self.n_components,
        }

    @property
    def note(self) -> str:
        """What is to be known of the slopes; empty where nothing is."""
        if not self.n_without:
            return ""
        return (
            f"generalised least squares without {count(self.n_without, 'event')} "
            "that no placebo day has"
        )


def prologue(y: Floats, x: Floats, cars: Floats) -> Prologue | str:
    """Slopes of y (n,) on x (n, k) and t of those of the placebo CARs, or why there are none.

    The placebo CARs are (n, S), NaN missing. Shifts that fewer than half of the events have are
    left out, and events that none of the others has.
    """
    there = np.isfinite(cars)
    kept = there.mean(axis=0) >= 0.5
    has = there[:, kept].any(axis=1)
    n_without = int((~has).sum())
    y, x, cars, there = y[has], x[has], cars[has][:, kept], there[has][:, kept]
    if cars.shape[1] < LEAST:
        return _too_few(cars.shape[1])
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return (
            "no generalised least squares: "
            "the terms are collinear for the events that placebo days have"
        )
    half = np.arange(cars.shape[1]) < cars.shape[1] // 2
    # the days of one half are weighed by the other's covariance
    of_other = {True: covariance(cars[:, ~half]), False: covariance(cars[:, half])}
    whole = covariance(cars)
    ts = []
    for shift, values in enumerate(cars.T):
        own = there[:, shift]
        if not told_apart(x[own]):
            continue
        omega = of_other[bool(half[shift])].take(own)
        slopes, error = fitted(values[own], x[own], omega)
        ts.append(slopes / error)
    if len(ts) < LEAST:
        return _too_few(len(ts))
    return Prologue(*fitted(y, x, whole), np.array(ts), whole.n_components, n_without)


def placebo_ts(cars: Floats, x: Floats) -> Floats:
    """T of the slopes, (S, k), of the placebo CARs (n, S) on x (n, k) by least squares.

    Shifts that fewer than half of the events have are left out.
    """
    ts = []
    for values in cars.T:
        own = np.isfinite(values)
        if own.sum() >= len(x) / 2 and told_apart(x[own]):
            slopes, error = fitted(values[own], x[own])
            ts.append(slopes / error)
    return np.array(ts).reshape(-1, x.shape[1])


def told_apart(x: Floats) -> bool:
    """Whether the terms x (n, k) are not collinear and leave the residuals freedom."""
    return bool(len(x) > x.shape[1] and np.linalg.matrix_rank(x) == x.shape[1])


def _too_few(n_shifts: int) -> str:
    return (
        f"no generalised least squares: it needs {LEAST} placebo days on "
        f"which the terms can be told apart for half of the events, and there are {n_shifts}"
    )


def fitted(y: Floats, x: Floats, omega: Components | None = None) -> tuple[Floats, Floats]:
    """Slopes (k,) `(x' omega^-1 x)^-1 x' omega^-1 y`, and their errors.

    The errors take omega as known up to its level. Without `omega` least squares.
    """

    def weighed(values: Floats) -> Floats:
        """`omega^-1 v`."""
        if omega is None:
            return values
        return omega.solve(values)

    weighted = weighed(x)
    inverse = np.linalg.inv(weighted.T @ x)
    slopes = inverse @ (weighted.T @ y)
    residual = y - x @ slopes
    square = residual @ weighed(residual)
    level = max(square, _TINY) / (len(y) - x.shape[1])  # a perfect fit has an error still
    return slopes, np.sqrt(level * np.diag(inverse))


@dataclass(frozen=True, eq=False)
class Components:
    """A covariance of n events that is never laid out: `S (LL' + D) S`.

    L are the `loading` (n, q) of the events on what they share, D is each one's `own` variance
    (n,), and S its `spread` (n,).
    """

    loading: Floats
    own: Floats
    spread: Floats

    @property
    def n_components(self) -> int:
        """How many things the events share."""
        return int(self.loading.shape[1])

    @property
    def whole(self) -> Floats:
        """The covariance laid out, (n, n)."""
        correlation = self.loading @ self.loading.T + np.diag(self.own)
        return np.asarray(correlation * np.outer(self.spread, self.spread))

    def take(self, keep: Bools) -> Components:
        """The same of some events."""
        return Components(self.loading[keep], self.own[keep], self.spread[keep])

    def solve(self, values: Floats) -> Floats:
        """`omega^-1 v` of values (n,) or (n, k), by Woodbury: with the inverse of (q, q) alone."""
        columns = values.reshape(len(values), -1) / self.spread[:, None]
        apart = columns / self.own[:, None]
        weighed = self.loading / self.own[:, None]
        inner = np.eye(self.n_components) + self.loading.T @ weighed
        apart -= weighed @ np.linalg.solve(inner, weighed.T @ columns)
        return np.asarray((apart / self.spread[:, None]).reshape(values.shape))


def covariance(cars: Floats) -> Components:
    """Covariance of CARs (n, S) from their principal components.

    Components are those of the correlation whose eigenvalue exceeds what independent events would
    give, `(1 + sqrt(n / S))^2` (Marchenko and Pastur 1967), at most 10; what they leave is taken
    as each event's own. Missing CARs count as the mean.
    """
    there = np.isfinite(cars)
    count = np.maximum(there.sum(axis=1), 1)
    mean = np.where(there, cars, 0.0).sum(axis=1) / count
    away = np.where(there, cars - mean[:, None], 0.0)
    spread = np.sqrt((away**2).sum(axis=1) / count)
    moves = spread > 1e-9 * spread.max()
    spread = np.where(moves, spread, spread[moves].mean() if moves.any() else 1.0)
    z = away / spread[:, None]
    vectors, values, _ = np.linalg.svd(z, full_matrices=False)
    share = values**2 / z.shape[1]
    bar = (1 + np.sqrt(len(z) / z.shape[1])) ** 2
    n_components = min(int((share > bar).sum()), _MOST_COMPONENTS)
    loading = vectors[:, :n_components] * np.sqrt(share[:n_components])
    own = np.maximum(1.0 - (loading**2).sum(axis=1), 0.05)
    return Components(loading, own, spread)


def against_shifts(slopes: Floats, error: Floats, placebo_t: Floats) -> tuple[Floats, Floats]:
    """Errors (k,) of slopes as wide as t is among shifts (S, k).

    And the share of those as far from 0.
    """
    reached: Bools = np.abs(placebo_t) >= np.abs(slopes / error) * (1 - 1e-12)
    share = (1 + reached.sum(axis=0)) / (len(placebo_t) + 1)
    return error * np.sqrt((placebo_t**2).mean(axis=0)), np.asarray(share)
