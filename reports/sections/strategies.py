"""What the strategies would have earned, order by order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.backtests import Backtest
from reports.figures.chart import Chart
from reports.figures.trading import equity_chart, trades_chart
from reports.rows import records
from reports.sections.base import Context, Section
from reports.tabular import Cell, Table, number_cell, percent_cell
from reports.words import count, day, percent, plain


@dataclass(frozen=True)
class Shown:
    """One strategy: words, pictures, trades, refused orders."""

    name: str
    what: str
    words: str
    charts: tuple[Chart, ...]
    summary: Table
    trades: Table
    refused: Table | None


def build(context: Context) -> Section:
    """Every strategy of the experiment."""
    shown = tuple(_shown(context, one) for one in context.findings.backtests)
    return Section("strategies", "Trading on it", shown or None)


def _shown(context: Context, one: Backtest) -> Shown:
    trades, orders = one.evaluation.trades, one.evaluation.orders
    charts = []
    if len(one.evaluation.equity):
        charts.append(equity_chart(one.name, one.evaluation.equity, one.benchmark, simulated=context.simulated))
    if len(trades):
        charts.append(trades_chart(one.name, trades, context.looks, simulated=context.simulated))
    settings = ", ".join(
        f"{plain(key)} {value if not isinstance(value, list) else ', '.join(map(str, value))}"
        for key, value in one.settings.items()
    )
    refused = orders[orders["status"] != "filled"]
    return Shown(
        name=one.name,
        what=settings,
        words=_words(trades, refused),
        charts=tuple(charts),
        summary=_summary(one),
        trades=_frame_table(f"trades-{one.name}", f"The trades of {one.name}", trades),
        refused=_frame_table(f"refused-{one.name}", "Orders not filled, and why", refused) if len(refused) else None,
    )


def _words(trades: pd.DataFrame, refused: pd.DataFrame) -> str:
    if trades.empty:
        return f"No trade was made; {count(len(refused), 'order')} refused."
    net = trades["net_return"]
    return (
        f"{count(len(trades), 'trade')}: {percent(net.mean())} on average after costs, median {percent(net.median())}, "
        f"{int((net > 0).sum())} with a gain; {count(len(refused), 'order')} refused."
    )


def _summary(one: Backtest) -> Table:
    summary = one.evaluation.summary
    rows = [(plain(str(name)), _cell(str(name), summary[name].iloc[0])) for name in summary.columns]
    return Table.of(f"summary-{one.name}", f"{one.name}: the whole record", ("measure", "value"), rows)


def _frame_table(name: str, caption: str, frame: pd.DataFrame) -> Table:
    rows = [[_cell(key, value) for key, value in row.items()] for row in records(frame)]
    return Table.of(name, caption, [plain(str(column)) for column in frame.columns], rows, sortable=True)


def _cell(column: str, value: Any) -> Cell:
    """A value by its column's name: returns as percent, days as days, the rest as it is."""
    if isinstance(value, pd.Timestamp) or value is pd.NaT:
        return Cell(day(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell("" if value is None else str(value))
    if any(
        word in column
        for word in ("return", "drawdown", "rate", "mean", "median", "worst", "best", "share", "ci_", "car")
    ):
        return percent_cell(float(value), 2)
    return number_cell(float(value), 0 if float(value).is_integer() else 3)
