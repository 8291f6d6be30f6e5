"""The strategies of an experiment, set up from its keys, run, and tabled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest import Prices
from events import Catalog
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment.plan import PEERS, Experiment
from reports.run.placing import chosen, tradable
from reports.words import percent

if TYPE_CHECKING:
    from reports.run.second_process import Ask
    from reports.run.studies import Tell
    from strategies.bridge import Bridge
    from strategies.evaluate import Evaluation
    from strategies.placebo import Placebo
    from strategies.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Backtest:
    """One strategy of the experiment, as set up, what it earned, what luck earns, and where the rest went."""

    name: str
    settings: Mapping[str, Any]
    benchmark: str
    evaluation: Evaluation
    placebo: Placebo | None
    bridge: Bridge

    def against(self, digits: int = 1) -> str:
        """The mean excess return of a trade, and over what: a hedged bet is measured after its hedge."""
        excess, hedged = self.evaluation.judgement.mean_excess, self.evaluation.bets["hedged"]
        if hedged.all():
            return "its hedge counted in"
        also = " (hedged ones: after the hedge)" if hedged.any() else ""
        return f"{percent(excess, digits)} against {self.benchmark} over the same hours{also}"


@dataclass(frozen=True, eq=False)
class Traded:
    """All that came of trading: a backtest a strategy, the sweep where one was asked for, and their tables."""

    backtests: tuple[Backtest, ...] = ()
    sweep: Sweep | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def begin_trading(
    experiment: Experiment, catalog: Catalog, prices: Prices, tell: Tell, aside: Ask | None
) -> Callable[[], Traded]:
    """What gives the trades when it is called: they are made by then in a second process, or else at that moment.

    Strategies of the user's own files trade here: their classes are known to this process alone.
    """
    from strategies.loader import is_own

    if not aside or any(is_own(str(keys.get("name", ""))) for keys in experiment.strategies):
        return lambda: trade_all(experiment, catalog, prices, tell)
    answer = aside(trade_all, experiment, catalog, prices)

    def wait() -> Traded:
        tell("trading")
        traded: Traded = answer()
        return traded

    return wait


def trade_all(
    experiment: Experiment, catalog: Catalog, prices: Prices, tell: Tell = lambda _: None
) -> Traded:
    """Run the strategies and the sweep of an experiment."""
    backtests = run_backtests(experiment, catalog, prices, tell)
    swept = run_sweep(experiment, catalog, prices, tell)
    return Traded(backtests, swept, trading_tables(backtests, swept))


def trading_benchmark(experiment: Experiment) -> str:
    """What trades are compared with: the primary benchmark where it is one ticker, else SPY."""
    primary = experiment.study.primary.benchmark
    return primary if primary and primary != PEERS and "+" not in primary else "SPY"


def run_backtests(
    experiment: Experiment, catalog: Catalog, prices: Prices, tell: Tell
) -> tuple[Backtest, ...]:
    """Run every strategy on the catalog's events, placed on the prices' calendar."""
    if not experiment.strategies:
        return ()
    from backtest.trading import Costs, Limits
    from strategies.bridge import bridge
    from strategies.evaluate import evaluate
    from strategies.loader import find_strategy
    from strategies.placebo import joint_shifts

    costs, limits = (
        build(Costs, experiment.costs, "costs"),
        build(Limits, experiment.limits, "limits"),
    )
    benchmark = trading_benchmark(experiment)
    events = chosen(experiment, tradable(experiment, catalog, prices))
    done: list[Backtest] = []
    for keys in experiment.strategies:
        settings = {key: value for key, value in keys.items() if key != "name"}
        kind = find_strategy(str(keys.get("name", "")))
        strategy = build(kind, settings, f"strategy {keys.get('name')}")
        tell(f"trading {strategy.name}")
        evaluation = evaluate(strategy, events, prices, costs, benchmark, limits)
        tell(f"trading {strategy.name} on placebo dates")
        placebo = None if done else joint_shifts(strategy, events, prices, costs, benchmark)
        parts = bridge(evaluation, events, prices)
        done.append(
            Backtest(_label(strategy.name, done), settings, benchmark, evaluation, placebo, parts)
        )
    return tuple(done)


def run_sweep(experiment: Experiment, catalog: Catalog, prices: Prices, tell: Tell) -> Sweep | None:
    """Trade the whole grid of the experiment's `[sweep]`; nothing where it has none."""
    if experiment.sweep is None:
        return None
    from backtest.trading import Costs
    from strategies.sweep import Filter, Grid, sweep

    keys = dict(experiment.sweep)
    if "filters" in keys:
        keys["filters"] = [build(Filter, one, "sweep.filters") for one in keys["filters"]]
    grid, costs = build(Grid, keys, "sweep"), build(Costs, experiment.costs, "costs")
    tell(f"trading {len(grid)} variants")
    events = chosen(experiment, tradable(experiment, catalog, prices))
    return sweep(grid, events, prices, costs, trading_benchmark(experiment), seed=experiment.seed)


def trading_tables(backtests: tuple[Backtest, ...], swept: Sweep | None) -> dict[str, pd.DataFrame]:
    """strategies, trades, orders, placebo and bridge of all strategies, the strategy's label first; trials; sweep."""
    grid = {"sweep": swept.table} if swept else {}
    if not backtests:
        return grid
    from strategies.trials import trials

    parts = {
        "strategies": [(one.name, one.evaluation.summary) for one in backtests],
        "trades": [(one.name, one.evaluation.trades) for one in backtests],
        "orders": [(one.name, one.evaluation.orders) for one in backtests],
        "placebo": [
            (one.name, one.placebo.draws.assign(kind=one.placebo.kind))
            for one in backtests
            if one.placebo
        ],
        "bridge": [(one.name, one.bridge.table) for one in backtests],
    }
    tables = {name: _labelled(frames) for name, frames in parts.items()}
    variants = len(swept.table) if swept else 0
    return tables | grid | {"trials": trials([one.evaluation for one in backtests], variants)}


def build(kind: type, keys: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass from TOML keys, lists as tuples; an unknown key names its nearest."""
    known = [one.name for one in dataclasses.fields(kind)]
    for key in keys:
        if key not in known:
            raise ExperimentError(f"{where}: unknown key '{key}'{suggest(key, known)}")
    try:
        return kind(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in keys.items()
            }
        )
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
