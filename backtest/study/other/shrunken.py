"""Single events shrunk towards their mean: what the largest of many noisy moves is worth.

An event picked for being large is too large: its error is part of why it was picked. With effects
that vary about a mean, `theta_i ~ N(mu, tau^2)` and `CAR_i ~ N(theta_i, S_i^2)`, the best guess of
an effect is a weighted mean of its own CAR and of mu (Efron and Morris 1973). How much effects vary
is not known: `mu` and `tau` are integrated over (Gelman et al. 2013, section 5.4), so the errors
include theirs, with priors flat in `mu` and `tau^2`, whose intervals cover (Morris and Tang 2011).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from backtest.study.fitted import FittedStudy
from backtest.study.running_sums import Floats

GRID = 200  # values of tau
LEAST = 4  # events; with fewer the spread of effects cannot be told from their errors
COLUMNS = (
    "event_id", "ticker", "window", "car", "car_se", "shrunken", "shrunken_se", "low", "high",
    "own_weight", "n_events", "why_not",
)  # fmt: skip


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
    parts = []
    for name in result.named_windows:
        window = result.window(name)
        car, se = window.car, window.car_se
        known = np.isfinite(car) & np.isfinite(se) & (se > 0)
        found = np.full((5, len(car)), np.nan)
        n = int(known.sum())
        if n >= LEAST:
            found[:, known] = _posterior(car[known], se[known])
        frame = result.events
        parts.append(pd.DataFrame({
            "event_id": frame["event_id"], "ticker": frame["ticker"], "window": name, "car": car,
            "car_se": se, "shrunken": found[0], "shrunken_se": found[1], "low": found[2],
            "high": found[3], "own_weight": found[4], "n_events": n,
            "why_not": "" if n >= LEAST else f"needs at least {LEAST} events, got {n}",
        }))  # fmt: skip
    # as windows.csv has them: event by event
    table = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return table[list(COLUMNS)]


def _posterior(x: Floats, s: Floats) -> Floats:
    """Mean, error, edges of the 95% interval and own weight of each effect, (5, n)."""
    taus = np.linspace(0.0, 4 * float(np.std(x)) + 2 * float(np.median(s)), GRID)
    prior = np.log(np.maximum(taus, 0.5 * taus[1]))  # flat in tau^2: its intervals cover
    fits = [_at(tau, x, s) for tau in taus]
    log = prior + np.array([fit[2] for fit in fits])
    share = np.exp(log - log.max())
    share /= share.sum()
    guess, square, kept = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    for part, tau, (mu, of_mean, _) in zip(share, taus, fits, strict=True):
        own = tau**2 / (s**2 + tau**2)
        mean = own * x + (1 - own) * mu
        guess += part * mean
        square += part * (own * s**2 + (1 - own) ** 2 * of_mean + mean**2)
        kept += part * own
    error = np.sqrt(np.maximum(square - guess**2, 0.0))
    half = float(stats.norm.ppf(0.975)) * error
    return np.vstack([guess, error, guess - half, guess + half, kept])


def _at(tau: float, x: Floats, s: Floats) -> tuple[float, float, float]:
    """At one spread of effects: their mean, its variance, and the log likelihood.

    The mean is integrated out of the likelihood.
    """
    variance = s**2 + tau**2
    weight = 1 / variance
    of_mean = 1 / float(weight.sum())
    mu = of_mean * float((weight * x).sum())
    far = float((weight * (x - mu) ** 2).sum())
    return mu, of_mean, 0.5 * (np.log(of_mean) - float(np.log(variance).sum()) - far)
