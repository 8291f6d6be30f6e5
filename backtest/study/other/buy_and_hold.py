"""Tests of mean buy-and-hold abnormal returns.

Barber and Lyon (1997), Lyon, Barber and Tsai (1999).
"""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pandas as pd

from backtest.study.fitted import FittedStudy
from backtest.study.inference import TESTS, CrossSection
from backtest.study.running_sums import Floats

BHAR_TESTS = ("cross_t", "johnson_t", "hall_z", "lbt_boot", "sign_z", "wilcoxon")
_OUTCOME = ["statistic", "pvalue", "df", "n_events", "n_eff", "why_not"]
_UNUSED = (np.zeros((0, 0)), np.zeros((0, 0)))  # these tests read no correlation


class BuyAndHoldSection(CrossSection):
    """A cross-section whose values are buy-and-hold abnormal returns against the benchmark."""

    @property
    def car(self) -> Floats:
        """Buy-and-hold abnormal returns, (N,)."""
        return self.window.bhar


def bhar_tests(result: FittedStudy) -> pd.DataFrame:
    """The tests that need nothing but the values, one row a window and test.

    Columns: model, benchmark, window, test, mean_bhar (a fraction), statistic, pvalue (two-sided),
    df, n_events, why_not.
    They take the events as independent. Buy-and-hold returns are skewed: read `johnson_t`, and
    `lbt_boot` from about 50 events on.
    """
    model = result.measured.model
    rows = []
    for name in result.named_windows:
        section = result.cross_section(name)
        held = BuyAndHoldSection(section.window, *_UNUSED)
        if len(held):
            mean = held.car.mean()
        else:
            mean = np.nan
        label = (model.name, model.benchmark, name)
        rows += [
            (*label, key, mean, *astuple(TESTS[key](held))[: len(_OUTCOME)]) for key in BHAR_TESTS
        ]
    table = pd.DataFrame(
        rows, columns=["model", "benchmark", "window", "test", "mean_bhar", *_OUTCOME]
    )
    return table[[column for column in table.columns if column != "n_eff"]]
