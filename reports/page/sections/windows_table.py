"""The table of windows x benchmarks that the first screen and every announcement show."""

from __future__ import annotations

import math

import pandas as pd

from reports.export.tabular import Cell, Table, interval_cell, number_cell, p_cell, percent_cell
from reports.page.sections.base import Context
from reports.rows import Row, reach, records, span
from reports.words import NONE, equal, percent

_NOTE = (
    "Detectable: the smallest effect a 5% test finds four times out of five. Conformal: the share of equally long "
    "spans of the ticker’s own history that are at least as far out; it needs no normal distribution. Above placebos: "
    "the share of earlier days away from the ticker’s announcements on which the same measurement gave less; near 50% "
    "the day was like any other."
)


def windows_table(context: Context, rows: pd.DataFrame, name: str, caption: str) -> Table:
    """One line a ticker and window: return, abnormal return with interval, t, p, what could have been found."""
    benchmarks = context.other_benchmarks
    head = (
        "ticker",
        "window",
        "return",
        "abnormal return [95% interval]",
        "t",
        "p",
        "p, conformal",
        "above placebos",
        "detectable",
        *(f"vs {b}" for b in benchmarks),
    )
    lines = [_line(context, row, benchmarks) for row in records(rows)]
    return Table.of(name, caption, head, lines, notes=_NOTE)


def _placebos(context: Context, row: Row) -> Cell:
    found = context.position(row)
    if found is None:
        return Cell(NONE, math.nan, numeric=True, title="too few days without announcements")
    share = float(found["position"])
    two_sided = f"two-sided p {equal(found['pvalue'])}"
    return Cell(f"{share:.0%} of {found['n_placebo']}", share, numeric=True, title=two_sided)


def _line(context: Context, row: Row, benchmarks: tuple[str, ...]) -> list[Cell | str]:
    return [
        str(row["ticker"]),
        Cell(f"{row['window']} {span(row)}", whole=True),
        percent_cell(row["raw_return"]),
        interval_cell(row["car"], reach(row)),
        number_cell(row["t"]),
        p_cell(row["pvalue"]),
        p_cell(row["conformal_p"]),
        _placebos(context, row),
        Cell(percent(row["mde80"]).replace("+", "±"), float(row["mde80"]), numeric=True),
        *(percent_cell(context.car_on(row, name)) for name in benchmarks),
    ]
