"""Sums of matrices on one thread: with two, their last bit is another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Products of matrices on one thread while the block lasts; also a decorator."""
    with _controller().limit(limits=1):
        yield


@lru_cache(maxsize=1)
def _controller() -> Any:
    """The libraries that multiply, found once: looking for them takes a millisecond."""
    import scipy.linalg.blas  # noqa: F401 -- scipy brings a library of its own, which must be there to be found

    return ThreadpoolController()
