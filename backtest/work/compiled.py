"""The only door to numba: what it compiles is kept where this user can write."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path


def _cache_folder() -> str:
    """Where compiled code may be kept: numba fails where it can write neither here nor at home."""
    folder = user_cache_path("market-reactions") / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.gettempdir()
    return str(folder)


# Settled before anything is compiled. `numba.config` is made at run time.
numba.config.CACHE_DIR = numba.config.CACHE_DIR or _cache_folder()  # type: ignore[attr-defined]

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function compiled at its first call, and kept; other threads go on meanwhile."""
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
