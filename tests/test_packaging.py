"""What ships, and what must not."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def committed() -> list[Path]:
    """Files under version control that are still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_lock_file_and_no_registry_host_is_committed() -> None:
    hosts = re.compile("py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js|deb\." + "debian")
    for path in committed():
        assert path.name != "uv.lock"
        assert not hosts.search(path.read_bytes().decode("utf-8", "replace")), path


def test_no_price_file_is_committed() -> None:
    names = [path.name for path in committed() if path.suffix in (".csv", ".parquet")]
    assert not {"META.csv", "CRWV.csv", "SPY.csv"} & set(names)


def test_every_dependency_is_constrained_to_what_was_tested() -> None:
    pinned = dict(line.split("==") for line in PROJECT["tool"]["uv"]["constraint-dependencies"])
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    for requirement in asked:
        name = re.split(r"[\[<>=~! ]", requirement)[0].lower()
        assert name in pinned, f"{name}: add what `uv pip freeze` says to constraint-dependencies"
        assert importlib.metadata.version(name) == pinned[name]


def test_the_readmes_test_command_is_what_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"## Tests\s+```sh\n(.+?)\n```", readme, re.DOTALL)
    assert command
    assert command[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_help_is_instant_because_nothing_heavy_is_imported() -> None:
    code = "import sys, reports.cli; print(*sorted(set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "pandas",
        "numpy",
        "scipy",
        "vectorbt",
        "statsmodels",
        "plotly",
        "yfinance",
        "pydantic",
        "pyarrow",
    }
    assert not heavy & set(done.stdout.split())


def test_package_data_ships() -> None:
    from events import Catalog

    assert "2026-04-09-meta-coreweave-21bn" in Catalog.bundled()
