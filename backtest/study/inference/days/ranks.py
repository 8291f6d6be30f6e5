"""Ranks within each row of a table, all rows at once.

scipy's `rankdata` is slow where values are missing.
"""

from __future__ import annotations

import numpy as np

from backtest.study.running_sums import Floats


def centred_ranks(values: Floats) -> Floats:
    """`K / (n + 1) - 1/2` of the n values of each row, midranks for ties.

    NaN stays and does not count.

    >>> centred_ranks(np.array([[3.0, 1.0, np.nan, 2.0]])).tolist()
    [[0.25, -0.25, nan, 0.0]]
    """
    order = np.argsort(values, axis=1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, _midranks(np.take_along_axis(values, order, axis=1)), axis=1)
    there = np.isfinite(values)
    return np.where(there, ranks / (there.sum(axis=1, keepdims=True) + 1) - 0.5, np.nan)


def _midranks(ordered: Floats) -> Floats:
    """Ranks from 1 of rows already in order, the mean rank for equal neighbours."""
    place = np.arange(1.0, ordered.shape[1] + 1)
    tied = ordered[:, 1:] == ordered[:, :-1]
    if not tied.any():
        return place[None, :]
    edge = np.zeros((len(ordered), 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, tied]), 0.0, place), axis=1)
    last = np.where(np.hstack([tied, edge]), np.inf, place)
    return np.asarray((first + np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]) / 2)
