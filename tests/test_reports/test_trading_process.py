from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest import Prices
from events import Catalog
from reports.commands.options.common import read_experiment, selected
from reports.run import findings
from tests.processes import ends

SMALL = (
    "{strategy}\nsweep = false\n[filter]\nsince = '2026-04-01'\n"
    "[study]\nbenchmarks = ['SPY']\nsensitivity = false\n"
)
COMMAND = "from reports.cli import main; main()"
# the process that studies must never have loaded the simulator
ASIDE = (
    "import sys; from reports.cli import main\ntry: main()\n"
    "finally: assert 'vectorbt' not in sys.modules"
)
HERE = "import sys; from reports.cli import main; main(sys.argv[1:])"


class Killed(Executor):
    """What is left of worker processes that were killed."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("a worker was killed"))
        return future


def test_a_trading_process_that_is_killed_is_done_without(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(SMALL.format(strategy="strategies = [{name = 'drift'}]"), encoding="utf-8")
    experiment = read_experiment(plan)
    catalog = selected(experiment, Catalog.bundled())
    here, without = (
        findings.run(experiment, catalog, Prices.sample(), aside=aside)
        for aside in (None, Killed())
    )
    pd.testing.assert_frame_equal(here.tables["trades"], without.tables["trades"])
    assert len(here.tables["trades"])


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
    assert ends(process.pid)
    assert not list((tmp_path / "out").glob("[!.]*"))  # finished chunks may wait for --resume


@pytest.mark.skipif(os.name != "posix", reason="signals of process groups")
@pytest.mark.parametrize("busy", ["", "workers.submit(time.sleep, 1)"])
def test_no_process_is_left_where_this_one_is_killed(busy: str) -> None:
    code = f"""
import os, signal, time
from backtest.work.workers import Workers
with Workers(1, ("json",)) as workers:
    {busy}
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    assert ends(process.pid)


def interrupt(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C, again where a library being imported swallowed it; give standard error."""
    for _ in range(10):
        os.killpg(process.pid, signal.SIGINT)
        try:
            return process.communicate(timeout=5)[1]
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("ten interrupts did not end the process")


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
