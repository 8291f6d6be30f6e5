"""The workers of a Dask cluster that is running, as an executor.

The extra `market-reactions[dask]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, cast

from backtest.work.errors import WorkError

_WITHIN = "10s"


@contextmanager
def dask_workers(address: str) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler is at `address`, for a `with` block.

    The address is tcp://HOST:PORT. The workers must have this version of market-reactions. Raises
    `WorkError` where Dask is not installed, nothing answers there, or no worker is there.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise WorkError(
            "a Dask cluster needs the package distributed: pip install 'market-reactions[dask]'"
        ) from None
    try:
        client = distributed.Client(address, timeout=_WITHIN, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise WorkError(
            f"{address}: no Dask scheduler answers there ({error}); "
            "start one with `dask scheduler` and give the address it prints"
        ) from None
    with client:
        if not client.nthreads():
            raise WorkError(
                f"{address}: the Dask scheduler has no worker; "
                f"start some with `dask worker {address}`"
            )
        yield cast("Executor", client.get_executor(pure=False))
