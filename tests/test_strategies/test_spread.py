"""Placebos, sweeps and searches of strategies give the same bytes for any number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pandas as pd
import pytest

from backtest import Prices
from backtest.work import Workers
from events import Catalog
from reactions.trading_events import tradable_events
from reports.cli import main
from strategies import Drift, Pair
from strategies.asking.loader import executor_for, find_strategy
from strategies.evaluate.placebo import joint_shifts, matched_shifts, random_dates
from strategies.evaluate.search import search
from strategies.evaluate.sweep import Filter, Grid, sweep
from strategies.evaluate.walk_forward import walk_forward

GRID = Grid(holds=(1, 5), entries=("open", "close"), filters=(Filter("everyone"),))
Placed = tuple[pd.DataFrame, Prices]


@pytest.fixture(scope="module")
def placed() -> Placed:
    prices = Prices.sample()
    return tradable_events(Catalog.bundled(), prices), prices


@pytest.fixture(scope="module")
def workers() -> Iterator[Executor]:
    with Workers(2) as pool:
        yield pool


PLACEBOS: dict[str, Callable[[Placed, Executor | None], pd.DataFrame]] = {
    "joint": lambda at, pool: joint_shifts(
        Drift(), *at, shifts=range(25, 60), executor=pool
    ).draws,
    "matched": lambda at, pool: matched_shifts(
        Pair(), *at, shifts=range(25, 60), executor=pool
    ).draws,
    "random": lambda at, pool: random_dates(
        Drift(), *at, n_draws=25, seed=4, executor=pool
    ).draws,
    "sweep": lambda at, pool: sweep(GRID, *at, executor=pool).table,
    "search": lambda at, pool: search(Drift, {"hold": (2, 5)}, *at, executor=pool).table,
    "walk forward": lambda at, pool: walk_forward(
        search(Drift, {"hold": (2, 5)}, *at, executor=pool), *at, splits=2
    ).table,
}  # fmt: skip


@pytest.mark.parametrize("name", PLACEBOS)
def test_the_same_for_any_number_of_workers(name: str, placed: Placed, workers: Executor) -> None:
    wanted, got = PLACEBOS[name](placed, None), PLACEBOS[name](placed, workers)
    assert len(wanted)
    pd.testing.assert_frame_equal(got, wanted, check_exact=True)


def test_progress_is_heard_in_chunks_of_draws(placed: Placed) -> None:
    heard: list[tuple[int, int]] = []
    joint_shifts(
        Drift(), *placed, shifts=range(25, 50), progress=lambda done, of: heard.append((done, of))
    )
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_class_that_no_other_process_knows_trades_here(tmp_path: Path, workers: Executor) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from dataclasses import dataclass\n"
        "@dataclass(frozen=True)\n"
        "class Mine:\n"
        "    name = 'mine'\n"
        "    def orders(self, events, prices):\n"
        "        return ()\n"
    )
    assert executor_for(Drift, workers) is workers
    assert executor_for(find_strategy(f"{file}:Mine"), workers) is None
    typed = type("Typed", (Drift,), {"__module__": "__main__"})
    assert executor_for(typed, workers) is None


@pytest.mark.slow
def test_backtest_with_workers_writes_the_same_files(tmp_path: Path) -> None:
    given = [
        "backtest",
        "--prices",
        "sample",
        "--strategy",
        "drift",
        "--over",
        "hold=2,5",
        "--splits",
        "2",
    ]
    for name, more in (("one", []), ("two", ["--workers", "2"])):
        with pytest.raises(SystemExit) as ended:
            main([*given, "--out", str(tmp_path / name), *more])
        assert not ended.value.code
    tables = sorted((tmp_path / "one" / "tables").iterdir())
    assert len(tables) > 5
    for table in tables:
        assert (tmp_path / "two" / "tables" / table.name).read_bytes() == table.read_bytes()
