"""`import reactions`: the public names, nothing heavy, and never another project's packages."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reactions as rx

ROOT = Path(__file__).parents[2]


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Python in a folder whose files come first on the path."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", rx.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(rx, name) is not None
    assert name in dir(rx)


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "reactions" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {a.name for node in block.body if isinstance(node, ast.ImportFrom) for a in node.names}
    assert seen | {"ForeignPackageError"} == set(rx.__all__)


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"no name .EventStudie.*EventStudy"):
        _ = rx.EventStudie


def test_the_import_loads_nothing_heavy() -> None:
    done = python("import sys, reactions; print(*sys.modules)", ROOT)
    assert not {"pandas", "numpy", "numba", "events"} & set(done.stdout.split()), done.stderr


@pytest.mark.parametrize("package", ["events", "backtest", "strategies", "reports"])
@pytest.mark.parametrize("form", ["{}.py", "{}/__init__.py"])
def test_a_foreign_package_is_named_with_what_to_do(
    package: str, form: str, tmp_path: Path
) -> None:
    other = tmp_path / form.format(package)
    other.parent.mkdir(exist_ok=True)
    other.write_text("raise SystemExit('it was run')\n")
    done = python("import reactions", tmp_path)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("reactions.ours.ForeignPackageError: ")
    assert f"{tmp_path / package}" in last
    assert f"is imported as {package!r}" in last
    assert last.endswith("rename it, or start Python in another folder")


@pytest.mark.parametrize(
    "code",
    [
        "import backtest",
        "import events, backtest",
        "from backtest import Prices",
        "import strategies",
    ],
)
def test_whoever_begins_with_another_package_is_told_too(code: str, tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "__init__.py").write_text("")
    done = python(code, tmp_path)
    last = done.stderr.splitlines()[-1]
    assert done.returncode
    assert last.startswith(f"ImportError: {tmp_path / 'events'}")
    assert last.endswith("rename or uninstall it, or start Python in another folder")


def test_a_command_that_meets_it_says_the_same_line(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "__init__.py").write_text("")
    done = python("from reports.cli import main; main(['events', 'list'])", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path / 'events'}")
    assert done.stderr.count("\n") == 1


def test_a_foreign_package_already_imported_is_noticed(tmp_path: Path) -> None:
    code = (
        "import sys, types; m = types.ModuleType('events'); m.__file__ = '/opt/site-packages/"
        "events/__init__.py'; sys.modules['events'] = m; import reactions"
    )
    assert "/opt/site-packages/events is imported as 'events'" in python(code, tmp_path).stderr
    assert "uninstall the package that brought it" in python(code, tmp_path).stderr


def test_a_package_installed_over_ours_is_noticed(tmp_path: Path) -> None:
    """The folder is the right one, its content is another project's."""
    for name in ("events", "backtest", "strategies", "reports"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    source = ROOT / "reactions"
    (tmp_path / "reactions").mkdir()
    for path in source.glob("*.py"):
        (tmp_path / "reactions" / path.name).write_text(path.read_text(encoding="utf-8"))
    done = python("import reactions; reactions.Catalog", tmp_path)
    last = done.stderr.splitlines()[-1]
    assert "ForeignPackageError" in last
    assert "installed over it" in last


def test_a_folder_without_code_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "strategies").mkdir()
    done = python("import reactions; print(reactions.Window(0, 4))", tmp_path)
    assert done.stdout == "[0,+4]\n", done.stderr
