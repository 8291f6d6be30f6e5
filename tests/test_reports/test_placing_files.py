"""A run's output is old or new, never a mix.

The process is killed at each thing it does to a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backtest.manifest import MANIFEST
from events.files import held
from events.files.together import sweep
from reports.errors import OutputError
from reports.export import placing
from reports.export.placing import READY, place, settle

# kills itself at the n-th change of a file for n = 0, 1, ... until a try comes to its end
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from reports.export import placing
from tests.test_reports.test_placing_files import NEW, OLD, earlier, run_of

root, inside = Path(sys.argv[1]), sys.argv[2] == "inside"
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "open", "exchange"}
exchange = placing.exchange
if inside:
    placing._swapped = lambda out, files: False
for n in range(500):
    out = root / str(n) / "out"
    out.parent.mkdir()
    earlier(out)
    child = os.fork()
    if child == 0:
        left = [n]
        def hook(event, args):
            if event in CHANGES and (event != "open" or "w" in str(args[1])):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
        def told(first, second):
            hook("exchange", ())
            done = exchange(first, second)
            hook("exchange", ())
            return done
        placing.exchange = told
        sys.addaudithook(hook)
        placing.place(out, run_of(NEW))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        break
    assert os.WIFSIGNALED(status), status
print(n)
"""
OLD = {"report.html": b"old", "tables/windows.csv": b"old", "tables/tests.csv": b"old"}
NEW = {"report.html": b"new", "tables/windows.csv": b"new", "papers/answer.tex": b"new"}


@pytest.fixture(autouse=True)
def _nothing_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is empty and seconds old may be about to be held; here all who could are dead."""
    monkeypatch.setattr(held, "_NEW", -1.0)


def run_of(files: dict[str, bytes]) -> dict[str, bytes]:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {**files, MANIFEST: json.dumps({"files": digests}).encode()}


def earlier(out: Path) -> None:
    """The run before, and what its user keeps beside it."""
    place(out, run_of(OLD))
    (out / "notes" / "empty").mkdir(parents=True)
    (out / "notes" / "mine.txt").write_text("keep")
    (out / "tables" / "mine.csv").write_text("keep")
    (out / "link").symlink_to("notes")


def there(out: Path) -> dict[str, bytes]:
    kept = {"notes/mine.txt": b"keep", "tables/mine.csv": b"keep"}
    found = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".writing-" not in str(path.relative_to(out))
    }
    assert kept.items() <= found.items()
    assert (out / "link").is_symlink()
    assert (out / "notes" / "empty").is_dir()
    return {name: content for name, content in found.items() if name not in kept}


@pytest.mark.parametrize("how", ["swap", "inside"])
def test_killed_anywhere_the_folder_holds_the_old_run_or_the_new(how: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), how],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    tries, seen = int(done.stdout), []
    assert tries > len(NEW) + 3
    for n in range(tries + 1):
        out = tmp_path / str(n) / "out"
        if how == "inside":
            settle(out)  # what every reader and writer does first
        seen.append(there(out))
        assert seen[-1] in (run_of(OLD), run_of(NEW)), n
        sweep(out)
        assert not [one for one in out.parent.rglob("*") if one.name.startswith((".w", READY))]
    assert run_of(OLD) in seen[:-1]
    assert run_of(NEW) in seen[:-1]  # killed after the swap, while tidying up
    assert seen[-1] == run_of(NEW)


def test_the_folder_is_exchanged_in_one_step(tmp_path: Path) -> None:
    out = tmp_path / "out"
    earlier(out)
    before, mine = out.stat().st_ino, (out / "notes" / "mine.txt").stat().st_ino
    place(out, run_of(NEW))
    if out.stat().st_ino != before:  # where the disk can exchange
        assert (out / "notes" / "mine.txt").stat().st_ino == mine
    assert there(out) == run_of(NEW)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_the_folder_one_works_in_stays_that_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier(tmp_path)
    before = tmp_path.stat().st_ino
    monkeypatch.chdir(tmp_path)
    place(Path(), run_of(NEW))
    assert tmp_path.stat().st_ino == before
    assert there(tmp_path) == run_of(NEW)


def test_a_folder_of_many_other_things_is_left_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    earlier(out)
    before = out.stat().st_ino
    monkeypatch.setattr(placing, "_MOST_KEPT", 1)
    place(out, run_of(NEW))
    assert out.stat().st_ino == before
    assert there(out) == run_of(NEW)


@pytest.mark.parametrize(
    ("name", "said"), [("report.html", "is a folder"), ("tables", "is a file")]
)
def test_a_target_that_cannot_be_is_told_and_nothing_changes(
    name: str, said: str, tmp_path: Path
) -> None:
    if name == "tables":
        (tmp_path / name).write_text("mine")
    else:
        (tmp_path / name).mkdir()
    with pytest.raises(OutputError, match=said):
        place(tmp_path, run_of(NEW))
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_what_a_living_process_writes_is_not_swept(tmp_path: Path) -> None:
    from events.files.held import locked

    (tmp_path / ".writing-out-1").mkdir()
    (tmp_path / ".writing-other-1").mkdir()
    code = (
        "import sys; from pathlib import Path; from events.files.held import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    given = [sys.executable, "-c", code, str(tmp_path / ".writing-out-1")]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with locked(tmp_path / ".writing-out-1") as mine:
            assert not mine
        sweep(tmp_path / "out")
        assert (tmp_path / ".writing-out-1").is_dir()
        holder.kill()
    sweep(tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == [".writing-other-1"]


def test_a_protected_folder_is_not_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    earlier(out)
    before = out.stat().st_ino
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != out)
    place(out, run_of(NEW))
    assert out.stat().st_ino == before


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_that_a_library_swallowed_still_counts(tmp_path: Path) -> None:
    code = f"""
import os, signal, time
from pathlib import Path
from reports.export.placing import place
from reports.process import note_interrupts
note_interrupts()
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
except KeyboardInterrupt:
    print("swallowed")
try:
    place(Path({str(tmp_path / "out")!r}), {{"manifest.json": b"{{}}"}})
except KeyboardInterrupt:
    print("counted")
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.stdout.split() == ["swallowed", "counted"]
    assert list(tmp_path.iterdir()) == []
