"""The tables of strategies: every account with its strategy's label first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reports.run.trading.backtest import Backtest

if TYPE_CHECKING:
    from strategies.evaluate.search import Search
    from strategies.evaluate.sweep import Sweep


def trading_tables(
    backtests: tuple[Backtest, ...], swept: Sweep | None, search: Search | None = None
) -> dict[str, pd.DataFrame]:
    """Tables of all strategies, the strategy's label first.

    strategies, trades, orders, placebo and bridge; trials; sweep. `trials` allow for the variants
    of the sweep and of the search too.
    """
    if swept:
        grid = {"sweep": swept.table}
    else:
        grid = {}
    if not backtests:
        return grid
    from strategies.evaluate.trials import trials

    parts = {
        "strategies": _summaries(backtests),
        "trades": [(one.name, one.evaluation.trades) for one in backtests],
        "orders": [(one.name, one.evaluation.orders) for one in backtests],
        "equity": [(one.name, one.evaluation.equity) for one in backtests],
        "positions": [(one.name, one.evaluation.positions) for one in backtests],
        "placebo": [
            (one.name, one.placebo.draws.assign(kind=one.placebo.kind))
            for one in backtests
            if one.placebo
        ],
        "bridge": [(one.name, one.bridge.table) for one in backtests],
    }
    tables = {name: labelled(frames) for name, frames in parts.items()}
    also = [one.table["t"].to_numpy(dtype=np.float64) for one in (swept, search) if one]
    tried = None
    if also:
        tried = np.concatenate(also)
    firsts = [one.evaluation for one in backtests if one.first]
    return tables | grid | {"trials": trials(firsts, tried)}


def _summaries(backtests: tuple[Backtest, ...]) -> list[tuple[str, pd.DataFrame]]:
    """The summary of every account.

    And, of a strategy with several, that of all of them together.
    """
    found = []
    for one in backtests:
        found.append((one.name, one.evaluation.summary))
        if one.first and one.evaluation.others:
            found.append((one.together_name, one.evaluation.whole_summary))
    return found


def labelled(frames: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables below each other, the name of each in a first column `strategy`."""
    parts = []
    for name, frame in frames:
        rest = frame.drop(columns=[column for column in ("strategy",) if column in frame])
        rest.insert(0, "strategy", name)
        parts.append(rest)
    full = [part for part in parts if len(part)]
    if full:
        return pd.concat(full, ignore_index=True)
    return parts[0]
