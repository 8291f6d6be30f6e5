"""Chunks give the same bytes wherever they are done, and outlive their workers."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from backtest.work import Kept, Way, WorkError, Workers, chunks, digest, run_chunks
from backtest.work.kept import decode, encode
from backtest.work.workers import dask_workers

SHARED = np.random.default_rng(0).standard_normal(10_001)


@pytest.fixture(scope="module")
def tasks() -> Iterator[ModuleType]:
    """The module of tasks under a name that a worker process finds too."""
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, before)))
    yield importlib.import_module("tasks")
    sys.path.remove(here)
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


def test_the_same_numbers_for_any_number_of_workers(tasks: ModuleType) -> None:
    alone = run_chunks(tasks.drawn, SHARED, range(9))
    for n in (1, 2, 3):
        with Workers(n) as executor:
            assert run_chunks(tasks.drawn, SHARED, range(9), Way(executor)) == alone
    with ThreadPoolExecutor(2) as executor:
        assert run_chunks(tasks.drawn, SHARED, range(9), Way(executor)) == alone


class Counting(Executor):
    """An executor of somebody else's that counts how often what is shared is sent."""

    def __init__(self) -> None:
        self.pool, self.sent, self.n = ProcessPoolExecutor(2), 0, 2

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.sent += isinstance(args[1], bytes)
        return self.pool.submit(fn, *args, **kwargs)


def test_what_is_shared_is_sent_to_those_who_miss_it(tasks: ModuleType) -> None:
    chunks._held.clear()  # a forked worker holds what this process does
    executor = Counting()
    with executor.pool:
        found = run_chunks(tasks.drawn, SHARED, range(40), Way(executor))
    assert found == run_chunks(tasks.drawn, SHARED, range(40))
    assert 1 <= executor.sent <= 20  # not 40; more where a busy machine answers late


def test_a_killed_worker_costs_its_chunk(tasks: ModuleType, tmp_path: Path) -> None:
    with Workers(2) as executor:
        found = run_chunks(tasks.dies_once, tmp_path, range(8), Way(executor))
    assert (tmp_path / "died").exists()
    assert found == [i * i for i in range(8)]


def test_a_broken_pool_of_somebody_else_is_said(tasks: ModuleType, tmp_path: Path) -> None:
    with (
        ProcessPoolExecutor(2) as executor,
        pytest.warns(RuntimeWarning, match="ProcessPoolExecutor is broken"),
    ):
        found = run_chunks(tasks.dies_once, tmp_path, range(8), Way(executor))
    assert found == [i * i for i in range(8)]


def test_workers_that_always_die_are_an_error(tasks: ModuleType) -> None:
    with Workers(1) as executor, pytest.raises(WorkError, match="take fewer workers"):
        run_chunks(tasks.always_dies, None, range(3), Way(executor))


def test_what_a_chunk_raises_is_raised(tasks: ModuleType) -> None:
    with Workers(1) as executor, pytest.raises(ValueError, match=r"chunk \d cannot be"):
        run_chunks(tasks.wrong, None, range(3), Way(executor))


def test_finished_chunks_are_taken_up(tasks: ModuleType, tmp_path: Path) -> None:
    kept, key = Kept(tmp_path / "work", least=0.0), digest(SHARED)
    whole = run_chunks(tasks.drawn, SHARED, range(6), Way(kept=kept), key)
    files = sorted((tmp_path / "work").iterdir())
    assert len(files) == 6
    files[0].unlink()
    files[1].write_text(files[1].read_text()[:-3])  # cut off
    heard: list[tuple[int, int]] = []
    way = Way(kept=kept, tell=lambda done, of: heard.append((done, of)))
    assert run_chunks(tasks.drawn, SHARED, range(6), way, key) == whole
    assert heard == [(4, 6), (5, 6), (6, 6)]
    other = run_chunks(tasks.drawn, SHARED * 2, range(6), Way(kept=kept), digest(SHARED * 2))
    assert other == [2 * one for one in whole]
    anew = Way(kept=Kept(tmp_path / "work", taken=False, least=0.0), tell=way.tell)
    run_chunks(tasks.drawn, SHARED, range(6), anew, key)
    assert heard[3] == (0, 6)
    kept.clear()
    assert not (tmp_path / "work").exists()


def test_results_survive_to_the_last_bit() -> None:
    value = ([0.1, 1e-320, float("inf")], {"a": np.array([[1.5, np.nan]]), 3: None}, ("é", True, 7))
    back = decode(encode(value))
    assert back[0] == value[0]
    assert back[2] == value[2]
    assert back[1]["a"].tobytes() == value[1]["a"].tobytes()
    with pytest.raises(TypeError, match="objects"):
        encode(np.array([object()]))


def test_no_cluster_is_one_clear_error() -> None:
    with pytest.raises(WorkError, match="no Dask scheduler answers"), dask_workers("nonsense://x"):
        pass
