"""The strategies of an experiment, set up from its keys, run, and tabled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest import Prices
from backtest.study.normal.benchmark import benchmark_of
from events.arguments import listed, one_of
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment
from reports.run.trading.backtest import Backtest
from reports.run.trading.trading_tables import labelled, trading_tables

if TYPE_CHECKING:
    from reports.run.studies import Tell
    from strategies.base import Strategy
    from strategies.evaluate.search import Search
    from strategies.evaluate.sweep import Grid, Sweep
    from strategies.evaluate.terms import Terms
    from strategies.evaluate.walk_forward import WalkForward

_FILTERS = "filters = [{ name = 'suppliers', roles = ['supplier'] }]"


@dataclass(frozen=True, eq=False)
class Searched:
    """A search over a strategy's fields and, where asked for, its choice walked forward."""

    strategy: str
    search: Search
    forward: WalkForward | None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """variants; with a walk forward also walk_forward and out_of_sample (its bets)."""
        tables = {"variants": self.search.table}
        if self.forward:
            bets = self.forward.out_of_sample.every_bet
            tables |= {"walk_forward": self.forward.table, "out_of_sample": bets}
        return {name: labelled([(self.strategy, table)]) for name, table in tables.items()}


@dataclass(frozen=True, eq=False)
class Traded:
    """All that came of trading.

    A backtest a strategy, the sweep and the search where asked for, and their tables.
    """

    backtests: tuple[Backtest, ...] = ()
    sweep: Sweep | None = None
    searched: Searched | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def terms_of(experiment: Experiment, events: pd.DataFrame, prices: Prices) -> Terms:
    """What the experiment trades on: placed events, prices, costs, limits and benchmarks."""
    from backtest.trading import Costs, Limits
    from strategies.evaluate.terms import Terms

    return Terms(
        events,
        prices,
        costs=build(Costs, experiment.costs, "costs"),
        benchmark=trading_benchmark(experiment),
        limits=build(Limits, experiment.limits, "limits"),
        benchmark_of=experiment.study.benchmark_of,
    )


def begin_trading(
    experiment: Experiment,
    terms: Terms,
    tell: Tell,
    aside: Executor | None,
    spread: Executor | None = None,
) -> Callable[[], Traded]:
    """What gives the trades when it is called.

    `aside` makes them meanwhile, or else they are made then, with `spread` on the workers that it
    has. Strategies of the user's own files trade here: their classes are known to this process
    alone.
    """
    from strategies.asking.loader import is_own

    names = [str(keys.get("name", "")) for keys in experiment.strategies]
    if experiment.search:
        names += [experiment.search.strategy]
    if spread or not aside or any(map(is_own, names)):
        return lambda: trade_all(experiment, terms, tell, spread)
    begun = aside.submit(trade_all, experiment, terms)

    def wait() -> Traded:
        tell("trading")
        try:
            return begun.result()
        except BrokenExecutor:  # the other process was killed
            return trade_all(experiment, terms, tell)

    return wait


def check_trading(experiment: Experiment) -> None:
    """Refuse wrong keys of strategies, costs, limits, sweep and search before any work is done."""
    from backtest.trading import Costs, Limits
    from strategies.asking.loader import find_strategy
    from strategies.evaluate.search import variants_of

    build(Costs, experiment.costs, "costs")
    build(Limits, experiment.limits, "limits")
    for keys in experiment.strategies:
        _strategy(keys)
    if experiment.sweep is not None:
        _grid(experiment.sweep)
    if plan := experiment.search:
        variants_of(find_strategy(plan.strategy), plan.over, plan.settings)


def _strategy(keys: Mapping[str, Any]) -> Strategy:
    from strategies.asking.loader import find_strategy, set_up

    name = str(keys.get("name", ""))
    if not name:
        raise ExperimentError('strategies: one has no name; write name = "drift" in it')
    settings = {key: value for key, value in keys.items() if key != "name"}
    kind = find_strategy(name)
    return set_up(kind, _keys(kind, settings, f"strategy {name}"))


def _grid(keys: Mapping[str, Any]) -> Grid:
    from strategies.evaluate.sweep import Filter, Grid

    given = dict(keys)
    if "filters" in given:
        filters: tuple[Any, ...] = listed("sweep.filters", given["filters"], _FILTERS)
        for one in filters:
            one_of("sweep.filters", one, (dict,), _FILTERS)
        given["filters"] = [build(Filter, one, "sweep.filters") for one in filters]
    made: Grid = build(Grid, given, "sweep")
    return made


