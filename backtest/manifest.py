"""What the manifest of a run holds.

Written by a run, read by whoever repeats, pins or compares it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypedDict

from events.files.disk import read_bounded_text

MANIFEST = "manifest.json"
_MOST = 200_000_000  # bytes; the manifest of 3,000 snapshots has two million


class CatalogMade(TypedDict):
    """The announcements of a run."""

    digest: str
    announcements: int


class PricesMade(TypedDict):
    """The prices of a run; sessions are ISO days, `None` where there are none."""

    source: str
    digest: str
    tickers: list[str]
    first_session: str | None
    last_session: str | None
    calendar: str
    exchanges: dict[str, list[str]]
    notes: list[str]
    understood: list[str]
    snapshots: list[str]


class FactorsMade(TypedDict):
    """One factor file of a run; sessions are ISO days."""

    name: str
    digest: str
    first_session: str
    last_session: str
    simulated: bool


class Made(TypedDict):
    """What a run is made of: known before it runs, the same for the same inputs."""

    tool: dict[str, str]
    dependencies: dict[str, str]
    simulated_prices: bool
    seed: int
    experiment: dict[str, Any]
    catalog: CatalogMade
    prices: PricesMade
    factors: list[FactorsMade]


class Manifest(Made, total=False):
    """`manifest.json`: what a run was made of, what it had to say.

    With the digest of each file it wrote.
    """

    notes: list[str]
    files: dict[str, str]


def manifest_file(path: Path) -> Path:
    """The manifest of a study, named itself or by the folder of the study."""
    if path.is_dir():
        return path / MANIFEST
    return path


def load_manifest(file: Path) -> Manifest:
    """The manifest in a file, as it says itself; whoever reads it says what is missing in it.

    Raises `OSError` for a file that cannot be read, `ValueError` and `RecursionError` for one that
    is no JSON.
    """
    found: Manifest = json.loads(read_bounded_text(file, _MOST))
    return found
