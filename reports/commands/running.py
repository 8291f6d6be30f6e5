"""From options to findings: what `report`, `study` and `backtest` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.commands.common import progress, read_catalog, read_experiment, read_prices, selected
from reports.findings import Findings, run
from reports.papers import paper_files
from reports.tables import check_writable, write_run


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


def run_asked(asked: Asked, *, study: bool = True, trade: bool = True, page: bool = False) -> Findings:
    """Run, and write everything; the folder is tried before the work starts."""
    experiment = read_experiment(asked.experiment)
    if asked.strategies:
        experiment = experiment.model_copy(update={"strategies": tuple({"name": name} for name in asked.strategies)})
    catalog = selected(experiment, read_catalog(asked.catalog))
    check_writable(asked.out)
    with progress() as tell:
        tell("reading prices")
        prices = read_prices(asked.prices, experiment, catalog, asked.pin)
        findings = run(experiment, catalog, prices, study=study, trade=trade, tell=tell)
        more = paper_files(findings, asked.formats)
        if page:
            from reports.page import render

            tell("writing the page")
            more["report.html"] = render(findings).encode("utf-8", "replace")
        write_run(asked.out, findings, more)
    return findings
