"""Average abnormal returns: all events, and by ticker, role and kind."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.draw.chart import Chart
from reports.draw.groups import average_chart, forest_chart
from reports.draw.strip import strip_chart
from reports.draw.tabular import Cell, Table, between_cell, number_cell, p_cell, percent_cell
from reports.experiment.plan import Spec
from reports.page.sections.base import Context, Section
from reports.page.sections.overall.average_paths import (
    days_picture,
    largest_ends,
    note,
    reached,
)
from reports.page.sections.overall.multiples import Multiples, multiples
from reports.rows import Row, apart, records
from reports.words import NONE, count, equal, fine, percent, plain

_PANELS = 12  # groups with the most events get a panel; the forest plot and the table have them all
_ENOUGH = 3  # events; a smaller group would stretch the common scale until nothing else can be read
NAMES = {"ticker": "ticker", "role": "role in the announcement", "kind": "kind of announcement"}


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
    strip: Chart
    everything: Chart
    days: Chart
    groups: tuple[Group, ...]
    multiples: Multiples | None


def build(context: Context) -> Section:
    """The averages, or nothing where there are no events."""
    everything = context.findings.averages["all"]
    title = "On average, by ticker, role and kind"
    if not everything["n_events"].gt(0).any():
        return Section("averages", title, None)
    first = context.windows[context.windows["window"] == context.first_window]
    strip = strip_chart(
        "strip",
        first,
        context.first_window,
        simulated=context.simulated,
        model=str(context.primary),
    )
    chart = average_chart(
        "average-all",
        f"Average cumulative abnormal return: {reached(everything)}",
        everything,
        context.looks,
        simulated=context.simulated,
        placebos=_placebos(context, "all"),
        note=note(context, tested=everything),
    )
    days = days_picture(context)
    groups = tuple(_group(context, by) for by in NAMES)
    charts = [strip, chart, days]
    charts += [one for g in groups for one in (g.forest, g.paths) if one is not None]
    several = multiples(context)
    charts += several.charts if several else ()
    words = average_words(context, context.primary)["all"]
    content = Averages(words, strip, chart, days, groups, several)
    tables = tuple(group.table for group in groups)
    return Section("averages", title, content, tables, tuple(charts))


def average_words(context: Context, spec: Spec, by: str = "all") -> dict[str, str]:
    """One sentence a group, over every window.

    Its average under one model, the interval and the p.
    """
    told: dict[str, list[str]] = {}
    for row in _rows(context, by, spec):
        digits = fine(row["low"], row["high"])
        judged = (
            f"{percent(row['low'], digits)} to {percent(row['high'], digits)}, "
            f"p {equal(row['pvalue'])}"
            if math.isfinite(row["pvalue"])
            else row["why_not"] or "too few events"
        )
        sides = f"median {percent(row['median'], digits)}, {row['share_positive']:.0%} positive"
        told.setdefault(str(row["group_value"]), []).append(
            f"{row['window']} {percent(row['weighted_mean'], digits)} over "
            f"{count(int(row['n_events']), 'event')} ({judged}; {sides})"
        )
    return {
        value: f"Average abnormal return with its 95% interval: {'; '.join(parts)}."
        for value, parts in told.items()
    }


def _rows(context: Context, by: str, spec: Spec | None = None) -> list[Row]:
    """The rows of averages.csv of one grouping, of the primary model unless another is named."""
    table = context.findings.of("averages", spec or context.primary)
    return records(table[table["group"] == by])


def largest(paths: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """The groups with enough events that get a panel, the largest first, and their paths."""
    sizes = (
        paths.groupby("group_value")["n_events"].max().sort_values(ascending=False, kind="stable")
    )
    shown = [name for name in sizes.index[:_PANELS] if sizes[name] >= _ENOUGH]
    order = {name: i for i, name in enumerate(shown)}
    some = paths[paths["group_value"].isin(shown)]
    some = some.assign(place=some["group_value"].map(order))
    return shown, some.sort_values(["place", "day"], kind="stable")


def _group(context: Context, by: str) -> Group:
    paths = context.findings.averages[by]
    n_groups = paths["group_value"].nunique()
    shown, some = largest(paths)
    ends = [(name, some[some["group_value"] == name]) for name in shown]
    told = largest_ends([(name if by == "ticker" else plain(name), end) for name, end in ends])
    few = f"; the {len(shown)} largest of {n_groups} groups, those with {_ENOUGH} events or more"
    drawn = (
        None
        if not shown
        else average_chart(
            f"average-{by}",
            told,
            _readable(some, by),
            context.looks,
            simulated=context.simulated,
            placebos=_placebos(context, by),
            note=note(context, few if len(shown) < n_groups else "", tested=some),
        )
    )
    return Group(by, drawn, _forest(context, by), average_table(context, by, context.primary))


def _placebos(context: Context, by: str) -> pd.DataFrame | None:
    """The placebo paths of one grouping under the primary model."""
    if "placebo_paths" not in context.findings.tables:
        return None
    table = context.findings.of_primary("placebo_paths")
    return _readable(table[table["group"] == by], by)


def _readable(paths: pd.DataFrame, by: str) -> pd.DataFrame:
    return paths if by == "ticker" else paths.assign(group_value=paths["group_value"].map(plain))


def forest_rows(context: Context, by: str, spec: Spec, window: str) -> list[tuple[object, ...]]:
    """The groups of a forest plot, the largest average first.

    Label, group, average, its interval and words.
    """
    rows = [row for row in _rows(context, by, spec) if row["window"] == window]
    known = [row for row in rows if math.isfinite(row["low"]) and row["n_events"] >= _ENOUGH]
    lines: list[tuple[object, ...]] = []
    for row in sorted(known, key=lambda row: -row["weighted_mean"]):
        group, n = str(row["group_value"]), int(row["n_events"])
        name = plain(group) if by != "ticker" else group
        detail = f"{name}, {count(n, 'event')}, p {equal(row['pvalue'])}"
        lines.append(
            (f"{name} ({n:,})", group, row["weighted_mean"], row["low"], row["high"], detail)
        )
    return lines


def _forest(context: Context, by: str) -> Chart:
    lines = forest_rows(context, by, context.primary, context.first_window)
    shown = pd.DataFrame(lines, columns=["label", "ticker", "value", "low", "high", "detail"])
    n_apart = int(apart(shown).sum())
    title = (
        f"{context.first_window} by {NAMES[by]}: "
        f"{n_apart} of {count(len(shown), 'average')} told apart from zero"
    )
    chart = forest_chart(f"forest-{by}", title, shown, context.looks, simulated=context.simulated)
    note = (
        f"{context.primary}; 95% intervals of the headline test; in brackets: events, three or more"
    )
    return replace(chart, note=note)


def _jointly(context: Context, by: str) -> dict[tuple[object, object], float]:
    """p-values of all groups and windows of a grouping judged together, by group and window."""
    if "joint" not in context.findings.tables:
        return {}
    table = context.findings.of_primary("joint")
    rows = records(table[table["group"] == by])
    return {(row["group_value"], row["window"]): row["pvalue_adjusted"] for row in rows}


def average_table(context: Context, by: str, spec: Spec) -> Table:
    """Every group of one grouping over every window, under one model."""
    tests = context.tests
    of = tests[(tests["group"] == by) & (tests["test"] == HEADLINE_TEST)]
    primary = spec == context.primary
    adjusted = {
        (row["group_value"], row["window"]): row["pvalue_adjusted"]
        for row in (records(of) if primary else [])
    }
    jointly = _jointly(context, by) if primary else {}
    lines: list[list[Cell | str]] = []
    rows = _rows(context, by, spec)
    for row in rows:
        known = not row["why_not"]
        lines.append(
            [
                plain(row["group_value"]) if by != "ticker" else row["group_value"],
                row["window"],
                number_cell(row["n_events"], 0),
                between_cell(row["weighted_mean"], row["low"], row["high"]),
                percent_cell(row["mean"]),
                percent_cell(row["median"]),
                Cell(f"{row['share_positive']:.0%}", float(row["share_positive"]), numeric=True)
                if math.isfinite(row["share_positive"])
                else Cell(NONE, math.nan, numeric=True),
                number_cell(row["statistic"]) if known else Cell(NONE, math.nan, numeric=True),
                p_cell(row["pvalue"]) if known else Cell(str(row["why_not"]), math.inf),
                p_cell(adjusted.get((row["group_value"], row["window"]), math.nan)),
                p_cell(jointly.get((row["group_value"], row["window"]), math.nan)),
            ]
        )
    head = (
        by, "window", "events", "average abnormal return [95% interval]", "plain mean", "median",
        "positive", "t", "p", "p adjusted", "p joint",
    )  # fmt: skip
    note = (
        "The average weighs events by their precision; its interval holds the effects "
        "that Kolari–Pynnönen’s test with the exact correlation and the shocks parties share does "
        "not reject (where such intervals cover, and where not, is under How it was measured), "
        "and t and p are of that test; adjusted by Holm over windows and benchmarks. "
        "Joint: max-t over all groups and windows of the table, under the exact correlation "
        "of their averages where nothing happened. Both are of the main model alone."
    )
    caption = f"Average abnormal returns by {NAMES[by]}, {spec}"
    keys = tuple(f"{row['group_value']}|{row['window']}" for row in rows)
    table = Table.of(f"averages-{by}", caption, head, lines, sortable=True, notes=note)
    return replace(table, keys=keys)
