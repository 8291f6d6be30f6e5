"""Adjusting p-values for how many were looked at.

Tests over events are adjusted by Holm over windows and benchmarks, lists of single events by
Benjamini and Hochberg within a window, or by Benjamini and Yekutieli where one list holds several
windows of an event.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.running_sums import Floats, Ints

FAMILY = ["group", "group_value", "model", "test"]


def holm(pvalues: Floats, family: Ints) -> Floats:
    """Holm (1979) step-down p-values, family by family; NaN stays NaN and does not count.

    Ours because statsmodels' `multipletests`, which agrees, collects garbage on every call: a table
    of a few hundred families would take a minute.
    """
    known = np.flatnonzero(np.isfinite(pvalues))
    order = known[np.lexsort((pvalues[known], family[known]))]
    grouped = pd.Series(pvalues[order]).groupby(family[order])
    left = grouped.transform("size") - grouped.cumcount()
    steps = (left * pvalues[order]).groupby(family[order]).cummax()
    adjusted = np.full(len(pvalues), np.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def benjamini(pvalues: Floats, *, dependent: bool = False) -> Floats:
    """False-discovery p-values of one family, by statsmodels; NaN stays NaN and does not count.

    Benjamini and Hochberg (1995), or, for any dependence, Benjamini and Yekutieli (2001).

    >>> benjamini(np.array([0.01, 0.04, np.nan]))
    array([0.02, 0.04,  nan])
    """
    from statsmodels.stats.multitest import multipletests

    adjusted, known = np.full(len(pvalues), np.nan), np.isfinite(pvalues)
    if known.any():
        adjusted[known] = multipletests(pvalues[known], method="fdr_by" if dependent else "fdr_bh")[
            1
        ]
    return adjusted


def adjust_events(
    table: pd.DataFrame, pvalue: str = "pvalue", *, across_windows: bool = False
) -> pd.DataFrame:
    """Add `pvalue_adjusted` and `family` to a table of single events.

    To `result.windows` or `result.single_tests()`. A family is the events of one window (and test)
    of a model and benchmark, adjusted by Benjamini and Hochberg; with `across_windows` it is all
    its windows together, adjusted by Benjamini and Yekutieli.
    """
    keys = [
        "model",
        "benchmark",
        *(["test"] if "test" in table else []),
        *([] if across_windows else ["window"]),
    ]
    adjusted, size = np.full(len(table), np.nan), np.zeros(len(table), dtype=np.int64)
    values = table[pvalue].to_numpy(dtype=np.float64)
    for rows in table.reset_index(drop=True).groupby(keys, sort=False).indices.values():
        adjusted[rows] = benjamini(values[rows], dependent=across_windows)
        size[rows] = np.isfinite(values[rows]).sum()
    if across_windows:
        what = "events and windows, Benjamini-Yekutieli"
    else:
        what = "events of the window, Benjamini-Hochberg"
    return table.assign(pvalue_adjusted=adjusted, family=[f"{n} {what}" for n in size])


def adjust(tests: pd.DataFrame) -> pd.DataFrame:
    """Fill `pvalue_adjusted`.

    A family is one test of one group, over all windows and benchmarks of a model.
    """
    family = tests.groupby(FAMILY, sort=False).ngroup().to_numpy().astype(np.int64)
    return tests.assign(pvalue_adjusted=holm(tests["pvalue"].to_numpy(dtype=np.float64), family))
