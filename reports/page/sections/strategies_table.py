"""Every strategy in one table: what its trades earned, and what luck earns."""

from __future__ import annotations

import math

from reports.draw.tabular import Cell, Table, number_cell, p_cell, percent_cell
from reports.page.sections.base import Context
from reports.rows import Row, records
from reports.run.trading.backtest import Backtest
from reports.words import NONE

_NONE = Cell(NONE, math.nan, numeric=True)


def strategies_table(context: Context) -> Table | None:
    """One line a strategy, nothing without one."""
    backtests = context.findings.backtests
    if not backtests:
        return None
    trials = context.findings.tables["trials"]
    sharpe = {str(row["strategy"]): row for row in records(trials)}
    tried = 0
    if len(trials):
        tried = int(trials["n_trials"].max())
    head = (
        "strategy", "trades", "a trade after costs", "against the benchmark", "p", "above zero",
        "worse at earlier dates", "Sharpe ratio a year", "probability above 0",
        f"probability above the best of {tried} by luck", "not filled", "remark",
    )  # fmt: skip
    note = (
        "p: cluster sign flips of what a trade earned against its benchmark, or after its hedge. "
        "Above zero: the share of trades, by that measure. Worse at earlier dates: the share of "
        "placebo catalogs on which the strategy earned less. The two probabilities of the Sharpe "
        "ratio are near 1 for skill and near 0 for none; "
        f"the {tried} are these strategies and the variants of the sweep and the search."
    )
    lines = [_line(one, sharpe.get(one.name)) for one in backtests]
    return Table.of("strategies-all", "The strategies in one table", head, lines, notes=note)


def _line(one: Backtest, trial: Row | None) -> list[Cell | str]:
    judged, placebo = one.evaluation.judgement, one.placebo
    refused = int((one.evaluation.orders["status"] != "filled").sum())
    traded = bool(judged.n_trades)
    idle = "no order filled"
    if judged.n_open:
        idle = f"{judged.n_open:,} still open"
    why = [
        judged.why_not if traded else idle,
        str(trial["why_not"] or "") if trial else "",
    ]
    return [
        one.name,
        number_cell(judged.n_trades, 0),
        percent_cell(judged.mean_net, 2) if traded else _NONE,
        percent_cell(judged.mean_excess, 2) if traded else _NONE,
        p_cell(judged.sign_flip_p) if traded else _NONE,
        _share(judged.hit_rate) if traded else _NONE,
        _share(placebo.place) if placebo is not None and not placebo.why_not else _NONE,
        number_cell(trial["sharpe"]) if trial else _NONE,
        p_cell(trial["probabilistic"], judged=False) if trial else _NONE,
        p_cell(trial["deflated"], judged=False) if trial else _NONE,
        number_cell(refused, 0),
        "; ".join(dict.fromkeys(filter(None, why))),
    ]


def _share(value: float) -> Cell:
    if math.isfinite(value):
        return Cell(f"{value:.0%}", float(value), numeric=True)
    return _NONE
