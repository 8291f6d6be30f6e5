"""Everything an experiment finds, computed once: tables, results and where they come from. No clock, no path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from backtest import EventStudy, EventStudyResult, Prices, Returns, Window
from backtest.errors import StudyError
from backtest.prices.factor_files import Factors
from backtest.study.claims import check_claims
from backtest.study.inference import COMPANION_TEST, HEADLINE_TEST
from backtest.study.multiple import adjust
from backtest.study.normal import MODELS, named_model
from backtest.study.result import Grouping
from events import Catalog
from events.errors import suggest
from events.ledger import ledger
from reports.backtests import Backtest, run_backtests, run_sweep, trading_benchmark, trading_tables
from reports.experiment import PEERS, Experiment, Spec, Study
from reports.factors import beside, factor_notes
from reports.placing import rivals, settled

if TYPE_CHECKING:
    from strategies.sweep import Sweep

MAIN_TESTS = (
    HEADLINE_TEST, COMPANION_TEST, "patell_exact_z", "caar_exact_z", "calendar_time_z", "placebo_shift",
    "wild_cluster", "kp_bmp_t", "corrado_rank_z", "bmp_t", "patell_z", "cross_t", "gsign_z",
)  # fmt: skip
GROUPINGS: tuple[Grouping, ...] = ("all", "ticker", "role", "kind")
Tell = Callable[[str], None]
Panel = Callable[[str], Returns]  # the name of a model -> the returns it is fitted to


@dataclass(frozen=True, eq=False)
class Findings:
    """What was studied and what came out.

    `tables` holds the CSV contracts by name, numbers as fractions; `averages` the average paths of the primary model
    by grouping; `notes` what a reader must know of the run itself.
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
        return dropped[~pd.MultiIndex.from_frame(dropped[keys]).isin(measured)].drop_duplicates(keys)


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
    benchmarks = [part for name in experiment.study.benchmarks if name != PEERS for part in name.split("+")]
    others = [*benchmarks, *experiment.study.peers, trading_benchmark(experiment)]
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
) -> Findings:
    """Run an experiment on a catalog already selected. `tell` hears what is done; `factors` are for its models."""
    factors = factors or Factors()
    specs, notes = _possible_specs(experiment, prices)
    notes += factor_notes(experiment.study, factors, prices) if study else ()
    panel = partial(beside, factors, prices.returns())
    found = rivals(experiment, catalog, prices)
    kept = settled(experiment, catalog, prices, found)
    studies = _studies(experiment, specs, kept.events, panel, tell) if study else {}
    tables = _study_tables(experiment, studies, kept.dropped, tell) if study else {}
    tables |= {"conflicts": found, "claims": check_claims(catalog, prices), "ledger": ledger(catalog)} if study else {}
    tables |= _regression(experiment, studies) if study else {}
    tables |= _robustness(experiment, kept.events, panel, tell) if study else {}
    backtests = run_backtests(experiment, catalog, prices, tell) if trade else ()
    swept = run_sweep(experiment, catalog, prices, tell) if trade else None
    return Findings(
        experiment=experiment,
        catalog=catalog,
        prices=prices,
        studies=studies,
        tables=tables | trading_tables(backtests, swept) | ({"sweep": swept.table} if swept else {}),
        averages=_averages(studies[experiment.study.primary], tell) if study else {},
        backtests=backtests,
        sweep=swept,
        notes=notes,
        factors=factors,
    )


def _possible_specs(experiment: Experiment, prices: Prices) -> tuple[tuple[Spec, ...], tuple[str, ...]]:
    """Leave out benchmarks without prices, and say so; the primary one must be there."""
    plan = experiment.study
    for spec in plan.specs:
        if spec.model not in MODELS:
            raise StudyError(f"no model '{spec.model}'{suggest(spec.model, MODELS)}; there are {', '.join(MODELS)}")
    missing = {name: _without_prices(name, prices) for name in plan.benchmarks}
    if unknown := missing.get(plan.primary.benchmark):
        raise StudyError(
            f"no prices for the benchmark {unknown}{suggest(unknown, prices.tickers)}; "
            "add its file, or name another in the experiment (study.benchmarks)"
        )
    kept = tuple(spec for spec in plan.specs if not missing.get(spec.benchmark))
    return kept, tuple(f"No prices for {name}: models on it are left out." for name in missing.values() if name)


