"""What the same measurement says at dates without news.

And what donors say instead of a benchmark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from backtest.study.donors.model import PULL, PULLED
from backtest.study.normal.by_name import OF_DONORS
from reports.draw.chart import Chart
from reports.draw.groups import average_chart
from reports.draw.tabular import (
    Cell,
    Table,
    between_cell,
    number_cell,
    p_cell,
    percent_cell,
    percent_free,
)
from reports.experiment.plan import Spec
from reports.page.sections.base import Context, Section
from reports.page.sections.overall.average_paths import bands, reached
from reports.rows import Row, apart, records
from reports.run.sentences import PLACEBOS, drift_in_words, drifting


@dataclass(frozen=True)
class Counterfactuals:
    """Sentences on drift, the table behind them, and each method of donors with its placebos."""

    words: tuple[str, ...]
    drift: Table
    charts: tuple[Chart, ...]
    means: Table | None


def build(context: Context) -> Section:
    """The drift of the primary model, and of those of donors where the experiment names some."""
    title = "At dates without news, and against donors"
    if "placebo_drift" not in context.findings.tables:
        return Section("counterfactuals", title, None)
    specs = _donor_specs(context)
    drift, means = _drift_table(context), _means_table(context, specs)
    charts = tuple(_chart(context, spec) for spec in specs)
    windows = context.findings.experiment.study.windows
    words = drift_in_words(context.findings.tables["placebo_drift"], windows)
    if any(spec.model in PULLED for spec in context.findings.studies):
        words = (*words, PULL)
    tables = (drift, *((means,) if means else ()))
    content = Counterfactuals(words, drift, charts, means)
    return Section("counterfactuals", title, content, tables, charts)


def _donor_specs(context: Context) -> list[Spec]:
    found = context.findings
    return [
        spec
        for spec, result in found.studies.items()
        if spec.model in OF_DONORS and len(result.events)
    ]


def _longest(context: Context) -> str:
    windows = context.findings.experiment.study.windows
    return max(windows, key=lambda name: windows[name][1])


def _judged(row: Row, *, sure: bool) -> str:
    """Whether a mean is a drift, in a table."""
    if not math.isfinite(row["mean_car"]):
        return ""
    if not math.isfinite(row["pvalue"]):
        return f"needs 3 securities, got {row['n_securities']}"
    if not row["drifts"]:
        return ""
    return "over 0.3 points" if sure else "over 0.3 points, as chance makes it"


def _drift_table(context: Context) -> Table:
    table = context.findings.tables["placebo_drift"]
    lines: list[list[Cell | str]] = [
        [
            str(Spec(model=row["model"], benchmark=row["benchmark"])),
            PLACEBOS[row["placebos"]],
            row["window"],
            number_cell(row["n_events"], 0),
            number_cell(row["n_securities"], 0),
            number_cell(row["n_placebos"], 0),
            percent_cell(row["mean_car"], 2),
            percent_free(row["se"], 2),
            _judged(row, sure=sure),
        ]
        for row, sure in zip(records(table), drifting(table), strict=True)
    ]
    head = (
        "model", "dates", "window", "events", "securities", "placebos", "mean", "error", "drift",
    )  # fmt: skip
    note = (
        "The same securities and the same model at dates from which no announcement "
        "of theirs is near; events weighed by precision, errors by security. A drift is over "
        "0.3 points and further from zero than its error explains (t of three securities or "
        "more, at 5%). "
        "Run-up: the return of the 20 sessions before."
    )
    return Table.of(
        "placebo-drift", "What is measured where nothing was announced", head, lines,
        sortable=True, notes=note,
    )  # fmt: skip


def _chart(context: Context, spec: Spec) -> Chart:
    paths = context.findings.of("counterfactual_paths", spec)
    placebos = None
    if "placebo_paths" in context.findings.tables:
        placebos = context.findings.of("placebo_paths", spec)
    return average_chart(
        f"counterfactual-{spec.model}",
        f"Average return against {spec}: {reached(paths[paths['group'] == 'all'])}",
        paths,
        context.looks,
        simulated=context.simulated,
        placebos=None if placebos is None else placebos[placebos["group"] == "all"],
        note=f"{spec}, events weighed by their precision, by session from the announcement; "
        f"{bands(paths)}",
    )


def _means_table(context: Context, specs: list[Spec]) -> Table | None:
    """The averages under the primary model and every method of donors, side by side."""
    if not specs:
        return None
    lines: list[list[Cell | str]] = []
    for spec in (context.findings.experiment.study.primary, *specs):
        table = context.findings.of("averages", spec)
        lines += [
            [
                str(spec),
                row["window"],
                number_cell(row["n_events"], 0),
                between_cell(row["weighted_mean"], row["low"], row["high"]),
                p_cell(row["pvalue"]),
                *_fit(context, spec, row["window"]),
            ]
            for row in records(table[table["group"] == "all"])
        ]
    head = (
        "model", "window", "events", "average abnormal return [95% interval]", "p",
        "single events told apart from zero", "donors, median", "factors, median",
    )  # fmt: skip
    note = (
        "Single events: those whose conformal interval, "
        "refitted at every effect it tries, leaves out zero. "
        "Parties of an announcement and donors with news of their own are no donors of it."
    )
    return Table.of(
        "counterfactual-averages", "Against donors", head, lines, sortable=True, notes=note
    )


def _fit(context: Context, spec: Spec, window: str) -> tuple[Cell | str, ...]:
    if spec.model not in OF_DONORS:
        return ("–", "–", "–")
    table: pd.DataFrame = context.findings.of("counterfactuals", spec)
    of = table[(table["window"] == window) & table["low"].notna()]
    n_apart = int(apart(of).sum())
    return (
        f"{n_apart} of {len(of)}",
        number_cell(of["n_donors"].median(), 0),
        number_cell(of["n_factors"].median(), 0),
    )
