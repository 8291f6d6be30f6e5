"""The tests of a study, a window and a grouping at a time.

So that they can be spread over workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import pandas as pd

from backtest.study.inference import TESTS, CrossSection
from backtest.study.inference.joint.multiple import adjust
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.event_windows import EventWindow
from backtest.study.running_sums import Ints
from backtest.study.windows import Window
from backtest.work import Kept, Way, digest, run_chunks
from backtest.work.passing import once
from backtest.work.threads import beside

Rows = list[tuple[object, ...]]
Chunk = tuple[str, str]  # a window's name, a grouping


class Tested(Protocol):
    """What tests need of a fitted study, a frozen dataclass that holds these."""

    @property
    def measured(self) -> AbnormalReturns: ...
    @property
    def named_windows(self) -> dict[str, Window]: ...
    def window(self, name: str) -> EventWindow: ...
    def cross_section(self, name: str) -> CrossSection: ...
    def groups(self, by: str) -> Iterator[tuple[str, Ints]]: ...
    def bare(self) -> Self: ...
    @property
    def pair_sums(self) -> str: ...


_OUTCOME = [
    "statistic",
    "pvalue",
    "df",
    "n_events",
    "n_eff",
    "why_not",
    "pvalue_upper",
    "pvalue_lower",
]
_TESTS = [
    "group", "group_value", "model", "benchmark", "window", "test",
    "statistic", "df", "pvalue", "pvalue_adjusted", "n_events", "n_eff", "why_not",
    "pvalue_upper", "pvalue_lower",
]  # fmt: skip


def way_of(
    executor: Executor | None,
    kept: str | Path | Kept | None,
    tell: Callable[[int, int], None],
) -> Way:
    """How work is done, from what a caller gives."""
    return Way(executor, Kept(Path(kept)) if isinstance(kept, str | Path) else kept, tell)


def tests_table(result: Tested, by: tuple[str, ...], way: Way) -> pd.DataFrame:
    """One row a grouping, group, window and test, p-values adjusted over the windows."""
    rows = tested_rows(result, by, way)
    table = pd.DataFrame(rows, columns=[*_TESTS[:6], *_OUTCOME])
    return adjust(table.assign(pvalue_adjusted=np.nan))[_TESTS]


def tested_rows(result: Tested, by: tuple[str, ...], way: Way) -> Rows:
    """One row a grouping, window, group and test, in that order."""
    chunks = [(name, grouping) for name in result.named_windows for grouping in dict.fromkeys(by)]
    key = ""
    if way.kept:
        key = content_of(result)
    if way.executor is None and result.pair_sums == "by security":
        done = _windows_beside(result, chunks, way, key)
    else:
        if way.executor is None:
            shared = result
        else:
            shared = result.bare()
        done = run_chunks(_rows_of, shared, chunks, way, key)
    found = dict(zip(chunks, done, strict=True))
    return [
        row for grouping in by for name in result.named_windows for row in found[name, grouping]
    ]


def _windows_beside(result: Tested, chunks: Sequence[Chunk], way: Way, key: str) -> list[Rows]:
    """The rows of each chunk, windows on the cores there are.

    The groupings of a window go one after the other: a column with one value takes its tests.
    """
    done = dict.fromkeys(result.named_windows, 0)

    def shared() -> list[Rows]:
        for name in result.named_windows:
            result.cross_section(name)
        return []

    def of_window(name: str) -> list[Rows]:
        def tell(n: int, _: int) -> None:
            done[name] = n
            way.tell(sum(done.values()), len(chunks))

        own = [chunk for chunk in chunks if chunk[0] == name]
        return run_chunks(_rows_of, result, own, replace(way, tell=tell), key)

    of_windows = [partial(of_window, name) for name in result.named_windows]
    tasks: list[Callable[[], list[Rows]]] = [shared, *of_windows]
    return [rows for one in beside(lambda task: task(), tasks) for rows in one]


def content_of(result: Tested) -> str:
    """The digest of all that a result's numbers depend on."""
    measured = result.measured
    panel = measured.panel
    return digest(
        *vars(measured.fit).values(), panel.y, panel.x, panel.estimable, measured.events.frame,
        measured.events.row, measured.events.column, measured.effect, measured.model,
        measured.estimation, measured.horizon, result.named_windows,
    )  # fmt: skip


def _rows_of(result: Tested, chunk: Chunk) -> Rows:
    name, grouping = chunk
    section, model = result.cross_section(name), result.measured.model
    usable = np.isfinite(result.window(name).scar)
    place = np.where(usable, np.cumsum(usable) - 1, -1)
    rows: Rows = []
    for value, members in result.groups(grouping):
        keep = place[members[usable[members]]]
        label = (grouping, value, model.name, model.benchmark, name)
        part = section
        if len(keep) < len(section):
            part = section.take(keep)
        rows += [(*label, key, *outcome) for key, outcome in _outcomes(part).items()]
    return rows


def _outcomes(events: CrossSection) -> dict[str, tuple[object, ...]]:
    """Every test of a cross-section, once: a column with one value groups all events again."""
    return once(
        events,
        "_outcomes",
        lambda one: {key: tuple(vars(test(one)).values()) for key, test in TESTS.items()},
    )
