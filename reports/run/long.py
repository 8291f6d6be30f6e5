"""The tables of a run with a row an event or more, made where they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from backtest import EventStudyResult
from backtest.study.inference.tables import (
    DAILY,
    daily_parts,
    daily_rows,
    estimates_parts,
    windows_parts,
    windows_table,
)
from backtest.study.measure.event_windows import EventWindow
from backtest.work.parted import PartedTable
from reports.experiment.plan import Spec
from reports.run.studies import stacked


def long_tables(
    studies: Mapping[Spec, EventStudyResult], marked: Callable[[pd.DataFrame], pd.DataFrame]
) -> dict[str, PartedTable]:
    """The tables of all studies together, by name; `marked` adds flags to rows of windows."""
    results = list(studies.values())
    n_events = sum(len(result.events) for result in results)
    seen = [_seen(result) for result in results]
    windows = PartedTable(
        sum(len(result.events) * len(of) for result, of in zip(results, seen, strict=True)),
        lambda: (marked(part) for of in seen for part in windows_parts(of)),
        lambda: marked(stacked([result.windows for result in results])),
        lambda columns: stacked([windows_table(of, columns) for of in seen]),
    )
    estimates = PartedTable(
        n_events,
        lambda: (part for result in results for part in estimates_parts(result.measured)),
        lambda: stacked([result.estimates for result in results]),
    )
    return {"windows": windows, "estimates": estimates} | {
        name: _daily(name, results) for name in DAILY
    }


def _daily(name: str, results: list[EventStudyResult]) -> PartedTable:
    """A table with a row an event and session."""
    return PartedTable(
        sum(daily_rows(result.measured) for result in results),
        lambda: (part for result in results for part in daily_parts(name, result.measured)),
        lambda: stacked([getattr(result, name) for result in results]),
    )


def _seen(result: EventStudyResult) -> list[EventWindow]:
    return [result.window(name) for name in result.named_windows]
