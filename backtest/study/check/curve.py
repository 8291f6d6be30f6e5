"""The joint test of a specification curve, under placebo shifts.

Simonsohn, Simmons and Nelson (2020). Specifications share their events and their prices, so their
p-values cannot be counted as if each were a study of its own. At every common shift of the events,
where nothing was announced, the whole curve is computed anew; three summaries of the real curve are
held against those of the shifts: the median of the statistics, the share of them that is
significant in the direction of the median, and their mean (Stouffer's). Statistics are the normal
scores of `bmp_shift`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from backtest.study.inference.nonparametric.bmp_shift import Shifted
from backtest.study.inference.outcome import LEVEL
from backtest.study.running_sums import Floats

_COLUMNS = [
    "window", "summary", "value", "pvalue", "n_specifications", "n_shifts", "why_not",
]  # fmt: skip
_LEAST_SHIFTS = 19
SUMMARIES = ("median score", "share significant", "mean score")


@dataclass(frozen=True, eq=False)
class SpecificationCurve:
    """One row a specification in `table`; in `joint`, the test of all of them.

    `joint` has a row a window and summary. `joint` has columns window ("all" for all together),
    summary, value, pvalue, n_specifications, n_shifts, why_not.
    """

    table: pd.DataFrame
    joint: pd.DataFrame


def joint_table(found: Sequence[tuple[str, Shifted | str]]) -> pd.DataFrame:
    """The joint tests of specifications, given the window of each and its scores at every shift."""
    windows = list(dict.fromkeys(window for window, _ in found))
    if len(windows) > 1:
        windows.append("all")
    rows = []
    for window in windows:
        own = [at for name, at in found if window in (name, "all")]
        rows += [(window, *row) for row in _joint(own)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _joint(found: Sequence[Shifted | str]) -> list[tuple[object, ...]]:
    """One row a summary: value, pvalue, n_specifications, n_shifts, why_not."""
    known = [one for one in found if isinstance(one, Shifted)]
    if not known:
        reasons = [one for one in found if isinstance(one, str)]
        why = "no specification"
        if reasons:
            why = f"no specification has shifts: {reasons[0]}"
        return [(name, np.nan, np.nan, 0, 0, why) for name in SUMMARIES]
    own, drawn = aligned(known)
    if len(drawn) < _LEAST_SHIFTS:
        why = (
            f"needs at least {_LEAST_SHIFTS} shifts that all specifications have, got {len(drawn)}"
        )
        return [(name, np.nan, np.nan, len(known), len(drawn), why) for name in SUMMARIES]
    values, placebos = summaries(own[None, :])[0], summaries(drawn)
    extreme = np.abs(placebos) >= np.abs(values) * (1 - 1e-12)
    share = (1 + extreme.sum(axis=0)) / (len(drawn) + 1)
    return [
        (name, float(value), float(p), len(known), len(drawn), "")
        for name, value, p in zip(SUMMARIES, values, share, strict=True)
    ]


def aligned(found: Sequence[Shifted]) -> tuple[Floats, Floats]:
    """Scores of K specifications here, (K,), and at the shifts all of them have, (S, K)."""
    days = found[0].days
    for one in found[1:]:
        days = np.intersect1d(days, one.days)
    columns = [one.scores[np.searchsorted(one.days, days)] for one in found]
    own = np.array([one.score for one in found])
    return own, np.column_stack(columns)


def summaries(scores: Floats) -> Floats:
    """SUMMARIES of every row of scores, (S, K) -> (S, 3).

    >>> summaries(np.array([[2.5, 2.0, 1.0, -3.0]])).round(3).tolist()
    [[1.5, 0.5, 0.625]]
    """
    bar = float(special.ndtri(1 - LEVEL / 2))
    median = np.median(scores, axis=1)
    direction = np.where(median < 0, -1.0, 1.0)
    share = (scores * direction[:, None] >= bar).mean(axis=1)
    return np.column_stack([median, share, scores.mean(axis=1)])
