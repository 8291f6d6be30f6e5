"""Effects of which a share are all the same and the others vary: what each event is worth then.

`theta_i = mu` for a share `1 - pi` of the events and `theta_i ~ N(mu, tau^2)` for the others, which
is a normal law with a spike (George and McCulloch 1993). `mu`, `tau` and `pi` are summed over on a
grid: flat in `mu`, `tau^2` and the values of `pi`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtest.study.running_sums import Floats, Ints
from backtest.work.compiled import compiled

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
    furthest = 4 * float(np.std(x)) + 2 * float(np.median(s))
    taus = np.linspace(0.0, furthest, n)
    prior = np.maximum(taus, 0.5 * taus[1])  # d(tau^2) = 2 tau d(tau); half a step at zero
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
    even = np.linspace(0, n - 1, min(n, most)).round()
    sample = np.unique(even.astype(np.int64))
    known, error = x[sample], s[sample]
    taus, prior = spreads(known, error, _SPREADS)
    mus, width = _means(known, error)
    same, varies = _densities(known, error, mus, taus)
    log = np.stack([_of_share(pi, same, varies) for pi in SHARES])
    log += prior[:, None] + np.log(width) - np.log(len(SHARES))
    weight = np.exp(log - log.max())
    evidence = float(log.max()) + float(np.log(weight.sum()))
    weight[weight < _LEAST] = 0.0
    posterior = weight / weight.sum()
    mean, square, own = _moments(x, s, posterior, np.array(SHARES), taus, mus)
    return FewEffects(EffectMoments(mean, square, own, evidence), sample)


def _means(x: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Values of mu and the width of each.

    About the mean of all effects, and that of those that are the same.
    """
    weight = 1 / (s**2 + float(np.var(x)))
    of_all = float((weight * x).sum() / weight.sum())
    error_of_all = 1 / float(np.sqrt(weight.sum()))
    of_same = float(np.median(x))
    error_of_same = 1.25 * float(np.median(s)) / float(np.sqrt(len(x)))  # 1.25: of a median
    steps = np.linspace(-3.5, 3.5, _MEANS)
    mus = np.unique(
        np.concatenate([of_all + steps * error_of_all, of_same + steps * error_of_same])
    )
    return mus, np.gradient(mus)


def _densities(x: Floats, s: Floats, mus: Floats, taus: Floats) -> tuple[Floats, Floats]:
    """Log densities of the CARs.

    Where the effect is mu, (means, n), and where it varies, (spreads, means, n).
    """
    far = (x - mus[:, None]) ** 2
    variance = s**2 + taus[:, None] ** 2
    same = -0.5 * (np.log(2 * np.pi * s**2) + far / s**2)
    level = np.log(2 * np.pi * variance)
    varies = -0.5 * (level[:, None, :] + far / variance[:, None, :])
    return same, varies


def _of_share(pi: float, same: Floats, varies: Floats) -> Floats:
    """Log density of all CARs where the effects of a share pi vary, (spreads, means)."""
    both = np.logaddexp(np.log1p(-pi) + same, np.log(pi) + varies)
    return np.asarray(both.sum(axis=-1))


@compiled
def _moments(
    x: Floats, s: Floats, weight: Floats, shares: Floats, taus: Floats, mus: Floats
) -> Floats:  # pragma: no cover -- compiled
    """Mean, mean square and own weight of each effect, (3, n).

    `weight` (shares, spreads, means) is that of each cell of the grid.
    """
    out = np.zeros((3, len(x)))
    used = weight.sum(axis=0)
    odds = shares / (1 - shares)
    for i in range(len(x)):
        error = s[i] ** 2
        for t in range(len(taus)):
            variance = error + taus[t] ** 2
            kept = taus[t] ** 2 / variance
            for m in range(len(mus)):
                if used[t, m] == 0.0:
                    continue
                far = (x[i] - mus[m]) ** 2
                # the density where the effect is mu, over that where it varies
                same = np.sqrt(variance / error) * np.exp(-0.5 * far * (1 / error - 1 / variance))
                differs = 0.0
                for pi in range(len(shares)):
                    differs += weight[pi, t, m] * odds[pi] / (odds[pi] + same)
                rest = used[t, m] - differs
                there = mus[m] + kept * (x[i] - mus[m])
                out[0, i] += differs * there + rest * mus[m]
                out[1, i] += differs * (there**2 + kept * error) + rest * mus[m] ** 2
                out[2, i] += differs * kept
    return out
