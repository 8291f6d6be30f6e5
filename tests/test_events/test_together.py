"""Several files all or none, what is held while it is worked on, and what is swept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from events import Catalog, CatalogError
from events.files import held
from events.files.held import locked, sweep_left, working_folder
from events.files.together import READY, filling, finish, put_together

FILES = {"a.toml": "a", "b.toml": b"b"}


def fail_in(folder: Path) -> None:
    with filling(folder) as stage:
        (stage / "a.toml").write_text("a")
        raise ZeroDivisionError


@pytest.mark.parametrize("there", [False, True])
def test_all_or_none(there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    if there:
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    kept = {"mine.txt"} if there else set()
    with pytest.raises(ZeroDivisionError):
        fail_in(folder)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == kept
    put_together(folder, FILES)
    assert {path.name for path in folder.iterdir()} == {"a.toml", "b.toml"} | kept
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_what_was_ready_is_finished_by_who_reads(tmp_path: Path) -> None:
    catalog = Catalog.bundled()
    folder = tmp_path / "one"
    Catalog(catalog.announcements[:3]).write(folder)
    (folder / READY).mkdir()
    for path in sorted(folder.glob("*.toml"))[:2]:
        path.rename(folder / READY / path.name)
    assert len(Catalog.read(folder)) == 3
    assert not (folder / READY).exists()


def test_what_cannot_be_finished_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / READY).mkdir()
    monkeypatch.setattr("pathlib.Path.rmdir", refuse)
    with pytest.raises(CatalogError, match="an import was cut off and cannot be finished"):
        Catalog.read(tmp_path)
    with pytest.raises(PermissionError):
        finish(tmp_path)


def test_a_catalog_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="cannot be written: File exists; name another"):
        Catalog.bundled().write(tmp_path / "file" / "below")


def test_only_what_nobody_holds_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("held", "empty", "left"):
        (tmp_path / name).mkdir()
    (tmp_path / "left" / "work").write_text("half")
    (tmp_path / "file").write_text("half")
    (tmp_path / "link").symlink_to("left")
    with locked(tmp_path / "held") as mine:
        assert mine
        (tmp_path / "held" / "work").write_text("half")
        sweep_left(tmp_path.iterdir())
        assert {one.name for one in tmp_path.iterdir()} == {"held", "empty", "link"}
    monkeypatch.setattr(held, "_NEW", -1.0)  # what is new and empty may be about to be held
    sweep_left(tmp_path.iterdir())
    assert {one.name for one in tmp_path.iterdir()} == {"link"}


@pytest.mark.skipif(os.name != "posix", reason="a kill")
def test_a_working_folder_of_a_killed_process_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os; from events.files.held import working_folder\n"
        "with working_folder('x') as one: (one / 'f').write_text('f'); os.kill(os.getpid(), 9)"
    )
    subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(tmp_path)}, check=False
    )
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with working_folder("other"), working_folder("x") as mine, working_folder("x") as another:
        assert len(list(tmp_path.iterdir())) == 3
        assert mine != another
    assert not list(tmp_path.iterdir())
