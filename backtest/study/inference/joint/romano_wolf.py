"""Romano and Wolf (2005, 2016): p-values for several windows and benchmarks at once.

They are joint through one set of flips.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backtest.errors import StudyError
from backtest.study.inference import CrossSection
from backtest.study.inference.parametric.clustered import cluster_sums, clustered_t
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Floats, Ints

DRAWS = 1999
_SEED = 2
_ENOUGH_CLUSTERS = 6


def romano_wolf(results: Sequence[EventStudyResult], clusters: str = "") -> pd.DataFrame:
    """Step-down p-values over every window of every result, keeping how they move together.

    The statistic is the mean SCAR over its standard error clustered by overlapping windows; the
    null draws flip the sign of whole clusters, the same flips for every window and benchmark.
    Events measured in all of them enter. `clusters` names the window whose overlaps make the
    clusters; if empty, the longest that leaves 6 of them, or else the one that leaves most. With G
    of them no p-value is below 2^(1-G). Clarke, Romano and Wolf (2020) give the algorithm. Columns:
    model, benchmark, window, statistic, pvalue, pvalue_adjusted, n_events, n_clusters, clusters,
    family, why_not.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> romano_wolf([result], clusters="5-day")["window"].tolist()
    ['1-day', '5-day', '1-month', 'run-up']
    """
    sections = [
        (result, name, section) for result in results for name, section in _common(result, results)
    ]
    n_events = len(sections[0][2])
    labels = [(r.measured.model.name, r.measured.model.benchmark, name) for r, name, _ in sections]
    table = pd.DataFrame(labels, columns=["model", "benchmark", "window"])
    family = (
        f"{len(table)} hypotheses: "
        f"{', '.join(dict.fromkeys(table['window']))} on {_benchmarks(table)}"
    )
    if n_events:
        window, cluster = _clusters(sections, clusters)
    else:
        window, cluster = (clusters, np.zeros(0, dtype=np.int64))
    n_clusters = len(np.unique(cluster))
    table = table.assign(statistic=np.nan, pvalue=np.nan, pvalue_adjusted=np.nan)
    table = table.assign(
        n_events=n_events, n_clusters=n_clusters, clusters=window, family=family, why_not=""
    )
    if n_clusters < 2:
        return table.assign(why_not=f"needs at least 2 clusters of events, got {n_clusters}")
    t, drawn = _statistics([section.scar for _, _, section in sections], cluster)
    return table.assign(statistic=t, pvalue=_single(t, drawn), pvalue_adjusted=step_down(t, drawn))


def step_down(t: Floats, drawn: Floats) -> Floats:
    """Adjusted p-values of statistics t (K,) given their joint null draws (B, K)."""
    order = np.argsort(-np.abs(t), kind="stable")
    reached = np.abs(drawn[:, order])
    largest = np.maximum.accumulate(reached[:, ::-1], axis=1)[:, ::-1]
    share = (1 + (largest >= np.abs(t[order])).sum(axis=0)) / (len(drawn) + 1)
    out = np.empty(len(t))
    out[order] = np.maximum.accumulate(share)
    return out


def _single(t: Floats, drawn: Floats) -> Floats:
    return np.asarray((1 + (np.abs(drawn) >= np.abs(t)).sum(axis=0)) / (len(drawn) + 1))


def _statistics(scars: list[Floats], cluster: Ints) -> tuple[Floats, Floats]:
    """Clustered t of every hypothesis (K,) and under joint flips (B, K)."""
    sizes = cluster_sums(np.ones(len(cluster)), cluster)
    flips = np.random.default_rng(_SEED).choice([1, -1], (DRAWS, len(sizes)))
    observed, drawn = [], []
    for scar in scars:
        sums = cluster_sums(scar, cluster)
        observed.append(float(clustered_t(sums[None, :], sizes)[0]))
        drawn.append(clustered_t(sums * flips, sizes))
    return np.array(observed), np.column_stack(drawn)


def _common(
    result: EventStudyResult, results: Sequence[EventStudyResult]
) -> list[tuple[str, CrossSection]]:
    """The cross-sections of a result.

    Cut to the events measured in every window of every result.
    """
    shared = set.intersection(
        *(_keys(other, name) for other in results for name in other.named_windows)
    )
    found = []
    for name in result.named_windows:
        section = result.cross_section(name)
        keep = [i for i, key in enumerate(_names(section)) if key in shared]
        found.append((name, section.take(np.array(keep, dtype=np.int64))))
    return found


def _keys(result: EventStudyResult, name: str) -> set[tuple[str, str]]:
    return set(_names(result.cross_section(name)))


def _names(section: CrossSection) -> list[tuple[str, str]]:
    frame = section.window.abnormal.events.frame
    return list(zip(frame["event_id"], frame["ticker"], strict=True))


def _clusters(
    sections: list[tuple[EventStudyResult, str, CrossSection]], name: str
) -> tuple[str, Ints]:
    """The window to make clusters of, and the cluster of each event."""
    named = {window: section for _, window, section in reversed(sections)}
    if name and name not in named:
        raise StudyError(
            f"no window {name!r} to make clusters of; "
            f"choose one of {', '.join(reversed(list(named)))}"
        )
    longest_first = sorted(named, key=lambda window: -len(named[window].window.nominal))
    counts = {
        window: min(len(np.unique(named[window].clusters)), _ENOUGH_CLUSTERS)
        for window in longest_first
    }
    name = name or max(longest_first, key=lambda window: counts[window])
    return name, named[name].clusters


def _benchmarks(table: pd.DataFrame) -> str:
    return ", ".join(
        dict.fromkeys(b or m for m, b in zip(table["model"], table["benchmark"], strict=True))
    )
