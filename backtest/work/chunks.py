"""The one seam through which long work goes: chunk by chunk, here or on an executor.

What all chunks share is sent once a worker and held there.
"""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from backtest.errors import WorkError
from backtest.work.kept import Kept, digest
from backtest.work.threads import one_thread
from backtest.work.workers import Workers

_TRIES = 3  # how often a chunk may lose its worker
_LOST = ("KilledWorker", "FutureCancelledError", "CommClosedError", "FutureLostError")
Task = Callable[[Any, Any], Any]  # (what is shared, a chunk) -> a result
Carried = bytes | str | None  # the pickle itself, the path of a file with it, or nothing

MISSING = "what the chunks share is not held here"
_MOST = 2  # a worker holds what the last two tasks shared: panels are large
_held: dict[str, Any] = {}


def here(task: Task, shared: Any, chunk: Any) -> Any:
    """Do a chunk on one thread.

    Sums of matrices differ in their last bit with the number of threads.
    """
    with one_thread():
        return task(shared, chunk)


def there(name: str, carried: Carried, task: Task, chunk: Any, attempt: int) -> tuple[str, Any]:
    """Do a chunk in a worker; `(MISSING, None)` if it neither holds nor is given what is shared.

    `attempt` is there to tell one call from another: some executors answer equal calls once.
    """
    del attempt
    if name not in _held:
        if carried is None:
            return MISSING, None
        while len(_held) >= _MOST:
            _held.pop(next(iter(_held)))
        content = Path(carried).read_bytes() if isinstance(carried, str) else carried
        _held[name] = pickle.loads(content)  # noqa: S301 -- our own, from the process that asks
    return "", here(task, _held[name], chunk)


def unheard(done: int, of: int) -> None:
    """Nobody hears how many chunks are done."""


@dataclass(frozen=True)
class Way:
    """How work is done: on an executor or here, its chunks kept or not, and who hears of it.

    `executor` is any `concurrent.futures.Executor`: `Workers`, threads, a Dask client's
    `get_executor()`. `tell` is called with the number of chunks done and of all.
    """

    executor: Executor | None = None
    kept: Kept | None = None
    tell: Callable[[int, int], None] = unheard


def run_chunks(
    task: Task, shared: Any, chunks: Sequence[Any], way: Way | None = None, key: str = ""
) -> list[Any]:
    """`[task(shared, chunk) for chunk in chunks]`, in the order of the chunks.

    `task` is a function of a module. `shared` is sent to a worker once. `key` is a `digest` of all
    that the results depend on but the chunk; without one nothing is kept. A chunk whose worker died
    is done again; `WorkError` if that happens three times. What a task raises is raised here.

    >>> run_chunks(lambda shared, chunk: shared + chunk, 1, [1, 2])
    [2, 3]
    """
    way = way or Way()
    kept = None
    if key:
        kept = way.kept
    if kept:
        names = chunks
    else:
        names = ()
    keys = [digest(key, task.__module__, task.__qualname__, chunk) for chunk in names]
    if kept:
        results = {i: kept.get(one) for i, one in enumerate(keys)}
    else:
        results = {}
    results = {i: result for i, result in results.items() if result is not None}
    todo = [i for i in range(len(chunks)) if i not in results]
    way.tell(len(results), len(chunks))

    def done(i: int, result: Any, begun: float) -> None:
        results[i] = result
        if kept:
            kept.put(keys[i], result, begun)
        way.tell(len(results), len(chunks))

    with one_thread():  # for executors of threads, whose chunks share the setting
        if way.executor is None or not todo:
            for i in todo:
                begun = perf_counter()
                done(i, here(task, shared, chunks[i]), begun)
        else:
            _Spread(way.executor, task, shared).run({i: chunks[i] for i in todo}, done)
    return [results[i] for i in range(len(chunks))]


class _Spread:
    """Chunks on an executor, a few at a time."""

    def __init__(self, executor: Executor, task: Task, shared: Any) -> None:
        self.executor, self.task, self.shared = executor, task, shared
        self.content = pickle.dumps(shared, protocol=5)
        self.name = digest(self.content)
        self.attempt = 0
        self.losses = 0
        self.carried = self._carried()

    def run(self, chunks: dict[int, Any], done: Callable[[int, Any, float], None]) -> None:
        """Do every chunk; `done` hears of each as it comes."""
        waiting, running = list(chunks), dict[Future[Any], tuple[int, float]]()
        try:
            while waiting or running:
                while waiting and len(running) < 2 * n_workers(self.executor):
                    i = waiting.pop(0)
                    running[self._submit(chunks[i], self.carried)] = i, perf_counter()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    i, begun = running.pop(future)
                    answer = self._answer(future)
                    if answer is None:
                        waiting.insert(0, i)
                    elif answer[0] == MISSING:
                        again = self._submit(chunks[i], self.content)
                        running[again] = i, perf_counter()
                    else:
                        self.losses = 0
                        done(i, answer[1], begun)
        finally:
            for future in running:
                future.cancel()

    def _submit(self, chunk: Any, carried: Carried) -> Future[Any]:
        self.attempt += 1
        arguments = (self.name, carried, self.task, chunk, self.attempt)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Dask, of a large graph: once a worker
            try:
                return self.executor.submit(there, *arguments)
            except BrokenExecutor:  # somebody else's pool, which cannot be made anew
                self._here()
                return self.executor.submit(there, *arguments)

    def _here(self) -> None:
        """Go on with processes of our own kind: none, that is in this one."""
        warnings.warn(
            f"the {type(self.executor).__name__} is broken, a worker of it was killed: "
            "the rest is done in this process",
            RuntimeWarning,
            stacklevel=5,
        )
        self.executor, self.carried = _Inline(), self.content

    def _answer(self, future: Future[Any]) -> tuple[str, Any] | None:
        """What a worker says; None if it died."""
        try:
            answer: tuple[str, Any] = future.result()
        except (Exception, CancelledError) as error:
            lost = isinstance(error, BrokenExecutor | CancelledError)
            if not lost and type(error).__name__ not in _LOST:
                raise
            self.losses += 1
            if self.losses >= _TRIES * n_workers(self.executor) * 2:
                raise WorkError(
                    f"workers ended {self.losses} times without finishing a chunk ({error}); "
                    "they may be out of memory: take fewer workers"
                ) from error
            self.carried = self._carried()
            return None
        return answer

    def _carried(self) -> Carried:
        """How what is shared reaches the workers.

        As a file, or (None) sent to who says it is missing.
        """
        if isinstance(self.executor, Workers):
            return self.executor.carry(self.name, self.content)
        client: Any = getattr(self.executor, "_client", None)
        if client is None or not hasattr(client, "scatter"):
            return None
        scattered: Carried = client.scatter(self.content, broadcast=True, hash=False)
        return scattered  # a future of Dask's, which arrives as the bytes


class _Inline(Executor):
    """Calls made at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # handed to whoever asks for the result
            future.set_exception(error)
        return future


def n_workers(executor: Executor) -> int:
    """How many calls an executor works on at once, as far as it says."""
    client: Any = getattr(executor, "_client", None)
    if client is not None and hasattr(client, "nthreads"):
        return max(int(sum(client.nthreads().values())), 1)
    n = getattr(executor, "n", None) or getattr(executor, "_max_workers", None)
    if isinstance(n, int) and n > 0:
        return n
    return os.cpu_count() or 1
