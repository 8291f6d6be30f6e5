"""The headline with and without the shocks that the parties of an announcement share."""

from __future__ import annotations

import math

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.rows import records
from reports.words import equal

WITHOUT = "kp_bmp_exact_t"


def delta_in_words(tests: pd.DataFrame, averages: pd.DataFrame) -> str:
    """What delta is in each window, and the test of all events with and without it.

    Empty without one. `tests` and `averages` are the tables of one model and benchmark.
    """
    everyone = averages[averages["group"] == "all"]
    deltas = {row["window"]: row["delta"] for row in records(everyone)}
    rows = {(row["window"], row["test"]): row for row in records(tests[tests["group"] == "all"])}
    told = []
    for window, delta in deltas.items():
        ours, plain = rows.get((window, HEADLINE_TEST)), rows.get((window, WITHOUT))
        if ours is None or plain is None or not math.isfinite(delta) or ours["why_not"]:
            continue
        told.append(
            f"{window}: δ {delta:.2f}, t {ours['statistic']:.2f}, p {equal(ours['pvalue'])} "
            f"(without δ: t {plain['statistic']:.2f}, p {equal(plain['pvalue'])})"
        )
    if not told:
        return ""
    return (
        "Events of one announcement correlate by δ more than their ordinary days do, "
        f"and the headline test allows for it. {'; '.join(told)}."
    )
