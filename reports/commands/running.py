"""From options to findings: what `report`, `study` and `backtest` have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backtest.prices.factors.files import Factors
from backtest.prices.store.pins import read_factor_pins
from reports.commands.common import progress, read_catalog, read_experiment, read_prices, selected
from reports.experiment.plan import Experiment
from reports.export.papers import paper_files
from reports.export.tables import check_writable, write_run
from reports.run.factors import factors_for
from reports.run.findings import Findings, run

if TYPE_CHECKING:
    from reports.run.second_process import Ask


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
    narrowed: Mapping[str, str | None] = field(default_factory=dict)


def run_asked(
    asked: Asked,
    *,
    study: bool = True,
    trade: bool = True,
    page: bool = False,
    aside: Ask | None = None,
) -> Findings:
    """Run, and write everything; the folder is tried before the work starts. `aside`, a second process, trades."""
    experiment = _with_options(read_experiment(asked.experiment), asked)
    catalog = selected(experiment, read_catalog(asked.catalog))
    check_writable(asked.out)
    with progress() as tell:
        factors = _factors(experiment, asked) if study else Factors()
        tell("reading prices")
        prices = read_prices(asked.prices, experiment, catalog, asked.pin, asked.store)
        findings = run(
            experiment,
            catalog,
            prices,
            study=study,
            trade=trade,
            tell=tell,
            factors=factors,
            aside=aside,
        )
        more = paper_files(findings, asked.formats)
        if page:
            from reports.page.render import render

            tell("writing the page")
            more["report.html"] = render(findings).encode("utf-8", "replace")
        write_run(asked.out, findings, more)
    return findings


def _factors(experiment: Experiment, asked: Asked) -> Factors:
    simulated = asked.prices == "sample" and asked.pin is None
    pins = read_factor_pins(asked.pin) if asked.pin else ()
    return factors_for(
        experiment.study,
        experiment.study.factors,
        simulated=simulated,
        store=asked.store,
        pins=pins,
    )


def _with_options(experiment: Experiment, asked: Asked) -> Experiment:
    """The experiment with what options say in place of its keys, so that the manifest tells what was run."""
    study = {
        "conflicts": asked.narrowed.get("conflicts"),
        "calibrate": asked.calibrate,
        "factors": asked.factors or None,
        "by": asked.by or None,
    }
    confidence = asked.narrowed.get("confidence")
    changes: dict[str, Any] = {
        "study": experiment.study.model_copy(
            update={key: value for key, value in study.items() if value is not None}
        )
    }
    if asked.strategies:
        changes["strategies"] = tuple({"name": name} for name in asked.strategies)
    chosen = {"confidence": confidence, "where": asked.narrowed.get("where")}
    if any(chosen.values()):
        changes["filter"] = experiment.filter.model_copy(
            update={key: value for key, value in chosen.items() if value}
        )
    return experiment.model_copy(update=changes)
