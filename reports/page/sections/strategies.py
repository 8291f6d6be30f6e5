"""What the strategies would have earned, order by order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.draw.chart import Chart
from reports.draw.grids import heat_chart
from reports.draw.tabular import Cell, Table, number_cell, p_cell, percent_cell
from reports.draw.trading import bets_chart, bridge_chart, equity_chart, placebo_chart
from reports.page.sections.base import Context, Section
from reports.page.sections.strategies_table import strategies_table
from reports.rows import records
from reports.run.columns import COLUMNS, COUNT, FRACTION, SESSIONS, P
from reports.run.trading.backtest import Backtest
from reports.words import count, day, equal, number, percent, plain, pvalue

_TRADE = (
    "event_id", "ticker", "entry_session", "entry_at", "entry_price", "exit_session", "exit_at",
    "exit_price", "net_return", "benchmark_return", "excess_return", "status",
)  # fmt: skip
_ORDER = ("event_id", "ticker", "session", "at", "target", "reason")
_DIGITS = {COUNT: 0, SESSIONS: 0}


@dataclass(frozen=True)
class ShownStrategy:
    """One strategy: words, pictures, trades, refused orders."""

    name: str
    what: str
    words: str
    charts: tuple[Chart, ...]
    summary: Table
    trades: Table
    refused: Table | None


@dataclass(frozen=True)
class Trading:
    """Strategies together and one by one, and the sweep over many variants."""

    strategies: tuple[ShownStrategy, ...]
    together: Table | None
    sweep: Chart | None
    sweep_words: str


def build(context: Context) -> Section:
    """Every strategy of the experiment, then all of them together."""
    backtests = context.findings.backtests
    shown = tuple(_shown(context, place, one) for place, one in enumerate(backtests))
    charts = [chart for one in shown for chart in one.charts]
    if not shown and not context.findings.sweep:
        return Section("strategies", "Trading on it", None, (), ())
    content = Trading(shown, strategies_table(context), *_sweep(context))
    if content.sweep:
        charts.append(content.sweep)
    return Section("strategies", "Trading on it", content, (), tuple(charts))


def _sweep(context: Context) -> tuple[Chart | None, str]:
    swept = context.findings.sweep
    if swept is None or swept.best.empty:
        return None, ""
    best = records(swept.best)[0]
    heat = swept.heat("filter", "hold").rename_axis(index="events", columns="sessions held")
    cells = heat.stack()
    above, most = int((cells.to_numpy() > 0).sum()), float(cells.to_numpy().max())
    title = (
        f"{above} of {count(len(cells), 'cell')} above zero, the best {percent(most, 2)} a trade, "
        f"over {count(len(swept.table), 'variant')}"
    )
    told = (
        f"Of {count(len(swept.table), 'variant')} (holding time, entry, stop, hedge, events) the "
        f"best by t earns {percent(best['mean_excess'], 2)} a trade (t = {number(best['t'])}). "
        "The best of as many worthless variants does as well "
        f"with probability {pvalue(swept.best_p)} (White’s reality check)."
    )
    return heat_chart(heat, title, simulated=context.simulated), told


def _shown(context: Context, place: int, one: Backtest) -> ShownStrategy:
    trades, orders = one.evaluation.trades, one.evaluation.orders
    charts = []
    if len(one.evaluation.equity):
        charts.append(
            equity_chart(
                str(place),
                one.name,
                one.evaluation.equity,
                one.benchmark,
                simulated=context.simulated,
            )
        )
    if len(trades):
        charts.append(bets_chart(str(place), one.evaluation.bets, simulated=context.simulated))
    if one.placebo is not None and len(one.placebo.draws):
        draws = one.placebo.draws["mean_excess"]
        charts.append(
            placebo_chart(str(place), draws, one.placebo.actual, simulated=context.simulated)
        )
    average = one.bridge.average
    if average["n_bets"].max() > 0:
        charts.append(bridge_chart(str(place), average, simulated=context.simulated))
    settings = ", ".join(
        f"{plain(key)} {value if not isinstance(value, list) else ', '.join(map(str, value))}"
        for key, value in one.settings.items()
    )
    refused = orders[orders["status"] != "filled"]
    return ShownStrategy(
        name=one.name,
        what=settings,
        words=_together(one) + _words(one, refused),
        charts=tuple(charts),
        summary=_summary(place, one),
        trades=context.few.cut(
            _frame_table(f"trades-{place}", f"The trades of {one.name}", trades[list(_TRADE)]),
            "stand in tables/trades.csv",
        ),
        refused=context.few.cut(
            _frame_table(f"refused-{place}", "Orders not filled, and why", refused[list(_ORDER)]),
            "stand in tables/orders.csv",
        )
        if len(refused)
        else None,
    )


def _together(one: Backtest) -> str:
    """What a strategy earned over all exchanges, before what it earned on the first of them."""
    words = one.together_words(2)
    if words:
        return f"{one.together_name}: {words}. On {one.evaluation.exchange}: "
    return ""


def _words(one: Backtest, refused: pd.DataFrame) -> str:
    judged = one.evaluation.judgement
    if not judged.n_trades:
        return (
            f"No trade was completed, {judged.n_open} still open; "
            f"{count(len(refused), 'order')} refused."
        )
    if math.isfinite(judged.sign_flip_p):
        luck = f"p {equal(judged.sign_flip_p)} by cluster sign flips"
    else:
        luck = judged.why_not
    return (
        f"{count(judged.n_trades, 'trade')}, {percent(judged.mean_net, 2)} each on average "
        f"after costs, {one.against(2)} ({luck}); {judged.hit_rate:.0%} ended above zero by "
        "that measure; "
        f"{count(len(refused), 'order')} refused. {_luck(one)}{_where_it_went(one)}"
    )


def _luck(one: Backtest) -> str:
    if one.placebo is None:
        return ""
    if one.placebo.why_not:
        return f"There are no earlier dates to compare with: {one.placebo.why_not}. "
    n, below = len(one.placebo.draws), one.placebo.place
    return (
        f"On the same catalog moved to {count(n, 'earlier date')}, "
        "without bets that would meet a real event of their ticker, "
        f"it does worse in {below:.0%} of them (p {equal(one.placebo.p_two)}). "
    )


def _where_it_went(one: Backtest) -> str:
    mean = one.bridge.average.set_index("step")["mean"]
    if not math.isfinite(mean["announced"]):
        return ""
    whole, gap, left, kept = (
        percent(mean[step], 2) for step in ("announced", "gap", "left", "excess_return")
    )
    return (
        f"Of an average abnormal return of {whole} up to the exit, {gap} came before one could "
        f"trade and {left} after; {kept} was kept."
    )


def _summary(place: int, one: Backtest) -> Table:
    summary = one.evaluation.summary
    rows = [(plain(str(name)), _cell(str(name), summary[name].iloc[0])) for name in summary.columns]
    return Table.of(f"summary-{place}", f"{one.name}: the whole record", ("measure", "value"), rows)


def _frame_table(name: str, caption: str, frame: pd.DataFrame) -> Table:
    rows = [[_cell(key, value) for key, value in row.items()] for row in records(frame)]
    return Table.of(
        name, caption, [plain(str(column)) for column in frame.columns], rows, sortable=True
    )


def _cell(column: str, value: Any) -> Cell:
    """A value by the unit that its column is declared with: fractions as percent, days as days."""
    if isinstance(value, pd.Timestamp) or value is pd.NaT:
        return Cell(day(value), whole=True)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell("" if value is None else str(value))
    unit = COLUMNS[column].unit
    if unit == FRACTION:
        return percent_cell(value, 2)
    if unit == P:
        return p_cell(value, judged=column.endswith("_p"))
    return number_cell(value, _DIGITS.get(unit, 2))
