"""Workers as an executor: processes of this machine, or those of a Dask cluster that is running.

The processes outlive the death of one of them. A cluster needs the extra `market-reactions[dask]`.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from typing import Any, Self, cast

from backtest.errors import WorkError
from events.files.ending import end_with
from events.files.held import working_folder

_MOST = 512
LOADS = ("backtest.study.check.sensitivity", "backtest.study.check.calibrate")
_WITHIN = "10s"


class Workers(Executor):
    """`n` processes; a pool that breaks, because one was killed, is made anew at the next call.

    They import `loads` when they start. To be used in a `with` block, in a script under
    `if __name__ == "__main__":`, since a new process runs the script's own lines again. Raises
    `WorkError` for a number that is none.

    >>> Workers(0)
    Traceback (most recent call last):
    backtest.errors.WorkError: 0 workers: give a number from 1 to 512
    """

    def __init__(self, n: int, loads: tuple[str, ...] = LOADS) -> None:
        if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= _MOST:
            raise WorkError(f"{n!r} workers: give a number from 1 to {_MOST}")
        self.n = n
        self._pool: ProcessPoolExecutor | None = None
        self._loads = loads
        self._files = ExitStack()
        self._folder = self._files.enter_context(working_folder("work"))

    def __enter__(self) -> Self:
        """Start the processes, which load what they need while this one goes on."""
        self.submit(_nothing)
        return self

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Ask for a call, in a new pool where the old one is broken."""
        if self._pool is not None:
            with suppress(BrokenExecutor), _deaf_children():
                return self._pool.submit(fn, *args, **kwargs)
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = ProcessPoolExecutor(
            self.n,
            multiprocessing.get_context("spawn"),  # a fork would copy locks that other threads hold
            initializer=_begin,
            initargs=(self._loads,),
        )
        with _deaf_children():
            return self._pool.submit(fn, *args, **kwargs)

    def carry(self, name: str, content: bytes) -> str:
        """The path of a file with what all chunks share, which every worker reads once."""
        path = self._folder / name
        if not path.exists():
            for old in path.parent.iterdir():
                old.unlink()
            path.write_bytes(content)
        return str(path)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; without `wait` (an interrupt) at once, whatever they are doing."""
        if self._pool is not None:
            processes = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            for process in () if wait else processes:
                process.kill()
            self._pool = None
        self._files.close()

    def __exit__(self, *error: object) -> None:
        """End: by waiting, or at once where the block was left by an error."""
        failed = any(one is not None for one in error)
        self.shutdown(wait=not failed, cancel_futures=failed)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes that are started here inherit deafness to interrupts.

    Their parent alone answers them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(loads: tuple[str, ...]) -> None:
    """What a worker begins with: it leaves interrupts to its parent, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # said once, by the process that asks
    logging.disable(logging.CRITICAL)
    gc.set_threshold(50_000)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        end_with(parent.pid)
    for module in loads:
        with suppress(Exception):  # a task will say what it misses
            import_module(module)


def _nothing() -> None:
    """A call that makes the processes start."""


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
