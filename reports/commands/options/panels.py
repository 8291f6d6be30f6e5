"""`--returns` and `--benchmark`.

A researcher's own panel of returns, and the market it is held to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from backtest.prices.panels.return_prices import ReturnPrices
    from events import Catalog
    from reports.experiment.plan import Experiment

_Command = TypeVar("_Command", bound=Callable[..., Any])
NONE = "none"
_UNITS = ("simple", "percent", "log", "log-percent")


def returns_options(command: _Command) -> _Command:
    """--returns FILE and --returns-unit."""
    returns = click.option(
        "--returns",
        multiple=True,
        metavar="FILE",
        help="Returns instead of prices: CRSP or Compustat daily, a long or wide panel; "
        "may be repeated.",
    )
    unit = click.option(
        "--returns-unit",
        type=click.Choice(_UNITS),
        help="What the file of returns holds; "
        "fractions if left out, refused where their size says otherwise.",
    )
    return returns(unit(command))


def panel_options(command: _Command) -> _Command:
    """--returns FILE, --returns-unit and --benchmark."""
    benchmark = click.option(
        "--benchmark",
        multiple=True,
        metavar="NAME|none",
        help="The market to compare with: vwretd, SPY ...; "
        "the first is the main one. none: each security's own mean.",
    )
    return returns_options(benchmark(command))


def with_benchmarks(experiment: Experiment, named: tuple[str, ...]) -> Experiment:
    """The experiment held to these benchmarks in place of its own.

    `none` is the mean-adjusted model. Raises `ExperimentError` for a name that is there twice, and
    for `none` beside another.
    """
    from backtest.study.normal import WITHOUT_BENCHMARK
    from reports.errors import ExperimentError
    from reports.experiment.plan import Spec

    if not named:
        return experiment
    if len(set(named)) < len(named):
        raise ExperimentError(f"--benchmark {named[0]}: named twice; leave one out")
    plan = experiment.study
    if NONE in named:
        if len(named) > 1:
            raise ExperimentError("--benchmark none: leave out the other benchmarks, or none")
        models = tuple(model for model in plan.models if model in WITHOUT_BENCHMARK)
        models = models or ("mean_adjusted",)
        changes: dict[str, Any] = {
            "models": models,
            "benchmarks": (),
            "primary": Spec(model=models[0]),
        }
    else:
        model = plan.primary.model
        model = next(
            (one for one in (model, *plan.models) if one not in WITHOUT_BENCHMARK), "market"
        )
        changes = {
            "models": tuple(dict.fromkeys((*plan.models, model))),
            "benchmarks": named,
            "primary": Spec(model=model, benchmark=named[0]),
        }
    return experiment.model_copy(update={"study": plan.model_copy(update=changes)})


def panel_of(
    experiment: Experiment,
    catalog: Catalog,
    narrowed: Mapping[str, Any],
    *,
    own: bool,
) -> tuple[Experiment, ReturnPrices]:
    """The returns asked for, and the experiment with their market.

    Where it names none of its own. `own` says that the benchmarks were chosen by the user, in an
    experiment or by --benchmark. Raises `PriceError`.
    """
    from backtest.errors import PriceError
    from backtest.prices.panels.return_prices import return_prices
    from reports.run.prices.needed import needed_tickers

    wanted = needed_tickers(experiment, catalog)
    prices = return_prices(narrowed["returns"], wanted, narrowed.get("returns_unit"))
    have = experiment.study.primary.benchmark
    if own or not have or have in prices.tickers:
        spelt = {name.lower(): name for name in prices.markets}
        named = tuple(spelt.get(one.lower(), one) for one in experiment.study.benchmarks)
        changed = named != experiment.study.benchmarks
        return with_benchmarks(experiment, named if changed else ()), prices
    if not prices.markets:
        raise PriceError(
            "the returns have no column of a market; "
            "name one of theirs by --benchmark NAME, add its file by a second --returns FILE, "
            "or say --benchmark none (each security's own mean)"
        )
    return with_benchmarks(experiment, prices.markets), prices
