"""The table of windows x benchmarks that the first screen and every announcement show."""

from __future__ import annotations

import pandas as pd

from reports.rows import Row, reach, records, span
from reports.sections.base import Context
from reports.tabular import Cell, Table, interval_cell, number_cell, p_cell, percent_cell
from reports.words import percent

_NOTE = (
    "Detectable: the smallest effect a 5% test finds four times out of five. Conformal: the share of equally long "
    "spans of the ticker’s own history that are at least as far out; it needs no normal distribution."
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
        "detectable",
        *(f"vs {b}" for b in benchmarks),
    )
    lines = [_line(context, row, benchmarks) for row in records(rows)]
    return Table.of(name, caption, head, lines, notes=_NOTE)


def _line(context: Context, row: Row, benchmarks: tuple[str, ...]) -> list[Cell | str]:
    return [
        str(row["ticker"]),
        f"{row['window']} {span(row)}",
        percent_cell(row["raw_return"]),
        interval_cell(row["car"], reach(row)),
        number_cell(row["t"]),
        p_cell(row["pvalue"]),
        p_cell(row["conformal_p"]),
        Cell(percent(row["mde80"]).replace("+", "±"), float(row["mde80"]), numeric=True),
        *(percent_cell(context.car_on(row, name)) for name in benchmarks),
    ]
