"""What changed between two runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

    Inputs that differ, events that came or went, the largest changes of CARs and of p-values, and
    the files that are not the same.
    """
    before, after = read_manifest(first), read_manifest(second)
    yield from _inputs(before, after)
    yield from _numbers(first, second)
    yield from _files(before["files"], after["files"])


def _numbers(first: Path, second: Path) -> Iterator[str]:
    """Events that came or went, and the largest changes of abnormal returns and of p-values."""
    tables = {name: (read_table(first, name), read_table(second, name)) for name in _KEYS}
    windows = tables["windows"]
    if windows[0] is None or windows[1] is None:
        lacking = [
            str(out) for out, one in zip((first, second), windows, strict=True) if one is None
        ]
        yield f"no table of windows in {' and '.join(lacking)}: nothing further to compare"
        return
    yield from _events(windows[0], windows[1], *map(_reasons, tables["dropped"]))
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


def _files(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """The files that are not the same in both runs, where there are any."""
    names = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    if names:
        are = "is" if len(names) == 1 else "are"
        yield from _some(f"{count(len(names), 'file')} {are} not the same in both", names)


def _inputs(before: Made, after: Made) -> Iterator[str]:
    old, new = dict(_flat("", before["experiment"])), dict(_flat("", after["experiment"]))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield f"experiment: {key}: {old.get(key)} -> {new.get(key)}"
    for key in ("seed", "simulated_prices"):
        if before.get(key) != after.get(key):
            yield f"{key.replace('_', ' ')}: {before.get(key)} -> {after.get(key)}"
    for what in ("catalog", "prices"):
        same = before[what].get("digest") == after[what].get("digest")
        if same:
            told = "the same"
        else:
            told = f"changed {_described(before[what], after[what])}"
        yield f"{what}: {told}"
    yield from (f"factors: {difference}" for difference in factor_differences(before, after))
    old, new = ({**made["tool"], **made["dependencies"]} for made in (before, after))
    for name in sorted({*old, *new}):
        versions = old.get(name, "none"), new.get(name, "none")
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
    changes += _tickers(before.get("tickers"), after.get("tickers"))
    return f"({', '.join(changes) or 'the same in extent, other in content'})"


def _tickers(before: object, after: object) -> Iterator[str]:
    """Which securities came and went between two lists of tickers."""
    old, new = (set(one) if isinstance(one, list) else set() for one in (before, after))
    for word, found in (("with", sorted(new - old)), ("without", sorted(old - new))):
        if found:
            more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
            yield f"{word} {', '.join(found[:_MOST])}{more}"


_Reasons = dict[tuple[str, str], str]


def _reasons(dropped: pd.DataFrame | None) -> _Reasons:
    """Why a run left events out, by announcement and ticker."""
    if dropped is None:
        return {}
    return {(row["event_id"], row["ticker"]): str(row["why"]) for row in records(dropped)}


def _events(
    before: pd.DataFrame, after: pd.DataFrame, once: _Reasons, now: _Reasons
) -> Iterator[str]:
    """The events that came and went, with why the other run left them out."""
    sets = [set(zip(frame["event_id"], frame["ticker"], strict=True)) for frame in (before, after)]
    came, went = sorted(sets[1] - sets[0]), sorted(sets[0] - sets[1])
    for word, found, told, why in (
        ("added", came, "left out then", once),
        ("gone", went, "left out now", now),
    ):
        yield from _some(
            f"{count(len(found), 'event')} {word}",
            [" ".join(key) + (f" ({told}: {why[key]})" if key in why else "") for key in found],
        )


def _changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    table: str,
    column: str,
    what: str,
    show: Callable[[float], str],
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
    # a value that came or went is the largest change
    order = size.sort_values(ascending=False, kind="stable", na_position="first").index
    lines = [
        f"{' '.join(str(row[key]) for key in keys if row[key])}: "
        + _change(row[f"{column}_before"], row[f"{column}_after"], show)
        for row in records(changed.loc[order].head(_MOST))
    ]
    yield from _some(f"{len(changed):,} of {len(both):,} {what} changed", lines, total=len(changed))


def _change(before: float, after: float, show: Callable[[float], str]) -> str:
    """Both values; and by how much they differ where their digits do not show it."""
    old, new = show(before), show(after)
    if old == new:
        by = f"{after - before:+.1g}".replace("-", "−")
        return f"{old} -> {new} (changed by {by})"
    return f"{old} -> {new}"


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
