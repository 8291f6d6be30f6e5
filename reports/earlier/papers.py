"""A table for a paper from what an earlier run wrote: nothing is computed anew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from backtest.manifest import Manifest
from backtest.study.show.estimates import EVENT, of_averages, of_events, widened
from backtest.study.show.paper import PaperTable, StudySource, Wish, made
from events.errors import suggest
from reports.earlier.reading import read_manifest, read_table
from reports.errors import OutputError
from reports.experiment.plan import Experiment, Spec

_NEEDED = {
    "averages": ("group", "group_value", "model", "benchmark", "window", "n_events",
                 "weighted_mean", "statistic", "pvalue", "why_not"),
    "windows": ("event_id", "ticker", "event_session", "model", "benchmark", "window", "end",
                "car", "car_se", "pvalue", "conformal_p"),
    "estimates": ("event_id", "ticker", "model", "benchmark", "n_obs"),
}  # fmt: skip


def paper_table(out: Path, groups: tuple[str, ...], wish: Wish) -> PaperTable:
    """The table of the run in `out`, of its main model, a panel each of `groups`.

    Raises `OutputError` for a folder without a study or a grouping the run does not have,
    `StudyError` for a group or window it does not have.
    """
    manifest = read_manifest(out)
    try:
        experiment = Experiment.model_validate(manifest["experiment"])
    except ValidationError:
        raise OutputError(
            f"{out}: the experiment in manifest.json is not one this version knows; run it again"
        ) from None
    primary = experiment.study.primary
    averages, windows, estimates = (
        _of(_table(out, name), primary) for name in ("averages", "windows", "estimates")
    )
    there = (*dict.fromkeys(averages["group"]), EVENT)
    for by in groups:
        if by not in there:
            raise OutputError(
                f"{out}: the run has no groups by {by[:60]!r}{suggest(by, there)}; there are "
                f"{', '.join(there)}, and more after a run with --by COLUMN"
            )
    parts = [of_averages(averages[averages["group"] == by]) for by in groups if by != EVENT]
    if EVENT in groups:
        parts += [of_events(windows, estimates)]
    found = pd.concat(parts, ignore_index=True)
    return made(found, groups, wish, _source(manifest, experiment, windows))


def _table(out: Path, name: str) -> pd.DataFrame:
    found = read_table(out, name)
    if found is None or not len(found):
        raise OutputError(
            f"{out}: has no table of {name}; "
            "name the folder of a study (reactions study, reactions report)"
        )
    lacks = [column for column in _NEEDED[name] if column not in found]
    if lacks:
        raise OutputError(
            f"{out}: its table of {name} has no column {lacks[0]}; "
            "another version wrote it, run it again"
        )
    return found


def _of(table: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """The rows of the main model.

    One that needs no benchmark is there once, and may name its factors.
    """
    table = table.assign(benchmark=table["benchmark"].fillna("").astype(str))
    on = table["benchmark"] == spec.benchmark if spec.benchmark else True
    return table[(table["model"] == spec.model) & on]


def _source(manifest: Manifest, experiment: Experiment, windows: pd.DataFrame) -> StudySource:
    plan, prices = experiment.study, manifest["prices"]
    span = f"{prices['source']}, {prices['first_session']} to {prices['last_session']}"
    simulated = bool(manifest["simulated_prices"])
    return StudySource(
        plan.primary.model,
        str(windows["benchmark"].iloc[0]),
        plan.estimation,
        plan.windows,
        "" if simulated else span,
        simulated,
        plan.convention,
        widened(windows, plan.windows),
    )
