"""Adjusting p-values for how many were looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.study.moments import Floats

FAMILY = ["group", "group_value", "model", "test"]


def holm(pvalues: Floats) -> Floats:
    """Holm (1979) step-down p-values; NaN stays NaN and does not count."""
    from statsmodels.stats.multitest import multipletests

    adjusted = np.full(len(pvalues), np.nan)
    known = np.isfinite(pvalues)
    if known.any():
        adjusted[known] = multipletests(pvalues[known], method="holm")[1]
    return adjusted


def adjust(tests: pd.DataFrame) -> pd.DataFrame:
    """Fill `pvalue_adjusted`; a family is one test of one group, over all windows and benchmarks of a model."""
    if tests.empty:
        return tests
    adjusted = tests.groupby(FAMILY, sort=False)["pvalue"].transform(lambda p: holm(p.to_numpy()))
    return tests.assign(pvalue_adjusted=adjusted)
