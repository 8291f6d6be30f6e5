"""The same announcement under every model and benchmark.

To see whether the answer hangs on a choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.grids import curve_chart
from reports.draw.groups import forest_chart
from reports.page.sections.base import Context, Section
from reports.rows import Row, records
from reports.words import count, listed, percent


@dataclass(frozen=True)
class ModelChoices:
    """One forest plot a window, over all tickers of the headline and all models."""

    words: str
    charts: tuple[Chart, ...]
    curve: Chart | None


def build(context: Context) -> Section:
    """The headline announcement's CARs, specification by specification."""
    title = "Does the answer hang on the model?"
    curve = _curve(context)
    if len(context.findings.studies) < 2 and curve is None:
        return Section("choices", title, None)
    table = context.findings.tables["windows"]
    tickers = list(context.headline_tickers)
    rows = table[
        table["event_id"].isin(context.headline)
        & table["ticker"].isin(tickers)
        & table["car"].notna()
    ]
    plan = context.findings.experiment.study
    charts = tuple(
        _chart(context, name, rows[rows["window"] == name], tickers)
        for name, (start, _) in plan.windows.items()
        if start >= 0 and len(rows)
    )
    drawn = (*charts, *([curve] if curve else []))
    return Section("choices", title, ModelChoices(_words(context, rows), charts, curve), (), drawn)


def _curve(context: Context) -> Chart | None:
    table = context.findings.tables.get("sensitivity")
    if table is None or table["caar"].notna().sum() == 0:
        return None
    windows = [
        name for name, (start, _) in context.findings.experiment.study.windows.items() if start >= 0
    ]
    return curve_chart(table[table["window"].isin(windows)], windows, simulated=context.simulated)


def _chart(context: Context, window: str, rows: pd.DataFrame, tickers: list[str]) -> Chart:
    lines = sorted(
        records(rows), key=lambda row: (tickers.index(row["ticker"]), str(row["event_id"]))
    )
    shown = pd.DataFrame(
        [_line(row) for row in lines], columns=["label", "ticker", "value", "low", "high", "detail"]
    )
    below = int((rows["pvalue"] < 0.05).sum())
    estimates = count(len(rows), "estimate")
    title = f"{window}: p below 0.05 in {below} of {estimates}; {_ranges(rows, tickers)}"
    name = f"choices-{list(context.findings.experiment.study.windows).index(window)}"
    chart = forest_chart(name, title, shown, context.looks, simulated=context.simulated)
    return replace(
        chart, note="abnormal returns under each model and benchmark; lines: 95% intervals"
    )


def _ranges(rows: pd.DataFrame, tickers: list[str]) -> str:
    """From where to where each ticker's estimates reach."""
    told = []
    for ticker in tickers:
        own = rows.loc[rows["ticker"] == ticker, "car"]
        if len(own):
            told.append(f"{ticker} from {percent(own.min())} to {percent(own.max())}")
    return listed(told)


def _line(row: Row) -> tuple[object, ...]:
    model = f"{row['model'].replace('_', '-')}{', ' + row['benchmark'] if row['benchmark'] else ''}"
    return (
        f"{row['ticker']} {row['event_session']:%m-%d}: {model}",
        row["ticker"],
        row["car"],
        row["car_low"],
        row["car_high"],
        f"{row['ticker']}, {model}",
    )


def _words(context: Context, rows: pd.DataFrame) -> str:
    first = rows[rows["window"] == context.first_window]
    told = []
    for (ticker, session), of in first.groupby(["ticker", "event_session"], sort=False):
        below = int((of["pvalue"] < 0.05).sum())
        low, high = percent(of["car"].min()), percent(of["car"].max())
        told.append(
            f"{ticker} on {session:%Y-%m-%d} from {low} to {high}, "
            f"p below 0.05 in {below} of {len(of)}"
        )
    if told:
        return f"Over {context.first_window}: {'; '.join(told)}."
    return ""
