"""From options to findings: what `report`, `study` and `backtest` have in common."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from backtest.manifest import Made
from backtest.prices.factors.files import Factors
from backtest.prices.store.pins import read_factor_pins
from reports.commands.options.common import read_catalog, read_experiment, read_prices, selected
from reports.commands.options.exchanges import with_exchanges
from reports.commands.options.models import with_models
from reports.commands.options.panels import panel_of, with_benchmarks
from reports.commands.options.regress import asked_regressions
from reports.commands.options.spreading import Spread, spreading
from reports.commands.terminal.progress import progress
from reports.earlier.changed import changes
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment, SearchPlan
from reports.export.papers import paper_files
from reports.export.tables import check_writable, write_run
from reports.run.findings import Findings, run
from reports.run.manifest import made_of
from reports.run.prices.factors import factors_for
from reports.run.regressions import check_asked

if TYPE_CHECKING:
    from backtest import Prices
    from events import Catalog


@dataclass(frozen=True)
class Asked:
    """The options of a run."""

    experiment: Path | None
    catalog: tuple[str, ...]
    prices: str
    pin: Path | None
    out: Path
    strategies: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    store: Path | None = None
    calibrate: int | None = None
    factors: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    narrowed: Mapping[str, Any] = field(default_factory=dict)
    over: tuple[str, ...] = ()
    splits: int = 0
    spread: Spread = field(default_factory=Spread)
    if_changed: bool = False

    @classmethod
    def of(
        cls, *, workers: int | None, dask: str | None, resume: bool = False, **options: Any
    ) -> Self:
        """The options as click gives them to a command.

        Those that are no field here narrow the experiment, and are read where it is made.
        """
        names = {one.name for one in fields(cls)}
        own = {name: value for name, value in options.items() if name in names}
        narrowed = {name: value for name, value in options.items() if name not in names}
        return cls(**own, narrowed=narrowed, spread=Spread(workers, dask, resume))


class UnchangedError(Exception):
    """A run asked for only if anything changed, and nothing did."""


def run_asked(
    asked: Asked,
    *,
    study: bool = True,
    trade: bool = True,
    page: bool = False,
    aside: Executor | None = None,
) -> Findings:
    """Run, and write everything; the folder is tried before the work starts.

    `aside`, a second process, trades. Raises `UnchangedError` where the run is wanted only if
    anything changed, and nothing did.
    """
    experiment = _with_options(read_experiment(asked.experiment), asked)
    catalog = selected(experiment, read_catalog(asked.catalog))
    if study:
        check_asked(experiment.study, catalog)
    check_writable(asked.out)
    with progress() as tell, spreading(asked.spread, asked.out) as way:
        if study:
            factors = _factors(experiment, asked)
        else:
            factors = Factors()
        tell("reading prices")
        if asked.narrowed.get("returns"):
            experiment, prices = _returns(experiment, catalog, asked)
            trade = False  # a panel of returns has no opens to trade at
        else:
            prices = read_prices(asked.prices, experiment, catalog, asked.pin, asked.store)
        if asked.if_changed:
            _refuse_unchanged(asked, made_of(experiment, catalog, prices, factors), page=page)
        findings = run(
            experiment,
            catalog,
            prices,
            study=study,
            trade=trade,
            tell=tell,
            factors=factors,
            aside=aside,
            way=way,
        )
        more = paper_files(findings, asked.formats)
        if page:
            from reports.page.render import render

            tell("writing the page")
            more["report.html"] = render(findings).encode("utf-8", "replace")
        write_run(asked.out, findings, more)
        if way.kept:
            way.kept.clear()
    return findings


def _refuse_unchanged(asked: Asked, made: Made, *, page: bool) -> None:
    """Raise `UnchangedError` where the folder has this very run."""
    wanted = ["report.html"] * page + ["tables/windows.csv"]
    if not changes(asked.out, made, wanted, asked.formats):
        raise UnchangedError


def _returns(experiment: Experiment, catalog: Catalog, asked: Asked) -> tuple[Experiment, Prices]:
    if asked.pin is not None:
        raise ExperimentError("--pin is for prices of the store; leave it out beside --returns")
    if asked.prices != "yahoo":
        raise ExperimentError("--prices and --returns are two sources; leave one out")
    own = asked.experiment is not None or bool(asked.narrowed.get("benchmark"))
    return panel_of(experiment, catalog, asked.narrowed, own=own)


def _factors(experiment: Experiment, asked: Asked) -> Factors:
    simulated = asked.prices == "sample" and asked.pin is None
    if asked.pin:
        pins = read_factor_pins(asked.pin)
    else:
        pins = ()
    return factors_for(
        experiment.study,
        experiment.study.factors,
        simulated=simulated,
        store=asked.store,
        pins=pins,
    )


def _with_options(experiment: Experiment, asked: Asked) -> Experiment:
    """The experiment with what options say in place of its keys.

    So that the manifest tells what was run.
    """
    study = {
        "conflicts": asked.narrowed.get("conflicts"),
        "calibrate": asked.calibrate,
        "factors": asked.factors or None,
        "by": asked.by or None,
        **asked_regressions(asked.narrowed, asked.by or experiment.study.by),
    }
    confidence = asked.narrowed.get("confidence")
    changes: dict[str, Any] = {
        "study": experiment.study.model_copy(
            update={key: value for key, value in study.items() if value is not None}
        )
    }
    if asked.over or asked.splits:
        changes["search"] = _search(experiment, asked)
    if asked.narrowed.get("printed"):
        changes["printed"] = asked.narrowed["printed"]
    if asked.strategies:
        changes["strategies"] = tuple({"name": name} for name in asked.strategies)
    chosen = {"confidence": confidence, "where": asked.narrowed.get("where")}
    if any(chosen.values()):
        changes["filter"] = experiment.filter.model_copy(
            update={key: value for key, value in chosen.items() if value}
        )
    changed = with_exchanges(experiment.model_copy(update=changes), asked.narrowed)
    held = with_benchmarks(changed, asked.narrowed.get("benchmark") or ())
    return with_models(held, asked.narrowed)


def _search(experiment: Experiment, asked: Asked) -> SearchPlan:
    """What --over and --splits say, on top of the experiment's own [search]."""
    own = experiment.search
    if not asked.over:
        if own is None:
            raise ExperimentError(
                "--splits: there is nothing to choose from; add --over FIELD=VALUES"
            )
        return own.model_copy(update={"splits": asked.splits})
    if len(asked.strategies) != 1:
        raise ExperimentError("--over varies one strategy: name it with --strategy, once")
    over = {}
    for text in asked.over:
        name, equals, values = text.partition("=")
        if not (name and equals and values):
            raise ExperimentError(f"--over {text}: write FIELD=VALUE,VALUE, as in hold=1,5,20")
        over[name] = tuple(map(_value, values.split(",")))
    return SearchPlan(strategy=asked.strategies[0], over=over, splits=asked.splits)


def _value(text: str) -> bool | int | float | str:
    """A value as TOML would read it, words without quotes."""
    words = {"true": True, "false": False}
    if text in words:
        return words[text]
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text
