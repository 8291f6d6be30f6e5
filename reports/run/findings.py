"""Everything an experiment finds, computed once: tables, results and where they come from. No clock, no path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from backtest import EventStudyResult, Prices
from backtest.errors import StudyError
from backtest.prices.factors.files import Factors
from backtest.prices.quality.check import check
from backtest.prices.quality.findings import Finding
from backtest.study.claims.check import check_claims
from backtest.study.normal import MODELS
from events import Catalog
from events.errors import suggest
from events.ledger import ledger
from reports.experiment.plan import PEERS, Experiment, Spec
from reports.run.backtests import Backtest, Traded, begin_trading, trading_benchmark
from reports.run.factors import beside, factor_notes
from reports.run.oddities import flagged
from reports.run.placing import chosen, rivals, settled
from reports.run.studies import (
    Tell,
    averages,
    further_tables,
    robustness,
    run_studies,
    study_tables,
)

if TYPE_CHECKING:
    from reports.run.second_process import Ask
    from strategies.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Findings:
    """What was studied and what came out.

    `tables` holds the CSV contracts by name, numbers as fractions; `averages` the average paths of
    the primary model by grouping; `notes` what a reader must know of the run itself; `oddities`
    what is odd about the prices.
    """

    experiment: Experiment
    catalog: Catalog
    prices: Prices
    studies: Mapping[Spec, EventStudyResult]
    tables: Mapping[str, pd.DataFrame]
    averages: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    backtests: tuple[Backtest, ...] = ()
    sweep: Sweep | None = None
    notes: tuple[str, ...] = ()
    factors: Factors = field(default_factory=Factors)
    oddities: tuple[Finding, ...] = ()

    @property
    def primary(self) -> EventStudyResult:
        """The study all headline numbers come from."""
        return self.studies[self.experiment.study.primary]

    def of_primary(self, table: str) -> pd.DataFrame:
        """The rows of a table that belong to the primary model and benchmark."""
        model, frame = self.primary.measured.model, self.tables[table]
        return frame[(frame["model"] == model.name) & (frame["benchmark"] == model.benchmark)]

    @property
    def left_out(self) -> pd.DataFrame:
        """The events the primary model does not measure, a row each of `dropped`; other models may leave out more."""
        keys, dropped = ["event_id", "ticker"], self.tables["dropped"]
        measured = pd.MultiIndex.from_frame(self.primary.events[keys])
        return dropped[~pd.MultiIndex.from_frame(dropped[keys]).isin(measured)].drop_duplicates(
            keys
        )


def select(experiment: Experiment, catalog: Catalog) -> Catalog:
    """The part of a catalog that the experiment's filter keeps."""
    wanted = experiment.filter
    return catalog.filter(
        tickers=wanted.tickers,
        roles=wanted.roles,
        kinds=wanted.kinds,
        ids=wanted.ids,
        since=wanted.since,
        until=wanted.until,
        confidence=wanted.confidence,
    )


def needed_tickers(experiment: Experiment, catalog: Catalog) -> tuple[str, ...]:
    """Every ticker a run needs prices of: the parties', then the benchmarks'."""
    parties = [ticker for news in catalog for ticker in news.tickers]
    benchmarks = [
        part for name in experiment.study.benchmarks if name != PEERS for part in name.split("+")
    ]
    others = [*benchmarks, *experiment.study.peers_used, trading_benchmark(experiment)]
    return tuple(dict.fromkeys([*parties, *others]))


def run(
    experiment: Experiment,
    catalog: Catalog,
    prices: Prices,
    *,
    study: bool = True,
    trade: bool = True,
    tell: Tell = lambda _: None,
    factors: Factors | None = None,
    aside: Ask | None = None,
) -> Findings:
    """Run an experiment on a catalog already selected. `tell` hears what is done; `factors` are for its models.

    `aside` is a second process, which then trades while this one studies: the same findings,
    sooner.
    """
    factors = factors or Factors()
    asked = experiment
    experiment, notes = _with_known_peers(asked, prices)
    notes = (*(f"read {line}" for line in catalog.understood), *notes)
    specs, more = _possible_specs(experiment, prices)
    notes += more
    notes += factor_notes(experiment.study, factors, prices) if study else ()
    panel = partial(beside, factors, prices.returns())
    traded = begin_trading(experiment, catalog, prices, tell, aside) if trade else Traded
    found = rivals(experiment, catalog, prices)
    kept = settled(experiment, catalog, prices, found)
    events = chosen(experiment, kept.events)
    studies = run_studies(experiment, specs, events, panel, tell) if study else {}
    tables = study_tables(experiment, studies, kept.dropped, tell) if study else {}
    tables |= (
        {"conflicts": found, "claims": check_claims(catalog, prices), "ledger": ledger(catalog)}
        if study
        else {}
    )
    tables |= further_tables(experiment, studies) if study else {}
    oddities = check(prices, trading_benchmark(experiment)) if study else ()
    tables |= {"windows": flagged(tables["windows"], oddities, prices)} if study else {}
    tables |= robustness(experiment, events, panel, tell) if study else {}
    means = averages(studies[experiment.study.primary], tell) if study else {}
    bets = traded()
    return Findings(
        experiment=asked,
        catalog=catalog,
        prices=prices,
        studies=studies,
        tables=tables | bets.tables,
        averages=means,
        backtests=bets.backtests,
        sweep=bets.sweep,
        notes=notes,
        factors=factors,
        oddities=oddities,
    )


def _possible_specs(
    experiment: Experiment, prices: Prices
) -> tuple[tuple[Spec, ...], tuple[str, ...]]:
    """Leave out benchmarks without prices, and say so; the primary one must be there."""
    plan = experiment.study
    for spec in plan.specs:
        if spec.model not in MODELS:
            raise StudyError(
                f"no model '{spec.model}'{suggest(spec.model, MODELS)}; there are {', '.join(MODELS)}"
            )
    missing = {name: _without_prices(name, experiment, prices) for name in plan.benchmarks}
    if unknown := missing.get(plan.primary.benchmark):
        raise StudyError(
            f"no prices for the benchmark {unknown}{suggest(unknown, prices.tickers)}; "
            "add its file, or name another in the experiment (study.benchmarks)"
        )
    kept = tuple(spec for spec in plan.specs if not missing.get(spec.benchmark))
    return kept, tuple(
        f"No prices for {name}: models on it are left out." for name in missing.values() if name
    )


def _with_known_peers(experiment: Experiment, prices: Prices) -> tuple[Experiment, tuple[str, ...]]:
    """Leave out peers without prices, and say so; a basket needs two."""
    peers = experiment.study.peers_used
    known = tuple(peer for peer in peers if peer in prices.tickers)
    if known == peers:
        return experiment, ()
    left = known if len(known) > 1 else ()
    plan = experiment.study.model_copy(update={"peers": left})
    missing = ", ".join(peer for peer in peers if peer not in known)
    return experiment.model_copy(update={"study": plan}), (
        f"No prices for the peers {missing}: left out of {PEERS}.",
    )


def _without_prices(benchmark: str, experiment: Experiment, prices: Prices) -> str:
    """The first part of a benchmark (several are joined by +) without prices, or nothing."""
    if benchmark == PEERS:
        return "" if experiment.study.peers else PEERS
    return next((part for part in benchmark.split("+") if part not in prices.tickers), "")
