"""The house rules a machine can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("events", "backtest", "strategies", "reports", "reactions")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ONE_DOOR = {
    "arch": {"backtest/study/normal/garch.py"},
    "vectorbt": {"backtest/trading/engine.py"},
    "numba": {"backtest/work/compiled.py"},
    "yfinance": {"backtest/prices/sources/network/yahoo.py"},
    "exchange_calendars": {"events/clock/sessions.py"},
    "feedparser": {"events/discover/feed.py"},
    "plotly": set(),
}


def importers(module: str) -> set[str]:
    """Files that import a module, wherever in the file."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += (
                [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            )
            if any(name.split(".")[0] == module for name in names):
                found.add(path.relative_to(ROOT).as_posix())
    return found


def test_imports_run_one_way() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a ring; none where there is no ring."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": set()}) == []
    assert circle({"a": {"b"}, "b": {"a"}}) == ["a", "b", "a"]


def test_no_import_circle() -> None:
    """Imports inside a function or for type checkers alone count.

    They hide a circle and do not undo it.
    """
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    assert (
        circle({one: graph.find_modules_directly_imported_by(one) for one in graph.modules}) == []
    )


@pytest.mark.parametrize(("module", "doors"), ONE_DOOR.items())
def test_heavy_libraries_have_one_door(module: str, doors: set[str]) -> None:
    assert importers(module) == doors


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_a_class_has_a_name_of_its_own() -> None:
    homes: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: at for name, at in homes.items() if len(at) > 1} == {}


FOLDERS = sorted({path.parent for path in SOURCES})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_folders_stay_small(folder: Path) -> None:
    """Files and folders beside each other: who looks for something reads their names first."""
    rooms = [
        one.name
        for one in folder.iterdir()
        if (one.suffix == ".py" and one.name != "__init__.py") or one in FOLDERS
    ]
    assert len(rooms) <= 15, sorted(rooms)


def test_events_is_ours() -> None:
    import events

    assert Path(events.__file__ or "").resolve().parent == ROOT / "events"
