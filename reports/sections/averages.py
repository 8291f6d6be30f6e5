"""Average abnormal returns: all events, and by ticker, role and kind."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.figures.chart import Chart
from reports.figures.groups import average_chart, forest_chart
from reports.rows import records
from reports.sections.base import Context, Section
from reports.tabular import Cell, Table, interval_cell, number_cell, p_cell
from reports.words import count, percent, plain, pvalue

_Z = 1.96
_PANELS = 12  # groups with the most events get a panel; the forest plot and the table have them all
_ENOUGH = 3  # events; a smaller group would stretch the common scale until nothing else can be read
_NAMES = {"ticker": "ticker", "role": "role in the announcement", "kind": "kind of announcement"}


@dataclass(frozen=True)
class Group:
    """One grouping: its picture of paths, its forest plot, its table."""

    name: str
    paths: Chart | None
    forest: Chart
    table: Table


@dataclass(frozen=True)
class Averages:
    """All events first, then grouping by grouping."""

    words: str
    everything: Chart
    groups: tuple[Group, ...]


def build(context: Context) -> Section:
    """The averages, or nothing where there are no events."""
    everything = context.findings.averages["all"]
    title = "On average, by ticker, role and kind"
    if not everything["n_events"].gt(0).any():
        return Section("averages", title, None)
    chart = average_chart(
        "average-all",
        "Average cumulative abnormal return, all events",
        everything,
        context.looks,
        simulated=context.simulated,
    )
    groups = tuple(_group(context, by) for by in _NAMES)
    return Section("averages", title, Averages(_words(context), chart, groups))


def _words(context: Context) -> str:
    tests = context.tests
    told = []
    for row in records(tests[(tests["group"] == "all") & (tests["test"] == HEADLINE_TEST)]):
        cars = context.windows.loc[context.windows["window"] == row["window"], "car"].dropna()
        judged = row["why_not"] or f"p = {pvalue(row['pvalue'])}, {pvalue(row['pvalue_adjusted'])} adjusted"
        told.append(f"{row['window']} {percent(cars.mean())} ({judged})")
    n = int(context.findings.averages["all"]["n_events"].max())
    return f"Average abnormal return over {count(n, 'event')}: {'; '.join(told)}."


def _group(context: Context, by: str) -> Group:
    paths = context.findings.averages[by]
    sizes = paths.groupby("group_value")["n_events"].max().sort_values(ascending=False, kind="stable")
    shown = [name for name in sizes.index[:_PANELS] if sizes[name] >= _ENOUGH]
    order = {name: i for i, name in enumerate(shown)}
    some = paths[paths["group_value"].isin(shown)]
    some = some.assign(place=some["group_value"].map(order)).sort_values(["place", "day"], kind="stable")
    title = f"Average cumulative abnormal return by {_NAMES[by]}"
    if len(shown) < len(sizes):
        title += f": the {count(len(shown), 'largest group')} of {len(sizes)}, those with {_ENOUGH} events or more"
    return Group(
        name=by,
        paths=None
        if not shown
        else average_chart(f"average-{by}", title, _readable(some, by), context.looks, simulated=context.simulated),
        forest=_forest(context, by, _readable(paths, by)),
        table=_table(context, by),
    )


def _readable(paths: pd.DataFrame, by: str) -> pd.DataFrame:
    return paths if by == "ticker" else paths.assign(group_value=paths["group_value"].map(plain))


def _forest(context: Context, by: str, paths: pd.DataFrame) -> Chart:
    end = context.findings.experiment.study.windows[context.first_window][1]
    rows = paths[(paths["day"] == end) & paths["se"].notna()].sort_values("caar", ascending=False, kind="stable")
    shown = pd.DataFrame(
        {
            "label": [f"{row['group_value']} ({row['n_events']})" for row in records(rows)],
            "ticker": rows["group_value"].to_numpy(),
            "value": rows["caar"].to_numpy(),
            "low": (rows["caar"] - _Z * rows["se"]).to_numpy(),
            "high": (rows["caar"] + _Z * rows["se"]).to_numpy(),
            "detail": [f"{row['group_value']}, {count(row['n_events'], 'event')}" for row in records(rows)],
        }
    )
    title = f"Average abnormal return over {context.first_window} by {_NAMES[by]} (number of events)"
    return forest_chart(f"forest-{by}", title, shown, context.looks, simulated=context.simulated)


def _table(context: Context, by: str) -> Table:
    plan = context.findings.experiment.study
    averages = {(row["group_value"], row["day"]): row for row in records(context.findings.averages[by])}
    tests = context.tests
    headline = tests[(tests["group"] == by) & (tests["test"] == HEADLINE_TEST)]
    lines: list[list[Cell | str]] = []
    for row in records(headline):
        start, end = plan.windows[row["window"]]
        # A path runs from the eve: up to `end` it is the mean CAR, back to the day before `start` minus the mean CAR.
        sign, at = (1, end) if start == 0 else (-1, start - 1)
        mean = averages.get((row["group_value"], at)) if start == 0 or end == -1 else None
        cell = interval_cell(sign * mean["caar"], _Z * mean["se"]) if mean else Cell("–", math.inf)
        judged = p_cell(row["pvalue"]) if not row["why_not"] else Cell(row["why_not"], math.inf)
        lines.append(
            [
                plain(row["group_value"]) if by != "ticker" else row["group_value"],
                row["window"],
                number_cell(row["n_events"], 0),
                cell,
                number_cell(row["statistic"]),
                judged,
                p_cell(row["pvalue_adjusted"]),
            ]
        )
    head = (by, "window", "events", "average abnormal return [95% interval]", "t", "p", "p adjusted")
    note = "t and p: Kolari–Pynnönen’s test with the exact correlation; adjusted by Holm over windows and benchmarks."
    return Table.of(
        f"averages-{by}",
        f"Average abnormal returns by {_NAMES[by]}, {plan.primary}",
        head,
        lines,
        sortable=True,
        notes=note,
    )
