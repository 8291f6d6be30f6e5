"""Where the long work of a run is done, and what of it outlives a killed run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from backtest.work import Kept, Way, Workers
from reports.terminal import say

UNFINISHED = ".unfinished-run"  # in the folder of results: the finished chunks of a run


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
