"""`--models`, `--donors` and `--convention`.

Normal returns and their errors without an experiment file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from reports.experiment.plan import Experiment

_Command = TypeVar("_Command", bound=Callable[..., Any])


def model_options(command: _Command) -> _Command:
    """--models NAME,NAME, --donors TICKER,TICKER, --convention NAME and --trade-to-trade."""
    models = click.option(
        "--models",
        metavar="NAME,NAME",
        help="Models in place of the experiment's; "
        "the first is the main one: market, ff3, donors_ridge ...",
    )
    donors = click.option(
        "--donors",
        metavar="TICKER,TICKER",
        help="What the donors_ models learn from; every security that is read if left out.",
    )
    convention = click.option(
        "--convention",
        metavar="NAME",
        help="Errors and tests as another package has them: "
        "eventstudy2, estudy2, EventStudyTools ...",
    )
    thin = click.option(
        "--trade-to-trade",
        is_flag=True,
        help="Returns from one trade to the next, for securities that do not trade every session.",
    )
    return models(donors(convention(thin(command))))


def with_models(experiment: Experiment, narrowed: Mapping[str, Any]) -> Experiment:
    """The experiment with these models, donors and convention.

    Raises `StudyError` and `ExperimentError`.
    """
    from pydantic import ValidationError

    from backtest.errors import StudyError
    from backtest.study.normal import MODELS, WITHOUT_BENCHMARK
    from events.errors import suggest
    from reports.errors import ExperimentError
    from reports.experiment.plan import Spec, Study

    plan, changes = experiment.study, dict[str, Any]()
    models, donors = (names_of(narrowed.get(key), f"--{key}") for key in ("models", "donors"))
    for name in models:
        if name not in MODELS:
            raise StudyError(
                f"--models: no model {name!r}{suggest(name, MODELS)}; there are {', '.join(MODELS)}"
            )
    if models:
        first = models[0]
        benchmark = plan.primary.benchmark or next(iter(plan.benchmarks), "")
        if first not in WITHOUT_BENCHMARK and not benchmark:
            raise ExperimentError(f"--models: {first} needs a benchmark; name one by --benchmark")
        primary = Spec(model=first, benchmark="" if first in WITHOUT_BENCHMARK else benchmark)
        changes |= {"models": models, "primary": primary}
    if donors:
        changes |= {"donors": donors}
    if narrowed.get("convention"):
        changes |= {"convention": narrowed["convention"]}
    if narrowed.get("trade_to_trade"):
        changes |= {"thin_trading": "trade-to-trade"}
    if not changes:
        return experiment
    try:
        study = Study.model_validate({**dict(plan), **changes})
    except ValidationError as error:
        told = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ExperimentError(f"--models, --donors or --convention: {told}") from None
    return experiment.model_copy(update={"study": study})


def names_of(written: str | None, option: str) -> tuple[str, ...]:
    """The names written with commas between them; raises `ExperimentError` for an empty one."""
    from reports.errors import ExperimentError

    if written is None:
        return ()
    names = tuple(name.strip() for name in written.split(","))
    if not all(names):
        raise ExperimentError(f"{option} {written!r}: write names joined by commas")
    return names
