"""What changed between two runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.manifest import CatalogMade, Made, PricesMade
from reports.earlier.reading import read_manifest, read_table
from reports.rows import records
from reports.run.prices.factors import factor_differences
from reports.words import count, percent, pvalue

_KEYS = {
    "windows": ["event_id", "ticker", "model", "benchmark", "window"],
    "tests": ["group", "group_value", "model", "benchmark", "window", "test"],
    "dropped": ["event_id", "ticker"],
}
_MOST = 10  # lines a list


def compare(first: Path, second: Path) -> Iterator[str]:
    """Lines of what changed.

    Inputs that differ, events that came or went, the largest changes of CARs and of p-values.
    """
    before, after = read_manifest(first), read_manifest(second)
    yield from _inputs(before, after)
    tables = {name: (read_table(first, name), read_table(second, name)) for name in _KEYS}
    windows = tables["windows"]
    if windows[0] is None or windows[1] is None:
        yield "no windows.csv in both; nothing further to compare"
        return
    yield from _events(windows[0], windows[1])
    yield from _changes(
        windows[0], windows[1], "windows", "car", "abnormal returns", lambda x: percent(x, 2)
    )
    tests = tables["tests"]
    if tests[0] is not None and tests[1] is not None:
        yield from _changes(tests[0], tests[1], "tests", "pvalue", "p-values", pvalue)


def differ(first: Path, second: Path) -> bool:
    """Whether two runs differ: in what they were made of, or in any file they made."""
    before, after = read_manifest(first), read_manifest(second)
    return any(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def _inputs(before: Made, after: Made) -> Iterator[str]:
    old, new = dict(_flat("", before["experiment"])), dict(_flat("", after["experiment"]))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield f"experiment: {key}: {old.get(key)} -> {new.get(key)}"
    for what in ("catalog", "prices"):
        same = before[what].get("digest") == after[what].get("digest")
        if same:
            told = "the same"
        else:
            told = f"changed {_described(before[what], after[what])}"
        yield f"{what}: {told}"
    yield from (f"factors: {difference}" for difference in factor_differences(before, after))
    for name in sorted({*before["dependencies"], *after["dependencies"]}):
        versions = before["dependencies"].get(name), after["dependencies"].get(name)
        if versions[0] != versions[1]:
            yield f"{name}: version {versions[0]} -> {versions[1]}"


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
    else:
        yield prefix, value


def _described(before: CatalogMade | PricesMade, after: CatalogMade | PricesMade) -> str:
    keys = [
        key
        for key in ("announcements", "source", "first_session", "last_session")
        if before.get(key) != after.get(key)
    ]
    changes = [f"{key.replace('_', ' ')} {before.get(key)} -> {after.get(key)}" for key in keys]
    return f"({', '.join(changes) or 'the same in extent, other in content'})"


def _events(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    sets = [set(zip(frame["event_id"], frame["ticker"], strict=True)) for frame in (before, after)]
    for word, found in (("added", sets[1] - sets[0]), ("gone", sets[0] - sets[1])):
        yield from _some(
            f"{count(len(found), 'event')} {word}",
            [f"{event} {ticker}" for event, ticker in sorted(found)],
        )


def _changes(
    before: pd.DataFrame, after: pd.DataFrame, table: str, column: str, what: str, show: Any
) -> Iterator[str]:
    keys = _KEYS[table]
    both = (
        before[[*keys, column]]
        .fillna({"benchmark": ""})
        .merge(
            after[[*keys, column]].fillna({"benchmark": ""}),
            on=keys,
            suffixes=("_before", "_after"),
        )
    )
    old, new = both[f"{column}_before"], both[f"{column}_after"]
    changed = both[~((old == new) | (old.isna() & new.isna()))]
    size = (changed[f"{column}_after"] - changed[f"{column}_before"]).abs()
    largest = changed.loc[size.sort_values(ascending=False, kind="stable").index]
    lines = [
        f"{' '.join(str(row[key]) for key in keys if row[key])}: "
        f"{show(row[f'{column}_before'])} -> {show(row[f'{column}_after'])}"
        for row in records(largest.head(_MOST))
    ]
    yield from _some(f"{len(changed):,} of {len(both):,} {what} changed", lines, total=len(changed))


def _some(title: str, lines: list[str], total: int | None = None) -> Iterator[str]:
    if total and total > _MOST:
        yield f"{title}, the largest changes:"
    else:
        if lines:
            yield f"{title}:"
        else:
            yield title
    yield from (f"  {line}" for line in lines[:_MOST])
    if total is None and len(lines) > _MOST:
        yield f"  and {len(lines) - _MOST} more"
