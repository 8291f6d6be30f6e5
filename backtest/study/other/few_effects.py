"""Effects of which a share are all the same and the others vary: what each event is worth then.

`theta_i = mu` for a share `1 - pi` of the events and `theta_i ~ N(mu, tau^2)` for the others, which
is a normal law with a spike (George and McCulloch 1993). `mu`, `tau` and `pi` are summed over on a
grid: flat in `mu`, `tau^2` and the values of `pi`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from backtest.study.running_sums import Floats, Ints

SHARES = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)  # of events whose effects vary
_SPREADS, _MEANS = 30, 15
_LEAST = 1e-4  # of the largest weight: cells of the grid below it are left out


@dataclass(frozen=True, eq=False)
class EffectMoments:
    """Of each effect the mean, the mean square and the weight of its own CAR, (n,).

    `evidence` is the log density of the CARs, flat in mu.
    """

    mean: Floats
    square: Floats
    own: Floats
    evidence: float

    @property
    def stacked(self) -> Floats:
        """The three, (3, n)."""
        return np.vstack([self.mean, self.square, self.own])


def spreads(x: Floats, s: Floats, n: int) -> tuple[Floats, Floats]:
    """Values (n,) of tau up to what the CARs allow.

    And the log of a prior flat in tau^2, which sums to one.
    """
    taus = np.linspace(0.0, 4 * float(np.std(x)) + 2 * float(np.median(s)), n)
    prior = np.maximum(taus, 0.5 * taus[1])
    return taus, np.log(prior / prior.sum())


@dataclass(frozen=True, eq=False)
class FewEffects:
    """The moments of every effect, and the `sample` of events that the law was found on."""

    moments: EffectMoments
    sample: Ints

    @property
    def evidence(self) -> float:
        """How likely the CARs of the sample are."""
        return self.moments.evidence


def few_effects(x: Floats, s: Floats, most: int) -> FewEffects:
    """What CARs x (n,) with errors s (n,) say of each effect where only some differ.

    The law is found on at most `most` events, evenly spaced.
    """
    n = len(x)
    sample = np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))
    known, error = x[sample], s[sample]
    taus, prior = spreads(known, error, _SPREADS)
    mus, width = _means(known, error)
    same, varies = _densities(known, error, mus, taus)
    log = np.stack([_of_share(pi, same, varies) for pi in SHARES])
    log += prior[:, None] + np.log(width) - np.log(len(SHARES))
    weight = np.exp(log - log.max())
    evidence = float(log.max()) + float(np.log(weight.sum()))
    cells = np.argwhere(weight >= _LEAST)
    grid = np.array(SHARES)[cells[:, 0]], taus[cells[:, 1]], mus[cells[:, 2]]
    share = weight[tuple(cells.T)]
    return FewEffects(EffectMoments(*_moments(x, s, share / share.sum(), grid), evidence), sample)


def _means(x: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Values of mu and the width of each.

    About the mean of all effects, and that of those that are the same.
    """
    weight = 1 / (s**2 + float(np.var(x)))
    about = (
        (float((weight * x).sum() / weight.sum()), 1 / float(np.sqrt(weight.sum()))),
        (float(np.median(x)), 1.25 * float(np.median(s)) / float(np.sqrt(len(x)))),
    )
    mus = np.unique(
        np.concatenate([at + np.linspace(-3.5, 3.5, _MEANS) * error for at, error in about])
    )
    return mus, np.gradient(mus)


def _densities(x: Floats, s: Floats, mus: Floats, taus: Floats) -> tuple[Floats, Floats]:
    """Log densities of the CARs.

    Where the effect is mu, (means, n), and where it varies, (spreads, means, n).
    """
    far = (x - mus[:, None]) ** 2
    variance = s**2 + taus[:, None] ** 2
    same = -0.5 * (np.log(2 * np.pi * s**2) + far / s**2)
    varies = -0.5 * (np.log(2 * np.pi * variance)[:, None, :] + far / variance[:, None, :])
    return same, varies


def _of_share(pi: float, same: Floats, varies: Floats) -> Floats:
    """Log density of all CARs where the effects of a share pi vary, (spreads, means)."""
    both = np.logaddexp(np.log1p(-pi) + same, np.log(pi) + varies)
    return np.asarray(both.sum(axis=-1))


def _moments(
    x: Floats, s: Floats, share: Floats, grid: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Mean, mean square and own weight of each effect, (n,).

    Over cells of pi, tau and mu with their shares.
    """
    mean, square, own = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    step = max(1_000_000 // len(x), 1)
    for begin in range(0, len(share), step):
        part = share[begin : begin + step]
        pi, tau, mu = (values[begin : begin + step, None] for values in grid)
        variance = s**2 + tau**2
        far = (x - mu) ** 2
        odds = np.log(pi / (1 - pi)) + 0.5 * (np.log(s**2 / variance) + far / s**2 - far / variance)
        differs = special.expit(odds)
        kept = tau**2 / variance
        there = mu + kept * (x - mu)
        mean += part @ (differs * there + (1 - differs) * mu)
        square += part @ (differs * (there**2 + kept * s**2) + (1 - differs) * mu**2)
        own += part @ (differs * kept)
    return mean, square, own
