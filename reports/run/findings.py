"""Everything an experiment finds, computed once: tables, results and where they come from.

No clock, no path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

import pandas as pd

from backtest import EventStudyResult, Prices, Returns
from backtest.prices.factors.files import Factors
from backtest.prices.quality.findings import Finding
from backtest.study.claims.check import check_claims
from backtest.study.inference.tables import DAILY
from backtest.study.place.alignment import place
from backtest.work import Way
from backtest.work.parted import PartedTable, Tables
from backtest.work.threads import both
from events import Catalog, PlacedEvents
from events.conflicts import settle
from events.ledger import ledger
from reports.experiment.plan import Experiment, Spec
from reports.run.counterfactuals import (
    counterfactual_tables,
    with_known_donors,
    with_known_peers,
)
from reports.run.enough import check_memory, priced_events
from reports.run.exchanges import (
    exchange_notes,
    in_one_currency,
    odd_prices,
    untraded_notes,
)
from reports.run.known import event_table
from reports.run.long import long_tables
from reports.run.placing import chosen, rivals, tradable
from reports.run.prices.factors import beside, factor_notes
from reports.run.prices.oddities import delisted, flagged, unit_notes, without_changed_units
from reports.run.prices.returns_taken import returns_taken
from reports.run.studies import (
    Tell,
    averages,
    compared_tables,
    design,
    further_tables,
    possible_specs,
    robustness,
    run_studies,
    study_tables,
    without_sections,
)
from reports.run.trading.backtest import Backtest
from reports.run.trading.backtests import (
    Searched,
    Traded,
    begin_trading,
    check_trading,
    terms_of,
)

if TYPE_CHECKING:
    from strategies.evaluate.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Findings:
    """What was studied and what came out.

    `tables` holds the CSV contracts by name, numbers as fractions, long ones made when asked
    for; `averages` the average paths of the primary model by grouping; `notes` what a reader must
    know of the run itself; `oddities` what is odd about the prices.
    """

    experiment: Experiment
    catalog: Catalog
    prices: Prices
    studies: Mapping[Spec, EventStudyResult]
    tables: Tables
    averages: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    backtests: tuple[Backtest, ...] = ()
    sweep: Sweep | None = None
    searched: Searched | None = None
    notes: tuple[str, ...] = ()
    factors: Factors = field(default_factory=Factors)
    oddities: tuple[Finding, ...] = ()

    @property
    def primary(self) -> EventStudyResult:
        """The study all headline numbers come from."""
        return self.studies[self.experiment.study.primary]

    def of_primary(self, table: str, *columns: str) -> pd.DataFrame:
        """The rows of a table that belong to the primary model and benchmark.

        All columns, or those named, for which a long table is not made as a whole.
        """
        return self.of(table, self.experiment.study.primary, *columns)

    def of(self, table: str, spec: Spec, *columns: str) -> pd.DataFrame:
        """The rows of a table that belong to one model and benchmark."""
        if table in DAILY:
            return cast("pd.DataFrame", getattr(self.studies[spec], table))
        model = self.studies[spec].measured.model
        if columns:
            frame = self.tables.columns(table, ("model", "benchmark", *columns))
        else:
            frame = self.tables[table]
        return frame[(frame["model"] == model.name) & (frame["benchmark"] == model.benchmark)]

    @property
    def own_size_words(self) -> str:
        """One sentence: what the headline test rejects on this catalog; empty where unknown."""
        from backtest.study.check.own import size_in_words

        if "own_size" in self.tables:
            return size_in_words(self.tables["own_size"])
        return ""

    @property
    def delta_words(self) -> str:
        """One sentence a window: the headline with and without shocks that parties share.

        Empty where none.
        """
        from reports.run.sentences import delta_in_words

        return delta_in_words(self.of_primary("tests"), self.of_primary("averages"))

    @property
    def left_out(self) -> pd.DataFrame:
        """The events the primary model does not measure, a row each of `dropped`.

        Other models may leave out more.
        """
        keys, dropped = ["event_id", "ticker"], self.tables["dropped"]
        measured = pd.MultiIndex.from_frame(self.primary.events[keys])
        return dropped[~pd.MultiIndex.from_frame(dropped[keys]).isin(measured)].drop_duplicates(
            keys
        )


def select(experiment: Experiment, catalog: Catalog) -> Catalog:
    """The part of a catalog that the experiment's filter keeps."""
    wanted = experiment.filter.model_dump(exclude={"where"})
    if any(wanted.values()):
        return catalog.filter(**wanted)
    return catalog


