"""Where the long work of a run is done, what of it outlives a killed run, and their options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from backtest.work import Kept, Way, Workers
from reports.terminal import say

UNFINISHED = ".unfinished-run"  # in the folder of results: the finished chunks of a run
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Spread:
    """The options --workers, --dask and --resume."""

    workers: int | None = None
    dask: str | None = None
    resume: bool = False


@contextmanager
def spreading(spread: Spread, out: Path) -> Iterator[Way]:
    """The way work is done while the block lasts.

    Raises `WorkError` where a cluster cannot be used.
    """
    if spread.workers and spread.dask:
        raise click.UsageError("--workers and --dask: name one; a Dask cluster has its own workers")
    kept = Kept(out / UNFINISHED, taken=spread.resume)
    left = sum(1 for _ in kept.folder.glob("*.json"))
    if left and not spread.resume:
        say(f"note: a run into {out} was cut off; --resume goes on from what it finished", err=True)
    if spread.dask:
        from backtest.work.workers import dask_workers

        with dask_workers(spread.dask) as executor:
            yield Way(executor, kept)
    elif spread.workers:
        with Workers(spread.workers) as workers:
            yield Way(workers, kept)
    else:
        yield Way(None, kept)


def calibrate_option(command: _Command) -> _Command:
    """--calibrate N."""
    return click.option(
        "--calibrate",
        type=click.IntRange(1, 10_000),
        metavar="N",
        help="Simulate the tests on these prices, N times.",
    )(command)


def workers_options(command: _Command) -> _Command:
    """--workers and --dask."""
    workers = click.option(
        "--workers",
        type=click.IntRange(1, 512),
        metavar="N",
        help="Spread long work over N processes; the numbers stay the same.",
    )
    dask = click.option(
        "--dask",
        metavar="ADDRESS",
        help="Spread it over a running Dask cluster (tcp://HOST:PORT) instead.",
    )
    return workers(dask(command))


def spread_options(command: _Command) -> _Command:
    """--workers, --dask and --resume."""
    resume = click.option(
        "--resume", is_flag=True, help="Go on from what a killed run into the same --out finished."
    )
    return workers_options(resume(command))
