"""Options on where long work is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


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
