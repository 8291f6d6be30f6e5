"""Which prices a run needs."""

from __future__ import annotations

from backtest.study.normal.benchmark import benchmark_of
from events import Catalog
from reports.experiment.plan import Experiment
from reports.run.exchanges import rates_of
from reports.run.trading.backtests import trading_benchmark


def needed_tickers(experiment: Experiment, catalog: Catalog) -> tuple[str, ...]:
    """Every ticker a run needs prices of: the parties', then the benchmarks'."""
    plan = experiment.study
    benchmarks = [part for name in plan.benchmarks for part in benchmark_of(name).needs]
    held = plan.benchmark_of.values()
    others = [
        *benchmarks,
        *held,
        *plan.peers_used,
        *plan.donors_used,
        trading_benchmark(experiment),
    ]
    named = tuple(dict.fromkeys([*catalog.held.tickers, *others]))
    return (*named, *rates_of(named, experiment, catalog))
