"""Whether a run would give anything but what its folder has already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from backtest.manifest import Made
from reports.earlier.reading import read_manifest
from reports.errors import OutputError
from reports.export.papers import formats_of

# The snapshots of prices are told by the digest of what is in them; one fetched again may be equal.
_OF_PRICES = ("source", "digest", "tickers", "calendar")


def changes(
    out: Path, made: Made, wanted: Iterable[str], formats: Sequence[str]
) -> tuple[str, ...]:
    """Say what differs between a run of `made` and the one in a folder.

    Nothing means that they are the same. `wanted` are files the run would write beside its tables.
    A folder without a whole run differs.
    """
    try:
        before = read_manifest(out)
    except OutputError:
        return ("there is no earlier run",)
    after = json.loads(json.dumps(made))
    return (
        *_inputs(before, after),
        *_files(out, before["files"], wanted),
        *(f"{one} was not made then" for one in formats if one not in formats_of(before["files"])),
        *_strategies(after["experiment"]),
    )


def _inputs(before: Made, after: Made) -> list[str]:
    keys = ("tool", "dependencies", "simulated_prices", "seed", "experiment", "catalog", "factors")
    found = [
        f"{key.replace('_', ' ')} changed" for key in keys if before.get(key) != after.get(key)
    ]
    old, new = before["prices"], after["prices"]
    return found + ["prices changed"] * any(old.get(key) != new.get(key) for key in _OF_PRICES)


def _files(out: Path, listed: dict[str, Any], wanted: Iterable[str]) -> list[str]:
    if not listed:
        return ["the earlier run lists no files"]
    lacking = [f"{name} was not made then" for name in wanted if name not in listed]
    return lacking + [
        f"{name} is not as the run left it"
        for name in listed
        if _digest(out / name) != listed[name]
    ]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _strategies(experiment: dict[str, Any]) -> list[str]:
    """Name strategies of a user's own file: what is in it, no manifest tells."""
    names = [str(one.get("name", "")) for one in experiment.get("strategies") or ()]
    return [
        f"strategy {name} is of a file, which may have changed" for name in names if ".py:" in name
    ]
