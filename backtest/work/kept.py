"""Finished chunks in a folder.

So that work that was killed goes on from there to the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import WorkError
from events.files.disk import put_whole

_MADE_BY = ("market-reactions", "numpy", "scipy", "pandas")


def digest(*parts: object) -> str:
    """The sha256 (hex) of arrays, tables and what `repr` shows in full, and of what made them.

    >>> digest(np.arange(3.0), "a") == digest(np.arange(3.0), "a") != digest(np.arange(4.0), "a")
    True
    """
    total = hashlib.sha256(repr([_version(name) for name in _MADE_BY]).encode())
    for part in parts:
        _add(total, part)
    return total.hexdigest()


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _add(total: Any, part: object) -> None:
    if isinstance(part, pd.DataFrame):
        total.update(repr(list(map(str, part.columns))).encode())
        for at in range(part.shape[1]):
            _add(total, part.iloc[:, at].to_numpy())
    elif isinstance(part, pd.DatetimeIndex):
        total.update(part.asi8.tobytes())
    elif isinstance(part, np.ndarray):
        total.update(repr((part.shape, part.dtype.str)).encode())
        if part.dtype.hasobject:
            total.update("\0".join(map(repr, part.ravel().tolist())).encode())
        else:
            total.update(np.ascontiguousarray(part).tobytes())
    else:
        total.update(repr(part).encode())


@dataclass(frozen=True)
class Kept:
    """A folder of finished chunks. `taken` says whether those of an earlier run are used.

    Chunks done in under `least` seconds are done again rather than kept.
    """

    folder: Path
    taken: bool = True
    least: float = 0.2

    def get(self, key: str) -> Any:
        """The result under a key; None if it is not there, or not whole."""
        if not self.taken:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):
            seal, _, text = (self.folder / f"{key}.json").read_text("utf-8").partition("\n")
            if seal == _sealed(text):
                return decode(text)
            return None
        return None

    def put(self, key: str, result: Any, begun: float) -> None:
        """Keep a result that was begun at this `perf_counter`.

        Raises `WorkError` for a full disk.
        """
        if perf_counter() - begun < self.least:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            text = encode(result)
            put_whole(self.folder / f"{key}.json", f"{_sealed(text)}\n{text}")
        except OSError as error:
            raise WorkError(
                f"{self.folder}: finished work cannot be kept: {error.strerror or error}; "
                "make room, or name another folder"
            ) from None

    def clear(self) -> None:
        """Remove what is kept, once all is done."""
        for path in self._files():
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            self.folder.rmdir()

    def _files(self) -> Iterable[Path]:
        return [*self.folder.glob("*.json"), *self.folder.glob(".*.part")]


def _sealed(text: str) -> str:
    """What tells a whole file from one that was cut off."""
    return hashlib.sha256(text.encode()).hexdigest()


def encode(value: Any) -> str:
    """A result as JSON: numbers to the last bit, arrays as they lie in memory.

    >>> decode(encode((1, [0.1, float("nan")], {"a": np.arange(2)})))
    (1, [0.1, nan], {'a': array([0, 1])})
    """
    return json.dumps(_plain(value))


def decode(text: str) -> Any:
    """The value that was encoded. Raises `ValueError` for a text that is not whole."""
    return _value(json.loads(text))


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("an array of objects is not kept")
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": [value.dtype.str, list(value.shape), data]}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple):
        return {"tuple": [_plain(one) for one in value]}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {"dict": [[_plain(key), _plain(one)] for key, one in value.items()]}
    return value


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return [_value(one) for one in plain]
    if not isinstance(plain, dict):
        return plain
    [(kind, content)] = plain.items()
    if kind == "array":
        dtype, shape, data = content
        return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
    if kind == "tuple":
        return tuple(_value(one) for one in content)
    return {_value(key): _value(one) for key, one in content}
