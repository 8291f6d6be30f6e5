"""The averages section under every model: its sentence, tables, forest plots and paths."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reports.draw.chart import Json
from reports.experiment.plan import Spec
from reports.page.follow.events import steps
from reports.page.follow.texts import CELL, Texts
from reports.page.sections.base import Context
from reports.page.sections.overall.averages import (
    NAMES,
    average_table,
    average_words,
    forest_rows,
    largest,
)
from reports.rows import records
from reports.words import plain


def groups_of(context: Context) -> list[tuple[str, str]]:
    """Every group that the page follows: grouping and value."""
    table = context.findings.of("averages", context.primary)
    table = table[table["group"].isin(["all", *NAMES])]
    pairs = table[["group", "group_value"]].drop_duplicates()
    return [(str(row["group"]), str(row["group_value"])) for row in records(pairs)]


def averages_under(context: Context, spec: Spec, texts: Texts) -> Json:
    """What the section of averages says and draws under one model; tables by row key."""
    windows = list(context.findings.experiment.study.windows)
    told = {
        f"{by}={value}": text
        for by in ("all", *NAMES)
        for value, text in average_words(context, spec, by).items()
    }
    tables = {by: average_table(context, by, spec) for by in NAMES}
    return {
        "words": {group: texts.add(text) for group, text in told.items()},
        "tables": {
            by: {
                key: texts.add(
                    CELL.join(f"{cell.text}{'*' if cell.strong else ''}" for cell in row)
                )
                for key, row in zip(table.keys, table.rows, strict=True)
            }
            for by, table in tables.items()
        },
        "forest": {
            by: [
                [_drawn(row) for row in forest_rows(context, by, spec, window)]
                for window in windows
            ]
            for by in NAMES
        },
        "paths": _paths(context, spec),
    }


def _drawn(row: tuple[Any, ...]) -> list[Any]:
    """A line of a forest plot: its group and its three numbers (basis points)."""
    _, group, value, low, high, _ = row
    return [group, *(_points(one) for one in (value, low, high))]


def _points(value: float) -> int | None:
    if math.isfinite(value):
        return round(10_000 * value)
    return None


def _paths(context: Context, spec: Spec) -> dict[str, list[list[Any]]]:
    """Average paths by grouping.

    Group, events, first day, steps of the mean and of its band (basis points).
    """
    by = ("all", *NAMES)
    if spec == context.primary:
        found = dict(context.findings.averages)
    else:
        there = [one for one in by if len(context.findings.averages.get(one, ()))]
        table = context.findings.studies[spec].average_paths(*there)
        found = {one: table[table["group"] == one] for one in by}
    return {name: _panels(name, found[name]) for name in by if len(found.get(name, ()))}


def _panels(by: str, paths: pd.DataFrame) -> list[list[Any]]:
    if by == "all":
        order, some = (["all"], paths)
    else:
        order, some = largest(paths)
    of = dict(tuple(some.groupby("group_value", sort=False)))
    return [_panel(by, name, of[name].dropna(subset=["caar"])) for name in order]


def _panel(by: str, name: str, path: pd.DataFrame) -> list[Any]:
    label = {"all": "all events", "ticker": name}.get(by, plain(name))
    n = 0
    if len(path):
        n = int(path["n_events"].max())
    value = path["weighted_mean"]
    reach = (path["high"] - value).fillna(0.0).tolist()
    days = path["day"].tolist()
    return [name, label, n, *days[:1], steps(value.tolist()), steps(reach)]
