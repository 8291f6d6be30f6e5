"""Average abnormal returns: all events, and by ticker, role and kind."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.draw.chart import Chart
from reports.draw.groups import average_chart, forest_chart
from reports.export.tabular import Cell, Table, interval_cell, number_cell, p_cell
from reports.page.sections.base import Context, Section
from reports.rows import records
from reports.words import count, equal, percent, plain, pvalue

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
    tests, windows = context.tests, context.tested
    told = []
    for row in records(tests[(tests["group"] == "all") & (tests["test"] == HEADLINE_TEST)]):
        mean = windows.loc[windows["window"] == row["window"], "car"].mean()
        judged = (
            row["why_not"] or f"p {equal(row['pvalue'])}, {pvalue(row['pvalue_adjusted'])} adjusted"
        )
        told.append(f"{row['window']} {percent(mean)} over {row['n_events']} ({judged})")
    return f"Average abnormal return of the events that can be tested: {'; '.join(told)}."


def _means(context: Context, by: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Mean CAR of the tested events and its standard error (fractions), by group value and window.

    The error is that of the exact-correlation test of the mean, z = mean / error, so that all three
    agree.
    """
    tests = context.tests
    exact = tests[(tests["group"] == by) & (tests["test"] == "caar_exact_z")]
    z = {(row["group_value"], row["window"]): row["statistic"] for row in records(exact)}
    found = context.tested.groupby([by, "window"], sort=False)["car"].mean().reset_index()
    return {
        (row[by], row["window"]): (row["car"], abs(row["car"] / z[row[by], row["window"]]))
        for row in records(found)
        if (row[by], row["window"]) in z
    }


def _group(context: Context, by: str) -> Group:
    paths = context.findings.averages[by]
    sizes = (
        paths.groupby("group_value")["n_events"].max().sort_values(ascending=False, kind="stable")
    )
    shown = [name for name in sizes.index[:_PANELS] if sizes[name] >= _ENOUGH]
    order = {name: i for i, name in enumerate(shown)}
    some = paths[paths["group_value"].isin(shown)]
    some = some.assign(place=some["group_value"].map(order)).sort_values(
        ["place", "day"], kind="stable"
    )
    title = f"Average cumulative abnormal return by {_NAMES[by]}"
    if len(shown) < len(sizes):
        title += f": the {count(len(shown), 'largest group')} of {len(sizes)}, those with {_ENOUGH} events or more"
    return Group(
        name=by,
        paths=None
        if not shown
        else average_chart(
            f"average-{by}", title, _readable(some, by), context.looks, simulated=context.simulated
        ),
        forest=_forest(context, by),
        table=_table(context, by),
    )


def _readable(paths: pd.DataFrame, by: str) -> pd.DataFrame:
    return paths if by == "ticker" else paths.assign(group_value=paths["group_value"].map(plain))


def _forest(context: Context, by: str) -> Chart:
    means = {
        group: found
        for (group, window), found in _means(context, by).items()
        if window == context.first_window
    }
    sizes = context.tested[context.tested["window"] == context.first_window].groupby(by).size()
    lines = []
    for group, (mean, se) in sorted(means.items(), key=lambda item: -item[1][0]):
        if math.isfinite(se) and sizes[group] >= _ENOUGH:
            name, n = plain(group) if by != "ticker" else group, int(sizes[group])
            label, detail = f"{name} ({n})", f"{name}, {count(n, 'event')}"
            lines.append((label, group, mean, mean - _Z * se, mean + _Z * se, detail))
    shown = pd.DataFrame(lines, columns=["label", "ticker", "value", "low", "high", "detail"])
    title = f"Average abnormal return over {context.first_window} by {_NAMES[by]} (number of events, three or more)"
    return forest_chart(f"forest-{by}", title, shown, context.looks, simulated=context.simulated)


def _table(context: Context, by: str) -> Table:
    tests, means = context.tests, _means(context, by)
    lines: list[list[Cell | str]] = []
    for row in records(tests[(tests["group"] == by) & (tests["test"] == HEADLINE_TEST)]):
        mean, se = means.get((row["group_value"], row["window"]), (math.nan, math.nan))
        judged = p_cell(row["pvalue"]) if not row["why_not"] else Cell(row["why_not"], math.inf)
        lines.append(
            [
                plain(row["group_value"]) if by != "ticker" else row["group_value"],
                row["window"],
                number_cell(row["n_events"], 0),
                interval_cell(mean, _Z * se),
                number_cell(row["statistic"]),
                judged,
                p_cell(row["pvalue_adjusted"]),
            ]
        )
    head = (
        by,
        "window",
        "events",
        "average abnormal return [95% interval]",
        "t",
        "p",
        "p adjusted",
    )
    note = (
        "t and p: Kolari–Pynnönen’s test with the exact correlation and the shocks parties share; "
        "adjusted by Holm over windows and benchmarks."
    )
    caption = (
        f"Average abnormal returns by {_NAMES[by]}, {context.findings.experiment.study.primary}"
    )
    return Table.of(f"averages-{by}", caption, head, lines, sortable=True, notes=note)