def run(
    experiment: Experiment,
    catalog: Catalog,
    prices: Prices,
    *,
    study: bool = True,
    trade: bool = True,
    tell: Tell = lambda _: None,
    factors: Factors | None = None,
    aside: Executor | None = None,
    way: Way | None = None,
) -> Findings:
    """Run an experiment on a catalog already selected.

    `tell` hears what is done; `factors` are for its models. `aside` is a second process, which then
    trades while this one studies: the same findings, sooner. `way` is how long work is done: here,
    or spread over workers.
    """
    if trade:
        check_trading(experiment)
    factors, asked = factors or Factors(), experiment
    experiment, notes = with_known_peers(asked, prices)
    experiment, donors = with_known_donors(experiment, prices)
    read = (*catalog.understood, *prices.understood)
    notes = (*(f"read {line}" for line in read), *notes, *donors)
    specs, left_out = possible_specs(experiment, prices)
    if study:
        check_memory(experiment, priced_events(experiment, catalog, prices), len(specs))
    priced, converted = in_one_currency(experiment, prices)
    notes += (
        *left_out,
        *(factor_notes(experiment.study, factors, prices) if study else ()),
        *exchange_notes(experiment, prices, trade=trade),
        *converted,
        *unit_notes(prices),
    )
    returns, taken = returns_taken(experiment.study, priced) if study else (priced.returns(), ())
    notes += taken
    placed = place(catalog, returns)
    traded: Callable[[], Traded] = Traded
    if trade:
        orderable = chosen(experiment, tradable(experiment, catalog, placed, prices))
        terms = terms_of(experiment, orderable, prices)
        notes += untraded_notes(experiment, terms)
        traded = begin_trading(experiment, terms, tell, aside, way.executor if way else None)
    work = _Work(experiment, catalog, prices, placed, partial(beside, factors, returns), tell)
    studied = _study(work, specs, way or Way()) if study else _Studied()
    bets = traded()
    return Findings(
        experiment=asked,
        catalog=catalog,
        prices=prices,
        studies=studied.studies,
        tables=Tables({**studied.tables, **bets.tables}, studied.long),
        averages=studied.averages,
        backtests=bets.backtests,
        sweep=bets.sweep,
        searched=bets.searched,
        notes=notes,
        factors=factors,
        oddities=studied.oddities,
    )


@dataclass(frozen=True)
class _Work:
    """What a study is made from: events once placed, and the returns each model is fitted to."""

    experiment: Experiment
    catalog: Catalog
    prices: Prices
    placed: PlacedEvents
    panel: Callable[[str], Returns]
    tell: Tell


@dataclass(frozen=True)
class _Studied:
    """What the study half of a run found; nothing where only trading was asked for."""

    studies: Mapping[Spec, EventStudyResult] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    long: Mapping[str, PartedTable] = field(default_factory=dict)
    averages: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    oddities: tuple[Finding, ...] = ()


def _study(work: _Work, specs: tuple[Spec, ...], way: Way) -> _Studied:
    """Every model on the events that conflicts leave.

    Its tables, and how robust the headline is.
    """
    experiment, prices, tell = work.experiment, work.prices, work.tell
    with ThreadPoolExecutor(1) as pool:  # what only the end asks for, on a core that has nothing
        odd = pool.submit(odd_prices, experiment, prices)
        pool.submit(lambda: (work.catalog.digest, prices.digest))  # both keep it
        found = rivals(experiment, work.catalog, work.placed)
        kept = settle(work.placed, found, experiment.study.conflicts)
        events, changed = without_changed_units(experiment, chosen(experiment, kept.events), prices)
        unsettled = pd.concat([kept.dropped, changed], ignore_index=True)
        check_memory(experiment, len(events), len(specs))
        studies = run_studies(experiment, specs, events, work.panel, tell)
    oddities = odd.result()
    tables = study_tables(experiment, studies, unsettled, tell, way)
    tables |= compared_tables(experiment, studies)
    studies = without_sections(studies)
    tables |= {
        "conflicts": found,
        "claims": check_claims(work.catalog, prices),
        "ledger": ledger(work.catalog),
    }
    further, means = both(
        lambda: further_tables(experiment, studies, tell, way),
        lambda: averages(experiment, studies[experiment.study.primary], tell),
    )
    tables |= further
    tables |= counterfactual_tables(experiment, studies, tell)
    long = long_tables(
        studies, lambda windows: delisted(flagged(windows, oddities, prices), prices)
    )
    long["events"] = event_table(work.catalog, work.placed)
    tables |= robustness(experiment, events, work.panel, tell, way)
    tables |= _also(work, events, studies)
    return _Studied(studies, tables, long, means, oddities)


def _also(
    work: _Work, events: pd.DataFrame, studies: Mapping[Spec, EventStudyResult]
) -> dict[str, pd.DataFrame]:
    plan = work.experiment.study
    if not (plan.also and len(events)):
        return {}
    from reports.run.also import PrimaryStudy, also_tables

    spec = plan.primary
    asked = PrimaryStudy(
        design(plan, spec), events, work.prices, work.panel(spec.model), studies[spec]
    )
    return also_tables(plan.also, asked)