def trade_all(
    experiment: Experiment,
    terms: Terms,
    tell: Tell = lambda _: None,
    spread: Executor | None = None,
) -> Traded:
    """Run the strategies and the sweep of an experiment; `spread` is who trades variants."""
    backtests = run_backtests(experiment, terms, tell, spread)
    swept = run_sweep(experiment, terms, tell, spread)
    searched = run_search(experiment, terms, tell, spread)
    tables = trading_tables(backtests, swept, searched.search if searched else None)
    if searched:
        tables |= searched.tables
    return Traded(backtests, swept, searched, tables)


def trading_benchmark(experiment: Experiment) -> str:
    """What trades are compared with: the primary benchmark where it is one ticker, else SPY."""
    return benchmark_of(experiment.study.primary.benchmark).single or "SPY"


def run_backtests(
    experiment: Experiment,
    terms: Terms,
    tell: Tell,
    spread: Executor | None = None,
) -> tuple[Backtest, ...]:
    """Run every strategy on events that were placed on the prices' calendar."""
    if not experiment.strategies:
        return ()
    from strategies.evaluate.bridge import bridge
    from strategies.evaluate.evaluate import traded
    from strategies.evaluate.placebo import matched_shifts

    markets = {one.exchange: one for one in terms.markets}
    done: list[Backtest] = []
    names: list[str] = []
    for keys in experiment.strategies:
        strategy = _strategy(keys)
        settings = {key: value for key, value in keys.items() if key != "name"}
        tell(f"trading {strategy.name}")
        evaluation = traded(strategy, terms)
        tell(f"trading {strategy.name} on placebo dates")
        label = _label(strategy.name, names)
        for at, one in enumerate(evaluation.accounts):
            market = markets[one.exchange]
            placebo = None
            if not names:
                placebo = matched_shifts(
                    market.fitted(strategy),
                    market.events,
                    market.prices,
                    terms.costs,
                    one.benchmark,
                    executor=spread,
                )
            parts = bridge(one, market.events, market.prices)
            name = label
            if len(evaluation.accounts) > 1:
                name = f"{label} on {one.exchange}"
            done.append(Backtest(name, settings, one.benchmark, one, placebo, parts, at == 0))
        names.append(label)
    return tuple(done)


def run_sweep(
    experiment: Experiment,
    terms: Terms,
    tell: Tell,
    spread: Executor | None = None,
) -> Sweep | None:
    """Trade the whole grid of the experiment's `[sweep]`; nothing where it has none."""
    if experiment.sweep is None:
        return None
    from backtest.work import Way
    from strategies.evaluate.sweep import swept

    grid = _grid(experiment.sweep)
    tell(f"trading {len(grid)} variants")
    return swept(grid, terms, seed=experiment.seed, way=Way(spread))


def run_search(
    experiment: Experiment,
    terms: Terms,
    tell: Tell,
    spread: Executor | None = None,
) -> Searched | None:
    """Try every combination of the experiment's `[search]`.

    And walk the choice forward where it has splits.
    """
    plan = experiment.search
    if plan is None:
        return None
    from strategies.asking.loader import find_strategy
    from strategies.evaluate.search import searched
    from strategies.evaluate.walk_forward import walked

    found = searched(
        find_strategy(plan.strategy),
        plan.over,
        terms,
        plan.settings,
        seed=experiment.seed,
        tell=tell,
        executor=spread,
    )
    forward = None
    if plan.splits:
        tell(f"walking forward over {plan.splits} splits")
        forward = walked(found, terms, plan.splits)
    return Searched(found.evaluations[0].name, found, forward)


def build(kind: type, keys: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass from TOML keys."""
    given = _keys(kind, keys, where)
    try:
        return kind(**given)
    except TypeError as error:
        raise ExperimentError(f"{where}: {error}") from None


def _keys(kind: type, keys: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The fields that keys set, lists as tuples; an unknown key names its nearest."""
    known = [one.name for one in dataclasses.fields(kind) if one.init]
    for key in keys:
        if key not in known:
            raise ExperimentError(f"{where}: unknown key '{key}'{suggest(key, known)}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()}


def _label(name: str, before: list[str]) -> str:
    """The strategy's name, numbered where it runs more than once."""
    same = sum(one.split(" ")[0] == name for one in before)
    if same:
        return f"{name} {same + 1}"
    return name