def _without_prices(benchmark: str, prices: Prices) -> str:
    """The first part of a benchmark (several are joined by +) without prices, or nothing."""
    parts = [] if benchmark == PEERS else benchmark.split("+")
    return next((part for part in parts if part not in prices.tickers), "")


def _studies(
    experiment: Experiment, specs: tuple[Spec, ...], events: pd.DataFrame, panel: Panel, tell: Tell
) -> dict[Spec, EventStudyResult]:
    plan, studies = experiment.study, {}
    for spec in specs:
        tell(f"studying {len(events)} events, {spec}")
        studies[spec] = _design(plan, spec).fit(events, panel(spec.model))
    return studies


def _design(plan: Study, spec: Spec) -> EventStudy:
    return EventStudy(
        model=named_model(spec.model, spec.benchmark, plan.peers),
        estimation=Window(*plan.estimation),
        windows={name: Window(*span) for name, span in plan.windows.items()},
        exclude=Window(*plan.exclude) if plan.exclude else None,
        horizon=Window(*plan.horizon),
    )


def _regression(experiment: Experiment, studies: Mapping[Spec, EventStudyResult]) -> dict[str, pd.DataFrame]:
    from backtest.study.regression import regress

    first = next(iter(experiment.study.windows))
    return {"regression": regress(studies[experiment.study.primary], first)}


def _robustness(experiment: Experiment, events: pd.DataFrame, panel: Panel, tell: Tell) -> dict[str, pd.DataFrame]:
    """The specification curve, and the simulation of the tests where the experiment asks for them."""
    from backtest.study.calibrate import EFFECTS, calibrate
    from backtest.study.sensitivity import Choices, sensitivity

    plan, tables = experiment.study, {}
    design, returns = _design(plan, plan.primary), panel(plan.primary.model)
    single = tuple(name for name in plan.benchmarks if name in returns.tickers)
    if plan.sensitivity and single and len(events):
        tell("trying other specifications")
        tables["sensitivity"] = sensitivity(design, events, returns, Choices(benchmarks=single))
    if plan.calibrate and len(events):
        tell("calibrating the tests")
        heard = lambda done: tell(f"calibrating the tests, {done} of {plan.calibrate}")  # noqa: E731 -- one use
        tables["calibration"] = calibrate(
            design, events, returns, EFFECTS, plan.calibrate, MAIN_TESTS, experiment.seed, heard
        )
    return tables


def _study_tables(
    experiment: Experiment, studies: Mapping[Spec, EventStudyResult], unsettled: pd.DataFrame, tell: Tell
) -> dict[str, pd.DataFrame]:
    results = list(studies.values())
    tell("testing")
    primary = experiment.study.primary
    tests = _stack([result.tests(*(GROUPINGS if spec == primary else ())) for spec, result in studies.items()])
    lost = [frame for frame in [unsettled, *(result.dropped for result in results)] if len(frame)] or [unsettled]
    dropped = pd.concat(lost, ignore_index=True).drop_duplicates(ignore_index=True)
    return {
        "windows": _stack([result.windows for result in results]),
        "abnormal": _stack([result.abnormal for result in results]),
        "estimates": _stack([result.estimates for result in results]),
        "paths": _stack([result.paths for result in results]),
        "tests": adjust(tests.sort_values("group", key=lambda by: by != "all", kind="stable", ignore_index=True)),
        "dropped": dropped[["event_id", "ticker", "why"]],
    }


def _averages(result: EventStudyResult, tell: Tell) -> dict[str, pd.DataFrame]:
    tell("averaging")
    averages = result.average_paths(*GROUPINGS)
    return {by: averages[averages["group"] == by].reset_index(drop=True) for by in GROUPINGS}


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of several, empty ones left out unless all are."""
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]
