"""Sums of matrices on one thread, and several of them beside each other.

With two threads their last bit is another one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")
_AT_ONCE = 4  # each holds matrices of its own


class _OneThread:
    """The limit is one of the whole process: the first to come sets it, the last to go lifts it."""

    def __init__(self) -> None:
        self.lock, self.inside = Lock(), 0
        self.limit: Any = None

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            if self.inside == 1:
                self.limit = _controller().limit(limits=1)

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.limit.restore_original_limits()


_HERE = _OneThread()


@contextmanager
def one_thread() -> Iterator[None]:
    """Products of matrices on one thread while the block lasts; also a decorator."""
    _HERE.enter()
    try:
        yield
    finally:
        _HERE.leave()


def beside(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What a function that multiplies large matrices makes of each item, in their order.

    On up to four threads, as many as there are cores; each multiplies on one, so the numbers are
    those of one thread. The first item is done alone: what all share is made then, once.

    >>> beside(abs, [-1, 2])
    [1, 2]
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    waiting = iter(items)
    with one_thread(), ThreadPoolExecutor(min(cores or 1, _AT_ONCE)) as pool:
        return [*map(function, islice(waiting, 1)), *pool.map(function, waiting)]


def both(one: Callable[[], Result], other: Callable[[], Item]) -> tuple[Result, Item]:
    """What two functions make, done beside each other on two threads.

    Both multiply on one thread each, so the numbers do not depend on which is done first.

    >>> both(list, dict)
    ([], {})
    """
    with one_thread(), ThreadPoolExecutor(1) as pool:
        there = pool.submit(other)
        return one(), there.result()


@lru_cache(maxsize=1)
def _controller() -> Any:
    """The libraries that multiply, found once: looking for them takes a millisecond."""
    # scipy brings a library of its own, which must be there to be found
    import scipy.linalg.blas  # noqa: F401

    return ThreadpoolController()
