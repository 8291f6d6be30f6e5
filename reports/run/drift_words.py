"""How far placebos drift, in words.

What the method finds at dates on which nothing was announced.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from reports.experiment.plan import Spec
from reports.rows import Row, records
from reports.words import listed, percent

PLACEBOS = {"random dates": "random dates", "same run-up": "dates with the same run-up"}
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
        if over and not of["drifts"].any():
            continue
        told.append(_sentence(Spec(model=str(model), benchmark=str(benchmark)), of, longest))
    return tuple(told)


def _sentence(spec: Spec, of: pd.DataFrame, longest: str) -> str:
    rows = [row for row in records(of[of["window"] == longest]) if math.isfinite(row["mean_car"])]
    if not rows:
        return f"The {spec} has no dates without news."
    means = listed(
        [
            f"{percent(row['mean_car'])} at {PLACEBOS[row['placebos']]} ({_error(row)})"
            for row in rows
        ]
    )
    others = list(dict.fromkeys(of.loc[of["drifts"] & (of["window"] != longest), "window"]))
    judged = (
        f"more than 0.3 points: {READ}"
        if any(row["drifts"] for row in rows)
        else "within 0.3 points"
    )
    also = f"; over 0.3 points also {listed(others)}" if others else ""
    return (
        f"Where nothing was announced the {spec} drifts over {longest} by {means}, {judged}{also}."
    )


def _error(row: Row) -> str:
    return f"error {100 * row['se']:.1f} points" if math.isfinite(row["se"]) else "no error"
