"""Sentences about a run that page and terminal both say.

How far placebos drift, and what shared shocks change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.experiment.plan import Spec
from reports.rows import records
from reports.words import equal, listed, number, percent

PLACEBOS = {"random dates": "random dates", "same run-up": "dates with the same run-up"}
WITHOUT = "kp_bmp_exact_t"
READ = "read its paths against these placebos, not against zero"


def drift_in_words(
    table: pd.DataFrame, windows: Mapping[str, tuple[int, int]], *, over: bool = False
) -> tuple[str, ...]:
    """A sentence a model: its drift over the longest window, and which others are over 0.3 points.

    `table` is `placebo_drift`, `windows` first and last session by name; `over` leaves out models
    that drift over 0.3 points in no window.
    """
    longest = max(windows, key=lambda name: windows[name][1])
    told = []
    for (model, benchmark), of in table.groupby(["model", "benchmark"], sort=False):
        if over and not (of["drifts"] & of["se"].notna()).any():
            continue
        told.append(_sentence(Spec(model=str(model), benchmark=str(benchmark)), of, longest))
    return tuple(told)


def _sentence(spec: Spec, of: pd.DataFrame, longest: str) -> str:
    rows = [row for row in records(of[of["window"] == longest]) if math.isfinite(row["mean_car"])]
    if not rows:
        return f"The {spec} has no dates without news."
    if not any(math.isfinite(row["se"]) for row in rows):
        return (
            f"All dates without news are of one security, which cannot tell a drift of the {spec} "
            "from its own: none is claimed."
        )
    of = of[of["se"].notna()]
    rows = [row for row in rows if math.isfinite(row["se"])]
    means = listed(
        [
            f"{percent(row['mean_car'])} at {PLACEBOS[row['placebos']]} "
            f"(error {100 * row['se']:.1f} points)"
            for row in rows
        ]
    )
    others = list(dict.fromkeys(of.loc[of["drifts"] & (of["window"] != longest), "window"]))
    judged = "within 0.3 points"
    if any(row["drifts"] for row in rows):
        judged = f"more than 0.3 points: {READ}"
    also = ""
    if others:
        also = f"; over 0.3 points also {listed(others)}"
    return (
        f"Where nothing was announced the {spec} drifts over {longest} by {means}, {judged}{also}."
    )


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
