"""The same announcement under every model and benchmark, to see whether the answer hangs on a choice."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.grids import curve_chart
from reports.draw.groups import forest_chart
from reports.page.headline import headline_tickers
from reports.page.sections.base import Context, Section
from reports.rows import Row, reach, records
from reports.words import percent


@dataclass(frozen=True)
class Choices:
    """One forest plot a window, over all tickers of the headline and all models."""

    event_id: str
    words: str
    charts: tuple[Chart, ...]
    curve: Chart | None


def build(context: Context) -> Section:
    """The headline announcement's CARs, specification by specification."""
    title = "Does the answer hang on the model?"
    event = context.headline
    if event is None or len(context.findings.studies) < 2:
        return Section("choices", title, None)
    table = context.findings.tables["windows"]
    tickers = headline_tickers(context.findings, event)
    rows = table[
        (table["event_id"] == event) & table["ticker"].isin(tickers) & table["car"].notna()
    ]
    plan = context.findings.experiment.study
    charts = tuple(
        _chart(context, name, rows[rows["window"] == name], tickers)
        for name, (start, _) in plan.windows.items()
        if start >= 0
    )
    return Section("choices", title, Choices(event, _words(context, rows), charts, _curve(context)))


def _curve(context: Context) -> Chart | None:
    table = context.findings.tables.get("sensitivity")
    if table is None or table["caar"].notna().sum() == 0:
        return None
    windows = [
        name for name, (start, _) in context.findings.experiment.study.windows.items() if start >= 0
    ]
    return curve_chart(table[table["window"].isin(windows)], windows, simulated=context.simulated)


def _chart(context: Context, window: str, rows: pd.DataFrame, tickers: list[str]) -> Chart:
    lines = sorted(records(rows), key=lambda row: tickers.index(row["ticker"]))
    shown = pd.DataFrame(
        [_line(row) for row in lines], columns=["label", "ticker", "value", "low", "high", "detail"]
    )
    title = f"{window} abnormal return under each model, 95% intervals"
    name = f"choices-{list(context.findings.experiment.study.windows).index(window)}"
    return forest_chart(name, title, shown, context.looks, simulated=context.simulated)


def _line(row: Row) -> tuple[object, ...]:
    model = f"{row['model'].replace('_', '-')}{', ' + row['benchmark'] if row['benchmark'] else ''}"
    half = reach(row)
    return (
        f"{row['ticker']}: {model}",
        row["ticker"],
        row["car"],
        row["car"] - half,
        row["car"] + half,
        f"{row['ticker']}, {model}",
    )


def _words(context: Context, rows: pd.DataFrame) -> str:
    first = rows[rows["window"] == context.first_window]
    told = []
    for ticker, of in first.groupby("ticker", sort=False):
        below = int((of["pvalue"] < 0.05).sum())
        low, high = percent(of["car"].min()), percent(of["car"].max())
        told.append(f"{ticker} from {low} to {high}, p below 0.05 in {below} of {len(of)}")
    return f"Over {context.first_window}: {'; '.join(told)}."
