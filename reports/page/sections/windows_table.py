"""The table of windows x benchmarks that the first screen and every announcement show."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from reports.draw.tabular import Cell, Table, between_cell, number_cell, p_cell, percent_cell
from reports.page.sections.base import Context
from reports.rows import Row, records, span
from reports.words import NONE, day, percent

NOTE = (
    "Detectable: the smallest effect a 5% test finds four times out of five. Conformal: "
    "the share of equally long spans of the ticker’s own history that are at least as far out; "
    "it needs no normal distribution. Above placebos: the share of earlier days away "
    "from the ticker’s announcements on which the same measurement gave less; "
    "near 50% the day was like any other; a dash where there are too few such days."
)


def windows_table(
    context: Context, rows: pd.DataFrame, name: str, caption: str, *, dated: bool = False
) -> Table:
    """One line a ticker and window.

    Return, abnormal return with interval, t, p, what could have been found.
    """
    benchmarks = context.other_benchmarks
    head = (
        *(("session",) if dated else ()),
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
    lines = [
        [
            *([Cell(day(row["event_session"]), whole=True)] if dated else []),
            *_line(context, row, benchmarks),
        ]
        for row in records(rows)
    ]
    table = Table.of(name, caption, head, lines, notes=NOTE if dated else "")
    return replace(table, keys=tuple(map(context.row_key, records(rows))))


def _window(context: Context, row: Row) -> Cell:
    """The window's name and sessions.

    In words where it was widened, as two rows of a session may differ by it.
    """
    asked = context.findings.experiment.study.windows[row["window"]]
    told = f"{row['window']} {span(row)}"
    if (int(row["start"]), int(row["end"])) == tuple(asked):
        return Cell(told, whole=True)
    return Cell(f"{told}, widened: the time of the news is uncertain")


def placebos(context: Context, row: Row) -> Cell:
    """Above how many of the placebo days a row stands."""
    found = context.position(row)
    if found is None:
        return Cell(NONE, math.nan, numeric=True)
    share = float(found["position"])
    return Cell(f"{share:.0%} of {found['n_placebo']}", share, numeric=True)


def detectable(row: Row) -> Cell:
    """The smallest effect that would be found four times out of five."""
    return Cell(percent(row["mde80"]).replace("+", "±"), float(row["mde80"]), numeric=True)


def _line(context: Context, row: Row, benchmarks: tuple[str, ...]) -> list[Cell | str]:
    return [
        str(row["ticker"]),
        _window(context, row),
        percent_cell(row["raw_return"]),
        between_cell(row["car"], row["car_low"], row["car_high"]),
        number_cell(row["t"]),
        p_cell(row["pvalue"]),
        p_cell(row["conformal_p"]),
        placebos(context, row),
        detectable(row),
        *(percent_cell(context.car_on(row, name)) for name in benchmarks),
    ]
