"""Adjusting p-values for how many were looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.moments import Floats, Ints

FAMILY = ["group", "group_value", "model", "test"]


def holm(pvalues: Floats, family: Ints) -> Floats:
    """Holm (1979) step-down p-values, family by family; NaN stays NaN and does not count.

    Ours because statsmodels' `multipletests`, which agrees, collects garbage on every call: a table of a few hundred
    families would take a minute.
    """
    known = np.flatnonzero(np.isfinite(pvalues))
    order = known[np.lexsort((pvalues[known], family[known]))]
    grouped = pd.Series(pvalues[order]).groupby(family[order])
    left = grouped.transform("size") - grouped.cumcount()
    steps = (left * pvalues[order]).groupby(family[order]).cummax()
    adjusted = np.full(len(pvalues), np.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def adjust(tests: pd.DataFrame) -> pd.DataFrame:
    """Fill `pvalue_adjusted`; a family is one test of one group, over all windows and benchmarks of a model."""
    family = tests.groupby(FAMILY, sort=False).ngroup().to_numpy().astype(np.int64)
    return tests.assign(pvalue_adjusted=holm(tests["pvalue"].to_numpy(dtype=np.float64), family))
