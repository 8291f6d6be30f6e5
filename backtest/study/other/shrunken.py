"""Single events shrunk towards their mean: what the largest of many noisy moves is worth.

An event picked for being large is too large: its error is part of why it was picked. With effects
that vary about a mean, `theta_i ~ N(mu, tau^2)` and `CAR_i ~ N(theta_i, S_i^2)`, the best guess of
an effect is a weighted mean of its own CAR and of mu (Efron and Morris 1973). How much effects vary
is not known: `mu` and `tau` are integrated over (Gelman et al. 2013, section 5.4), so the errors
include theirs, with priors flat in `mu` and `tau^2`, whose intervals cover (Morris and Tang 2011).

Where most events did nothing and a few did much, one normal law shrinks the few too much and the
others too little. `few_effects` has a share of the events at mu itself (George and McCulloch 1993;
Stephens 2017); the two laws are averaged by how well they account for the CARs, the second at odds
of 1 to 50 before they are seen, so that it counts only where it is clearly better.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from scipy import special

from backtest.study.fitted import FittedStudy
from backtest.study.other.few_effects import EffectMoments, few_effects, spreads
from backtest.study.running_sums import Floats
from backtest.work.parted import parts
from backtest.work.threads import beside

GRID = 200  # values of tau
ODDS = 1 / 50  # of most effects being the same, before the CARs are seen
SAMPLE = 500  # events that say which law holds, evenly spaced among more
LEAST = 4  # events; with fewer the spread of effects cannot be told from their errors
_NOTHING = 1e-20  # a share of one spread that is beyond the last digit of what all give
_PART = 512  # events at once: with the grid 0.8 MB a table
_NUMBERS = ("car", "car_se", "shrunken", "shrunken_se", "low", "high", "own_weight")


def shrunken(result: FittedStudy) -> pd.DataFrame:
    """One row an event and window, returns as fractions: the CAR and the effect behind it.

    The effect has a 95% interval. `own_weight` is how much of its own CAR the shrunken value keeps;
    the rest is the mean of all. The errors are those before the event: where the news itself raises
    the noise, the spread of effects takes it up, and less is shrunk than should be. NaN with
    `why_not` under 4 events.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> table = shrunken(result).query("window == '5-day'").dropna()
    >>> bool(table["shrunken"].abs().max() < table["car"].abs().max())
    True
    """
    frame, k = result.events, len(result.named_windows)
    found = [_of_window(result, name) for name in result.named_windows]
    columns: dict[str, object] = {
        name: frame[name].array.repeat(k) for name in ("event_id", "ticker")
    }  # as windows.csv has them: event by event
    columns["window"] = _words(list(result.named_windows), len(frame))
    for at, name in enumerate(_NUMBERS):
        columns[name] = np.column_stack([numbers[at] for numbers, _ in found]).ravel()
    sizes = [n for _, n in found]
    columns["n_events"] = np.tile(sizes, len(frame))
    few = ["" if n >= LEAST else f"needs at least {LEAST} events, got {n}" for n in sizes]
    columns["why_not"] = _words(few, len(frame))
    return pd.DataFrame(columns, copy=False)


def _of_window(result: FittedStudy, name: str) -> tuple[list[Floats], int]:
    """The columns _NUMBERS of one window, (N,) each, and of how many events they come."""
    window = result.window(name)
    car, se = window.car, window.car_se
    known = np.isfinite(car) & np.isfinite(se) & (se > 0)
    found = np.full((5, len(car)), np.nan)
    n = int(known.sum())
    if n >= LEAST:
        found[:, known] = posterior(car[known], se[known])
    return [car, se, *found], n


def _words(words: list[str], n: int) -> ExtensionArray:
    """A word a window, again for each of n events."""
    found: ExtensionArray = pd.Series(words).array.take(np.tile(np.arange(len(words)), n))
    return found


def posterior(x: Floats, s: Floats) -> Floats:
    """Mean, error, edges of the 95% interval and own weight of each effect, (5, n).

    Of CARs x with errors s, (n,).
    """
    every, few = every_effect(x, s), few_effects(x, s, SAMPLE)
    some = few.sample
    if len(some) == len(x):
        seen = every.evidence
    else:
        seen = every_effect(x[some], s[some]).evidence
    # the second law's share of the two, by how likely each finds the same CARs
    share = float(special.expit(few.evidence - seen + np.log(ODDS)))
    mean, square, own = (1 - share) * every.stacked + share * few.moments.stacked
    error = np.sqrt(np.maximum(square - mean**2, 0.0))
    half = float(special.ndtri(0.975)) * error
    return np.vstack([mean, error, mean - half, mean + half, own])


def every_effect(x: Floats, s: Floats) -> EffectMoments:
    """What CARs x (n,) with errors s (n,) say of each effect where all come from one normal law."""
    taus, prior = spreads(x, s, GRID)
    some = parts(len(x), _PART)
    mu, of_mean, likelihood = _together(beside(lambda part: _at(taus, x[part], s[part]), some))
    log = prior + likelihood
    share = np.exp(log - log.max())
    total = float(share.sum())
    share /= total
    evidence = float(log.max()) + float(np.log(total))
    law = np.stack([share, taus, mu, of_mean], axis=1)[share > _NOTHING]
    found = beside(lambda part: _moments(law, x[part], s[part]), some)
    mean, square, own = np.hstack(found)
    return EffectMoments(mean, square, own, evidence)


def _at(taus: Floats, x: Floats, s: Floats) -> Floats:
    """What the CARs of some events add to the likelihood at each spread of effects, (4, spreads).

    Their weight, their weighted sum, their weighted squares about their own mean, and the sum of
    the logs of their variances.
    """
    variance = s**2 + taus[:, None] ** 2
    weight = 1 / variance
    total, weighted = weight.sum(axis=1), (weight * x).sum(axis=1)
    far = np.square(x - (1 / total * weighted)[:, None])
    far *= weight
    variance *= 2 * np.pi
    return np.stack([total, weighted, far.sum(axis=1), np.log(variance, out=variance).sum(axis=1)])


def _together(found: list[Floats]) -> tuple[Floats, Floats, Floats]:
    """At each spread of effects: their mean, its variance, and the log likelihood.

    The mean is integrated out of the likelihood.
    """
    total, weighted, far, spread = np.stack(found, axis=1)
    of_mean = 1 / total.sum(axis=0)
    mu = of_mean * weighted.sum(axis=0)
    # squares about the mean of a part, moved to that of all
    far = (far + total * (1 / total * weighted - mu) ** 2).sum(axis=0)
    return mu, of_mean, 0.5 * (np.log(2 * np.pi * of_mean) - spread.sum(axis=0) - far)


def _moments(law: Floats, x: Floats, s: Floats) -> Floats:
    """Mean, mean square and own weight of each effect, (3, n).

    A row of `law` is a spread: its share, itself, and the mean of effects there with its variance.
    """
    out = np.zeros((3, len(x)))
    for part, tau, mu, of_mean in law:
        own = tau**2 / (s**2 + tau**2)
        mean = own * x + (1 - own) * mu
        # of the effect given mu, and of mu itself
        variance = own * s**2 + (1 - own) ** 2 * of_mean
        out += part * np.stack([mean, variance + mean**2, own])
    return out
