"""The strategies of an experiment, set up from its keys, run, and tabled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest import Prices
from events import Catalog
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment import Experiment
from reports.placing import placed

if TYPE_CHECKING:
    from strategies.evaluate import Evaluation


@dataclass(frozen=True, eq=False)
class Backtest:
    """One strategy of the experiment, as set up, and what it earned."""

    name: str
    settings: Mapping[str, Any]
    benchmark: str
    evaluation: Evaluation


def run_backtests(
    experiment: Experiment, catalog: Catalog, prices: Prices, tell: Callable[[str], None]
) -> tuple[Backtest, ...]:
    """Run every strategy on the catalog's events, placed on the prices' calendar."""
    if not experiment.strategies:
        return ()
    from backtest.trading import Costs, Limits
    from strategies import STRATEGIES
    from strategies.evaluate import evaluate

    costs, limits = build(Costs, experiment.costs, "costs"), build(Limits, experiment.limits, "limits")
    events = placed(catalog, prices)
    benchmark = experiment.study.primary.benchmark or "SPY"
    done: list[Backtest] = []
    for keys in experiment.strategies:
        name = str(keys.get("name", ""))
        if name not in STRATEGIES:
            raise ExperimentError(f"no strategy '{name}'{suggest(name, STRATEGIES)}; there are {', '.join(STRATEGIES)}")
        settings = {key: value for key, value in keys.items() if key != "name"}
        strategy = build(STRATEGIES[name], settings, f"strategy {name}")
        tell(f"trading {name}")
        evaluation = evaluate(strategy, events, prices, costs, benchmark, limits)
        done.append(Backtest(_label(name, done), settings, benchmark, evaluation))
    return tuple(done)


def trading_tables(backtests: tuple[Backtest, ...]) -> dict[str, pd.DataFrame]:
    """strategies, trades and orders of all strategies, the strategy's label first."""
    if not backtests:
        return {}
    parts = {
        "strategies": [(one.name, one.evaluation.summary) for one in backtests],
        "trades": [(one.name, one.evaluation.trades) for one in backtests],
        "orders": [(one.name, one.evaluation.orders) for one in backtests],
    }
    return {name: _labelled(frames) for name, frames in parts.items()}


def build(kind: type, keys: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass from TOML keys, lists as tuples; an unknown key names its nearest."""
    known = [one.name for one in dataclasses.fields(kind)]
    for key in keys:
        if key not in known:
            raise ExperimentError(f"{where}: unknown key '{key}'{suggest(key, known)}")
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()})
    except TypeError as error:
        raise ExperimentError(f"{where}: {error}") from None


def _label(name: str, before: list[Backtest]) -> str:
    """The strategy's name, numbered where it runs more than once."""
    same = sum(one.name.split(" ")[0] == name for one in before)
    return f"{name} {same + 1}" if same else name


def _labelled(frames: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    parts = []
    for name, frame in frames:
        rest = frame.drop(columns=[column for column in ("strategy",) if column in frame])
        rest.insert(0, "strategy", name)
        parts.append(rest)
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else parts[0]
