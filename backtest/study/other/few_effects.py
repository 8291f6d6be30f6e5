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
from backtest.work.parted import parts
from backtest.work.threads import beside

SHARES = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)  # of events whose effects vary
_ODDS = np.array(SHARES) / (1 - np.array(SHARES))
_SPREADS, _MEANS = 30, 15
_LEAST = 1e-4  # of the largest weight: cells of the grid below it are left out
_PART = 2_000  # events at once: with a spread's means half a megabyte


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
    found = beside(lambda part: _moments(x[part], s[part], posterior, taus, mus), parts(n, _PART))
    mean, square, own = np.hstack(found)
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


def _moments(x: Floats, s: Floats, weight: Floats, taus: Floats, mus: Floats) -> Floats:
    """Mean, mean square and own weight of each effect, (3, n).

    `weight` (shares, spreads, means) is that of each cell of the grid.
    """
    out, error = np.zeros((3, len(x))), s**2
    for tau, cells in zip(taus, weight.swapaxes(0, 1), strict=True):
        used = np.flatnonzero(cells.any(axis=0))
        if not len(used):
            continue
        variance = error + tau**2
        # the density where the effect is mu, over that where it varies
        same = np.square(x - mus[used, None])
        same *= -0.5 * (1 / error - 1 / variance)
        np.exp(same, out=same)
        same *= np.sqrt(variance / error)
        chances = np.ascontiguousarray(cells[:, used])
        _add(out, same, x, error, tau**2 / variance, mus[used], chances, _ODDS)
    return out


@compiled
def _add(
    out: Floats, same: Floats, x: Floats, error: Floats, kept: Floats,
    mus: Floats, weight: Floats, odds: Floats,
) -> None:  # fmt: skip  # pragma: no cover -- compiled
    """Add to the moments `out` (3, n) what the cells of one spread give, in place.

    `same` is (means, n), `weight` (shares, means), and of its own CAR an effect that varies keeps
    `kept` (n,).
    """
    for m in range(len(mus)):
        mu, used = mus[m], weight[:, m].sum()
        favoured = weight[:, m] * odds
        for i in range(len(x)):
            # weight odds / (odds + same) added up over the shares, carried along as one fraction
            above, below = 0.0, 1.0
            for pi in range(len(SHARES)):
                both = odds[pi] + same[m, i]
                above = above * both + favoured[pi] * below
                below *= both
            # not `/`, which would look for a zero event by event
            differs = np.divide(above, below)
            rest = used - differs
            there = mu + kept[i] * (x[i] - mu)
            out[0, i] += differs * there + rest * mu
            out[1, i] += differs * (there**2 + kept[i] * error[i]) + rest * mu**2
            out[2, i] += differs * kept[i]
