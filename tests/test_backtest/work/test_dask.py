"""A real Dask scheduler and two worker processes on loopback, one of which is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.calibrate import CHUNK, calibrate
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.work.workers import dask_workers

pytestmark = pytest.mark.slow


class Cluster:
    """A scheduler and two workers, every one a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start(
            "distributed.cli.dask_scheduler",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(folder / "scheduler.json"),
        )
        for i in range(2):
            self.start(
                "distributed.cli.dask_worker",
                "--scheduler-file",
                str(folder / "scheduler.json"),
                "--nthreads",
                "1",
                "--no-dashboard",
                "--no-nanny",
                "--name",
                f"w{i}",
                "--local-directory",
                str(folder / f"w{i}"),
            )

    def start(self, module: str, *args: str) -> None:
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-m", module, "--host", "127.0.0.1", *args],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def kill_a_worker(self) -> None:
        os.kill(self.processes[-1].pid, signal.SIGKILL)
        self.processes.pop().wait()

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[Cluster, str]]:
    import json

    found = Cluster(tmp_path)
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "scheduler.json").exists() and time.monotonic() < until:
            time.sleep(0.2)
        address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
        _wait_for_two(address, until)
        yield found, address
    finally:
        found.end()


def _wait_for_two(address: str, until: float) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        while len(client.nthreads()) < 2 and time.monotonic() < until:
            time.sleep(0.2)
        assert len(client.nthreads()) == 2


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_process(
    cluster: tuple[Cluster, str],
) -> None:
    machines, address = cluster
    market = SIMULATED["independent"](np.random.default_rng(5), 12)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, {"5-day": Window(0, 4)})
    asked = (study, market.events, market.returns, (0.0, 0.02), 60)
    alone = calibrate(*asked)
    heard: list[int] = []

    def killing(done: int) -> None:
        if done == 2 * CHUNK:
            machines.kill_a_worker()
        heard.append(done)

    with dask_workers(address) as executor:
        spread = calibrate(*asked, progress=killing, executor=executor)
    assert len(machines.processes) == 2  # the scheduler and the worker that is left
    assert heard[-1] == 60
    pd.testing.assert_frame_equal(spread, alone, check_exact=True)
