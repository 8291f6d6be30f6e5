"""The studies of an experiment: every model on every benchmark, and the tables that come of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from backtest import EventStudy, EventStudyResult, Returns, Window
from backtest.study.inference import COMPANION_TEST, HEADLINE_TEST
from backtest.study.inference.joint.multiple import adjust
from backtest.study.normal import named_model
from backtest.study.result import Grouping
from reports.experiment.plan import Experiment, Spec, Study

MAIN_TESTS = (
    HEADLINE_TEST, COMPANION_TEST, "kp_bmp_exact_t", "patell_exact_z", "caar_exact_z",
    "calendar_time_z", "placebo_shift", "wild_cluster", "kp_bmp_t", "corrado_rank_z",
    "bmp_t", "patell_z", "cross_t", "gsign_z",
)  # fmt: skip
GROUPINGS: tuple[Grouping, ...] = ("all", "ticker", "role", "kind")
TICKERS_UNASKED = 500  # every test of so many tickers takes minutes, and nobody reads them
GROUPED = ("role", "kind")  # each level against the other events
Tell = Callable[[str], None]
Panel = Callable[[str], Returns]  # the name of a model -> the returns it is fitted to


def run_studies(
    experiment: Experiment, specs: tuple[Spec, ...], events: pd.DataFrame, panel: Panel, tell: Tell
) -> dict[Spec, EventStudyResult]:
    """Fit every specification to the events."""
    plan, studies = experiment.study, {}
    for done, spec in enumerate(specs):
        tell(f"studying {len(events)} events, {spec}, {done} of {len(specs)}")
        studies[spec] = _design(plan, spec).fit(events, panel(spec.model))
    return studies


def groupings(experiment: Experiment, n_tickers: int) -> tuple[Grouping, ...]:
    """How events are grouped for tests: as always, and by the columns the experiment names.

    Tests ticker by ticker of more than `TICKERS_UNASKED` are made only if `by` names the ticker.
    """
    usual = [by for by in GROUPINGS if by != "ticker" or n_tickers <= TICKERS_UNASKED]
    return tuple(dict.fromkeys((*usual, *experiment.study.by)))


def _design(plan: Study, spec: Spec) -> EventStudy:
    return EventStudy(
        model=named_model(spec.model, spec.benchmark, plan.peers),
        estimation=Window(*plan.estimation),
        windows={name: Window(*span) for name, span in plan.windows.items()},
        exclude=Window(*plan.exclude) if plan.exclude else None,
        horizon=Window(*plan.horizon),
    )


def further_tables(
    experiment: Experiment, studies: Mapping[Spec, EventStudyResult]
) -> dict[str, pd.DataFrame]:
    """What the primary study alone is asked: placebo positions, joint p-values, the regression on attributes."""
    from backtest.study.check.groups import differences
    from backtest.study.check.placebo import placebo
    from backtest.study.check.regression import regress
    from backtest.study.inference.joint.romano_wolf import romano_wolf

    primary, first = experiment.study.primary, next(iter(experiment.study.windows))
    result = studies[primary]
    placebos = placebo(result) if len(result.events) else None
    tables = {"regression": regress(result, first, placebos=placebos)}
    tables["differences"] = differences(result, *GROUPED, *experiment.study.by)
    if placebos is not None:
        tables["positions"] = placebos.positions
        tables["joint"] = romano_wolf(
            [study for spec, study in studies.items() if spec.model == primary.model]
        )
    return tables


def robustness(
    experiment: Experiment, events: pd.DataFrame, panel: Panel, tell: Tell
) -> dict[str, pd.DataFrame]:
    """The specification curve, and the simulation of the tests where the experiment asks for them."""
    from backtest.study.check.calibrate import EFFECTS, calibrate
    from backtest.study.check.sensitivity import Choices, sensitivity

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


def study_tables(
    experiment: Experiment,
    studies: Mapping[Spec, EventStudyResult],
    unsettled: pd.DataFrame,
    tell: Tell,
) -> dict[str, pd.DataFrame]:
    """The tables of all studies together, by name; `unsettled` are events dropped before."""
    results = list(studies.values())
    primary, tested = experiment.study.primary, []
    for done, (spec, result) in enumerate(studies.items()):
        tell(f"testing {len(result.events)} events {result.pair_sums}, {done} of {len(studies)}")
        n_tickers = result.events["ticker"].nunique()
        by = groupings(experiment, n_tickers) if spec == primary else ()
        tested.append(result.tests(*by))
    tests = _stack(tested)
    means = [
        result.averages(*(GROUPINGS if spec == primary else ())) for spec, result in studies.items()
    ]
    lost = [
        frame for frame in [unsettled, *(result.dropped for result in results)] if len(frame)
    ] or [unsettled]
    dropped = pd.concat(lost, ignore_index=True).drop_duplicates(ignore_index=True)
    return {
        "windows": _stack([result.windows for result in results]),
        "abnormal": _stack([result.abnormal for result in results]),
        "estimates": _stack([result.estimates for result in results]),
        "paths": _stack([result.paths for result in results]),
        "tests": adjust(
            tests.sort_values("group", key=lambda by: by != "all", kind="stable", ignore_index=True)
        ),
        "averages": _stack(means),
        "dropped": dropped[["event_id", "ticker", "why"]],
    }


def averages(result: EventStudyResult, tell: Tell) -> dict[str, pd.DataFrame]:
    """Average paths by grouping."""
    tell("averaging")
    paths = result.average_paths(*GROUPINGS)
    return {by: paths[paths["group"] == by].reset_index(drop=True) for by in GROUPINGS}


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of several, empty ones left out unless all are."""
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]
