"""The studies of an experiment.

Every model on every benchmark, and the tables that come of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from backtest import EventStudy, EventStudyResult, Prices, Returns, Window
from backtest.errors import StudyError
from backtest.study.donors.measure import DonorReturns
from backtest.study.fitted import Grouping
from backtest.study.inference import COMPANION_TEST, HEADLINE_TEST
from backtest.study.inference.joint.multiple import adjust
from backtest.study.normal import MODELS, named_model
from backtest.study.normal.benchmark import benchmark_of
from backtest.study.normal.by_name import OF_DONORS
from backtest.work import Way
from backtest.work.threads import both
from events.errors import suggest
from reports.experiment.plan import Experiment, Spec, Study

MAIN_TESTS = (
    HEADLINE_TEST, COMPANION_TEST, "cr2_date_t", "kp_bmp_exact_t", "grank_exact_t",
    "patell_exact_z", "caar_exact_z", "calendar_time_z", "placebo_shift", "wild_cluster",
    "kp_bmp_t", "corrado_rank_z", "bmp_t", "patell_z", "cross_t", "gsign_z",
)  # fmt: skip
GROUPINGS: tuple[Grouping, ...] = ("all", "ticker", "role", "kind")
TICKERS_UNASKED = 500  # every test of so many tickers takes minutes, and nobody reads them
GROUPS_OF_ALL = (
    5_000  # events up to which every model, not the primary alone, has averages by group
)
BOTH_AVERAGES = 20_000  # events up to which paths and days are made beside each other
GROUPED = ("role", "kind")  # each level against the other events
Tell = Callable[[str], None]
Panel = Callable[[str], Returns]  # the name of a model -> the returns it is fitted to


def possible_specs(
    experiment: Experiment, prices: Prices
) -> tuple[tuple[Spec, ...], tuple[str, ...]]:
    """Leave out benchmarks without prices, and say so; the primary one must be there."""
    plan = experiment.study
    for spec in plan.specs:
        if spec.model not in MODELS:
            raise StudyError(
                f"no model '{spec.model}'{suggest(spec.model, MODELS)}; "
                f"there are {', '.join(MODELS)}"
            )
    missing = {
        name: benchmark_of(name, plan.peers).missing(prices.all_tickers) for name in plan.benchmarks
    }
    if unknown := missing.get(plan.primary.benchmark):
        raise StudyError(
            f"no prices for the benchmark {unknown}{suggest(unknown, prices.all_tickers)}; "
            "add its file, or name another in the experiment (study.benchmarks)"
        )
    kept = tuple(spec for spec in plan.specs if not missing.get(spec.benchmark))
    return kept, tuple(
        f"No prices for {name}: models on it are left out." for name in missing.values() if name
    )


def run_studies(
    experiment: Experiment, specs: tuple[Spec, ...], events: pd.DataFrame, panel: Panel, tell: Tell
) -> dict[Spec, EventStudyResult]:
    """Fit every specification to the events."""
    plan, studies = experiment.study, {}
    for done, spec in enumerate(specs):
        tell(f"studying {len(events)} events, {spec}, {done} of {len(specs)}")
        studies[spec] = design(plan, spec).fit(events, panel(spec.model))
    return studies


def groupings(experiment: Experiment, n_tickers: int) -> tuple[Grouping, ...]:
    """How events are grouped for tests: as always, and by the columns the experiment names.

    Tests ticker by ticker of more than `TICKERS_UNASKED` are made only if `by` names the ticker.
    """
    usual = [by for by in GROUPINGS if by != "ticker" or n_tickers <= TICKERS_UNASKED]
    return tuple(dict.fromkeys((*usual, *experiment.study.by)))


def design(plan: Study, spec: Spec) -> EventStudy:
    """The study of one model and benchmark, as the experiment plans it."""
    return EventStudy(
        model=named_model(
            spec.model, spec.benchmark, plan.donors if spec.model in OF_DONORS else plan.peers
        ),
        estimation=Window(*plan.estimation),
        windows={name: Window(*span) for name, span in plan.windows.items()},
        exclude=Window(*plan.exclude) if plan.exclude else None,
        horizon=Window(*plan.horizon),
        benchmark_of=plan.benchmark_of,
        convention=plan.convention,
    )


def compared_tables(
    experiment: Experiment, studies: Mapping[Spec, EventStudyResult]
) -> dict[str, pd.DataFrame]:
    """What is asked of the primary study's cross-sections beside its tests.

    Groups held against each other, joint p-values, the size of the headline test here.
    """
    from backtest.study.check.groups import differences, pairs
    from backtest.study.inference.joint.families import joint_families
    from reports.run.regressions import comparisons

    primary = experiment.study.primary
    result = studies[primary]
    apart = differences(result, *GROUPED, *experiment.study.by)
    chosen = comparisons(experiment.study, result)
    if len(chosen):
        apart = pd.concat([apart, chosen], ignore_index=True)
    tables = {"differences": apart}
    if _quick(result):
        tables["pairs"] = pairs(result, "ticker", *GROUPED)
    if _has_placebos(result):
        alike = [study for spec, study in studies.items() if spec.model == primary.model]
        groups = groupings(experiment, result.events["ticker"].nunique())[1:]
        tables["joint"] = stacked(joint_families(alike, result, groups))
        tables["own_size"] = _own_size(experiment, result)
    return tables


def without_sections(studies: Mapping[Spec, EventStudyResult]) -> dict[Spec, EventStudyResult]:
    """The studies without the cross-sections they were tested by, where those are large."""
    return {
        spec: replace(result) if result.pair_sums == "by security" else result
        for spec, result in studies.items()
    }


def _has_placebos(result: EventStudyResult) -> bool:
    """Whether it can be moved to other days: counterfactuals cannot, and have no joint null."""
    return len(result.events) > 0 and not isinstance(result.measured, DonorReturns)


def further_tables(
    experiment: Experiment, studies: Mapping[Spec, EventStudyResult], tell: Tell, way: Way
) -> dict[str, pd.DataFrame]:
    """What the primary study alone is asked.

    Placebo positions, shrunken effects, the regression on attributes.
    """
    from backtest.study.check.placebo import placebo
    from backtest.study.check.regression import regress
    from reports.run.regressions import regressions

    primary, first = experiment.study.primary, next(iter(experiment.study.windows))
    result = studies[primary]
    placebos = None
    if _has_placebos(result):
        placebos = placebo(
            result, executor=way.executor,
            progress=lambda done, of: tell(f"moving the catalog to other days, {done} of {of}"),
        )  # fmt: skip
    tables = {"regression": regress(result, first, placebos=placebos)}
    tables |= regressions(experiment.study, result, placebos)
    if placebos is not None:
        tables["placebo_positions"] = placebos.positions
        del placebos  # of very many events half a gigabyte
        tables["shrunken"] = result.shrunken()
    return tables


def _own_size(experiment: Experiment, result: EventStudyResult) -> pd.DataFrame:
    """What the headline test rejects on this catalog: drawn unasked where it takes seconds."""
    from backtest.study.check.own import BY_DEFAULT, REPLICATIONS, is_quick, own_size

    if is_quick(result):
        unasked = BY_DEFAULT
    else:
        unasked = 0
    if experiment.study.calibrate:
        n = REPLICATIONS
    else:
        n = unasked
    return own_size(result, n, experiment.seed)


def robustness(
    experiment: Experiment, events: pd.DataFrame, panel: Panel, tell: Tell, way: Way
) -> dict[str, pd.DataFrame]:
    """The specification curve, and the simulation of the tests.

    Where the experiment asks for them.
    """
    from backtest.study.check.calibrate import EFFECTS, calibrate
    from backtest.study.check.sensitivity import Choices, specification_curve

    plan, tables = experiment.study, dict[str, pd.DataFrame]()
    primary, returns = design(plan, plan.primary), panel(plan.primary.model)
    single = tuple(name for name in plan.benchmarks if name in returns.tickers)
    if plan.sensitivity and single and len(events):
        curve = specification_curve(
            primary, events, returns, Choices(benchmarks=single),
            lambda done, of: tell(f"trying other specifications, {done} of {of}"),
            executor=way.executor, kept=way.kept,
        )  # fmt: skip
        tables |= {"sensitivity": curve.table, "sensitivity_joint": curve.joint}
    if plan.calibrate and len(events):
        tables["calibration"] = calibrate(
            primary, events, returns, EFFECTS, plan.calibrate, MAIN_TESTS, experiment.seed,
            lambda done: tell(f"calibrating the tests, {done} of {plan.calibrate}"),
            executor=way.executor, kept=way.kept,
        )  # fmt: skip
    return tables


def study_tables(
    experiment: Experiment,
    studies: Mapping[Spec, EventStudyResult],
    unsettled: pd.DataFrame,
    tell: Tell,
    way: Way,
) -> dict[str, pd.DataFrame]:
    """The tables of all studies together, by name; `unsettled` are events dropped before."""
    results = list(studies.values())
    primary, tested = experiment.study.primary, []
    for done, (spec, result) in enumerate(studies.items()):
        tell(f"testing {len(result.events)} events {result.pair_sums}, {done} of {len(studies)}")
        n_tickers = result.events["ticker"].nunique()
        if spec == primary:
            by = groupings(experiment, n_tickers)
        else:
            by = ()
        tested.append(result.tests(*by, executor=way.executor, kept=way.kept))
    tests = stacked(tested)
    means = [
        result.averages(
            *(shown_groupings(experiment, result) if spec == primary or _quick(result) else ()),
            *(experiment.study.by if spec == primary else ()),
        )
        for spec, result in studies.items()
    ]
    lost = [
        frame for frame in [unsettled, *(result.dropped for result in results)] if len(frame)
    ] or [unsettled]
    dropped = pd.concat(lost, ignore_index=True).drop_duplicates(ignore_index=True)
    return {
        "tests": adjust(
            tests.sort_values("group", key=lambda by: by != "all", kind="stable", ignore_index=True)
        ),
        "averages": stacked(means),
        "dropped": dropped[["event_id", "ticker", "why"]],
    }


def shown_groupings(experiment: Experiment, result: EventStudyResult) -> tuple[Grouping, ...]:
    """The groupings of tables of averages.

    As always, and ticker by ticker only if they are few or asked for.
    """
    asked = groupings(experiment, result.events["ticker"].nunique())
    return tuple(by for by in GROUPINGS if by in asked)


def _quick(result: EventStudyResult) -> bool:
    """Whether averages by group take seconds.

    Then every model has them, else the primary one alone.
    """
    return len(result.events) <= GROUPS_OF_ALL


def averages(
    experiment: Experiment, result: EventStudyResult, tell: Tell
) -> dict[str, pd.DataFrame]:
    """Average paths by grouping, and the average of each session, `days`.

    None ticker by ticker of very many.
    """
    tell("averaging")

    def of_paths() -> pd.DataFrame:
        return result.average_paths(*shown_groupings(experiment, result))

    if len(result.events) <= BOTH_AVERAGES:
        paths, days = both(of_paths, result.average_days)
    else:
        paths, days = of_paths(), result.average_days()
    found = {by: paths[paths["group"] == by].reset_index(drop=True) for by in GROUPINGS}
    return found | {"days": days}


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of several, empty ones left out unless all are."""
    full = [frame for frame in frames if len(frame)]
    if len(full) > 1:
        return pd.concat(full, ignore_index=True)
    if full:
        return full[0]
    return frames[0]
