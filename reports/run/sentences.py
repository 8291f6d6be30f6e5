"""Sentences about a run that page and terminal both say.

How far placebos drift, and what shared shocks change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.experiment.plan import Spec
from reports.rows import Row, records
from reports.words import equal, listed, number, percent

PLACEBOS = {"random dates": "random dates", "same run-up": "dates with the same run-up"}
WITHOUT = "kp_bmp_exact_t"
READ = "read its paths against these placebos, not against zero"


def drift_in_words(
    table: pd.DataFrame, windows: Mapping[str, tuple[int, int]], *, over: bool = False
) -> tuple[str, ...]:
    """A sentence a model: its drift over the longest window, and which others drift.

    `table` is `placebo_drift`, `windows` first and last session by name; `over` leaves out models
    that drift in no window. A drift is claimed of means over 0.3 points that differ from zero.
    """
    longest = max(windows, key=lambda name: windows[name][1])
    told = []
    for (model, benchmark), of in table.groupby(["model", "benchmark"], sort=False):
        if not over or drifting(of).any():
            told.append(_sentence(Spec(model=str(model), benchmark=str(benchmark)), of, longest))
    return tuple(told)


def drifting(table: pd.DataFrame) -> pd.Series:
    """Which rows of `placebo_drift` are a drift: over 0.3 points and told apart from zero."""
    return table["drifts"].astype(bool) & (table["pvalue"] < 0.05)


def _sentence(spec: Spec, of: pd.DataFrame, longest: str) -> str:
    month = of[of["window"] == longest].dropna(subset=["mean_car"])
    rows = records(month)
    if not rows:
        return f"The {spec} has no dates without news."
    if not month["pvalue"].notna().any():
        alone = max(int(row["n_securities"]) for row in rows) == 1
        which, whose = ("one security", "its") if alone else ("two securities", "their")
        return (
            f"All dates without news are of {which}, which cannot tell a drift of the {spec} "
            f"from {whose} own: none is claimed."
        )
    means = listed([f"{percent(row['mean_car'])} at {_dates(row)}" for row in rows])
    others = list(dict.fromkeys(of.loc[drifting(of) & (of["window"] != longest), "window"]))
    also = f"; over 0.3 points also {listed(others)}" if others else ""
    if drifting(month).any():
        return (
            f"Where nothing was announced the {spec} drifts over {longest} by {means}, "
            f"more than 0.3 points: {READ}{also}."
        )
    judged = "within 0.3 points"
    if month["drifts"].any():
        judged = "over 0.3 points, but no further from zero than chance takes it"
    return f"Where nothing was announced the {spec} finds over {longest} {means}, {judged}{also}."


def _dates(row: Row) -> str:
    """The dates of a row and the error of its mean, if its securities give one."""
    error = ""
    if math.isfinite(row["se"]):
        error = f" (error {100 * row['se']:.1f} points)"
    return f"{PLACEBOS[row['placebos']]}{error}"


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
            f"{window}: δ {delta:.2f}, t {number(ours['statistic'])}, p {equal(ours['pvalue'])} "
            f"(without δ: t {number(plain['statistic'])}, p {equal(plain['pvalue'])})"
        )
    if not told:
        return ""
    return (
        "Events of one announcement or date correlate by δ more than their ordinary days do, "
        f"and the headline test allows for it. {'; '.join(told)}."
    )
