from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.run.trading.second_process import Ask, second_process

SMALL = (
    "{strategy}\nsweep = false\n[filter]\nsince = '2026-04-01'\n"
    "[study]\nbenchmarks = ['SPY']\nsensitivity = false\n"
)
COMMAND = "from reports.cli import main; main()"
# the process that studies must never have loaded the simulator
ASIDE = "import sys; from reports.cli import main\ntry: main()\nfinally: assert 'vectorbt' not in sys.modules"
HERE = "import sys; from reports.cli import main; main(sys.argv[1:])"


@pytest.fixture
def ask() -> Iterator[Ask]:
    with second_process("json", "no_such_module") as asked:
        yield asked


def test_a_task_runs_in_another_process(ask: Ask) -> None:
    assert ask(os.getpid)() != os.getpid()


def test_asking_does_not_wait_for_the_process_to_take_much(ask: Ask) -> None:
    assert ask(len, b"x" * 10_000_000)() == 10_000_000


def test_a_task_that_fails_fails_as_it_would_here(ask: Ask) -> None:
    answer = ask(int, "x")
    with pytest.raises(ValueError, match="invalid literal"):
        answer()


@pytest.mark.parametrize("asked_first", [True, False])
def test_a_process_that_is_killed_is_done_without(ask: Ask, asked_first: bool) -> None:
    (process,) = multiprocessing.active_children()
    answer = ask(sorted, [2, 1]) if asked_first else None
    process.kill()
    process.join()
    assert (answer or ask(sorted, [2, 1]))() == [1, 2]


def test_the_process_ends_with_the_block_whatever_happens() -> None:
    def fail() -> None:
        with second_process() as ask:
            ask(time.sleep, 60)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_report_is_the_same_with_and_without(tmp_path: Path) -> None:
    for folder, code in (("here", HERE), ("aside", ASIDE)):
        told = run(code, *report(tmp_path, folder))
        assert (told.returncode, told.stderr) == (0, "")
    here, aside = (contents(tmp_path / name) for name in ("here", "aside"))
    assert here == aside
    assert "tables/trades.csv" in here


def test_errors_of_trading_are_told_as_ever(tmp_path: Path) -> None:
    told = run(COMMAND, *report(tmp_path, "out", "strategies = [{name = 'drift', hold = 0}]"))
    assert told.returncode == 2
    assert (
        told.stderr
        == "error: strategy drift: hold is 0; it must be a whole number of sessions, 1 or more\n"
    )
    assert not (tmp_path / "out").exists()


def test_strategies_of_own_files_are_traded_here(tmp_path: Path) -> None:
    own = Path(__file__).parents[2] / "strategies" / "example_own.py"
    told = run(COMMAND, *report(tmp_path, "out", f"strategies = [{{name = '{own}:BigDeals'}}]"))
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals of process groups")
def test_an_interrupt_leaves_one_line_and_no_process(tmp_path: Path) -> None:
    # the whole default report: a small one may end before a second Ctrl-C
    whole = ["report", "--prices", "sample", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-c", COMMAND, *whole]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        time.sleep(4)  # a busy machine imports for that long
        error = interrupt(process)
    assert (process.returncode, error.strip()) == (
        130,
        "interrupted; nothing was left half-written",
    )
    assert is_empty(process.pid)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals of process groups")
@pytest.mark.parametrize("busy", ["", "ask(time.sleep, 1)"])
def test_no_process_is_left_where_this_one_is_killed(busy: str) -> None:
    code = f"""
import os, signal, time
from reports.run.trading.second_process import second_process
with second_process("json") as ask:
    {busy}
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    assert is_empty(process.pid)


def interrupt(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C, again where a library being imported swallowed it; give standard error."""
    for _ in range(10):
        os.killpg(process.pid, signal.SIGINT)
        try:
            return process.communicate(timeout=5)[1]
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("ten interrupts did not end the process")


def is_empty(group: int) -> bool:
    """Whether all processes of a group end within a few seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def report(folder: Path, out: str, strategy: str = "strategies = [{name = 'drift'}]") -> list[str]:
    """A small report of the sample."""
    plan = folder / "plan.toml"
    plan.write_text(SMALL.format(strategy=strategy), encoding="utf-8")
    return ["report", "--prices", "sample", "--experiment", str(plan), "--out", str(folder / out)]


def run(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False
    )


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file: of two pages that differ, pytest would look for how for minutes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
