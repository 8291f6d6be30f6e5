"""Tests of the mean SCAR that let events of a cluster move together.

A variance robust to any dependence within a date: Bell and McCaffrey (2002). The wild bootstrap,
whose signs flip cluster by cluster: Cameron, Gelbach and Miller (2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import numpy as np

from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.outcome import Outcome, against_student, cannot_reject, cannot_say
from backtest.study.inference.parametric.turned import sums_of_turned
from backtest.study.running_sums import Bools, Floats, Ints
from backtest.work.threads import one_thread
from events.words import count

DRAWS = 999
ALL_FLIPS_UP_TO = 12
_KEPT_UP_TO = 2_000  # clusters whose flips are kept as one table: 16 MB


def cr2_date_t(events: CrossSection) -> Outcome:
    """Mean SCAR over its CR2 standard error by date of day 0, against t with G - 1.

    For a mean the correction `(I - H_g)^(-1/2)` divides the sum of a cluster's residuals by
    `sqrt(1 - n_g/N)`. It asks nothing of the correlation within a date and knows none between
    dates, so overlapping windows of different dates are not for it.
    """
    abnormal, n = events.window.abnormal, len(events)
    row = abnormal.panel.day(abnormal.events.row)
    n_dates = len(np.unique(row))
    if n_dates < 3:
        return cannot_say(f"needs at least 3 dates, got {n_dates}", n)
    away = cluster_sums(events.scar - events.scar.mean(), row)
    share = cluster_sums(np.ones(n), row) / n
    variance = float((away**2 / (1 - share)).sum()) / n**2
    if not variance > 0:
        return cannot_say("the SCARs do not vary", n)
    t = float(events.scar.mean()) / np.sqrt(variance)
    return against_student(float(t), n_dates - 1, n, float(n_dates))


def wild_event(events: CrossSection) -> Outcome:
    """Signs flipped event by event: symmetric effects, independent events."""
    return _flip(events, np.arange(len(events)), "event", "events")


def wild_cluster(events: CrossSection) -> Outcome:
    """Signs flipped cluster by cluster of overlapping windows.

    With G clusters no p below 2^(1-G) is possible.
    """
    return _flip(events, events.clusters, "cluster of events", "clusters of events")


def _flip(events: CrossSection, cluster: Ints, unit: str, units: str) -> Outcome:
    n, sums = len(events), cluster_sums(events.scar, cluster)
    sizes = cluster_sums(np.ones(n), cluster)
    n_clusters = len(sizes)
    if n_clusters < 2:
        return cannot_say(f"needs at least 2 {units}, got {n_clusters}", n)
    # All signs as they are, and all turned round, reach the statistic together.
    powerless = cannot_reject(2.0 ** (1 - n_clusters), count(n_clusters, unit, units), n)
    if powerless:
        return powerless
    exact = n_clusters <= ALL_FLIPS_UP_TO
    drawn, statistic = _drawn(sums, sizes), float(clustered_t(sums[None, :], sizes)[0])
    both, upper, lower = (
        _share(side >= at * (1 - 1e-12 * np.sign(at)), exact)
        for side, at in ((np.abs(drawn), abs(statistic)), (drawn, statistic), (-drawn, -statistic))
    )
    return Outcome(
        statistic, both, n_events=n, n_eff=float(n_clusters), pvalue_upper=upper, pvalue_lower=lower
    )


def _drawn(sums: Floats, sizes: Floats) -> Floats:
    """The statistic under every row of `sign_flips`, (B,); of very many clusters, other draws."""
    n_clusters = len(sizes)
    if n_clusters <= _KEPT_UP_TO:
        return clustered_t(sign_flips(n_clusters, DRAWS)[0] * sums, sizes)
    both = np.column_stack([sums, sums * sizes])
    return _flipped_t(both.sum(axis=0) - 2.0 * sums_of_turned(both, DRAWS), sums, sizes)


@one_thread()
def _flipped_t(flipped: Floats, sums: Floats, sizes: Floats) -> Floats:
    """`clustered_t` of flips f, of which f's and f'(s n) are known, (B, 2), s sums and n sizes."""
    n, n_clusters = sizes.sum(), len(sizes)
    mean = flipped[:, 0] / n
    square = sums @ sums - 2 * mean * flipped[:, 1] + mean**2 * (sizes @ sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(mean / np.sqrt(n_clusters / (n_clusters - 1) / n**2 * square))


def _share(reached: Bools, exact: bool) -> float:
    """Share of draws; without all flips at hand the catalog itself counts as one more."""
    return float(reached.mean() if exact else (1 + reached.sum()) / (len(reached) + 1))


def cluster_sums(values: Floats, cluster: Ints) -> Floats:
    """Sum of the values (N,) of each cluster, (G,)."""
    return np.asarray(
        np.bincount(np.unique(cluster, return_inverse=True)[1], weights=values), dtype=np.float64
    )


@lru_cache(maxsize=16)
def sign_flips(n_clusters: int, draws: int) -> tuple[Floats, bool]:
    """Rows of +1 and -1, (B, G), and whether they are all there are.

    They are up to 12 clusters. The rows are not to be written to.
    """
    exact = n_clusters <= ALL_FLIPS_UP_TO
    if exact:
        flips = np.array(list(product([1.0, -1.0], repeat=n_clusters)))
    else:
        flips = np.random.default_rng(1).choice([1.0, -1.0], (draws, n_clusters))
    flips.setflags(write=False)
    return flips, exact


def flips_in_parts(n_clusters: int, draws: int) -> Iterator[Floats]:
    """The rows of `sign_flips`, of very many clusters some at a time.

    One stream cut into pieces gives the rows that one call would.
    """
    if n_clusters <= _KEPT_UP_TO:
        yield sign_flips(n_clusters, draws)[0]
        return
    rng, rows = np.random.default_rng(1), max(_KEPT_UP_TO * 100 // n_clusters, 1)
    for begin in range(0, draws, rows):
        yield np.where(rng.integers(0, 2, (min(rows, draws - begin), n_clusters)), -1.0, 1.0)


def clustered_t(sums: Floats, sizes: Floats) -> Floats:
    """Mean over its clustered standard error, from clusters' sums and their sizes (G,).

    One draw a row (B, G).
    """
    n, n_clusters = sizes.sum(), len(sizes)
    mean = sums.sum(axis=1) / n
    away = sums - mean[:, None] * sizes
    variance = n_clusters / (n_clusters - 1) / n**2 * (away**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(mean / np.sqrt(variance))
