"""Where the store is, and how a file gets into it whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from backtest.errors import PriceError
from events.files.disk import put_whole, sweep_parts

# seconds after which a half-written file is nobody's any more, where files cannot be locked
_ABANDONED = 24 * 3600.0


def store_folder(chosen: str | Path | None = None) -> Path:
    """The folder named, or that of `REACTIONS_HOME`, or the user's data directory."""
    if chosen is not None:
        return Path(chosen)
    if home := os.environ.get("REACTIONS_HOME"):
        return Path(home) / "prices"
    from platformdirs import user_data_path

    return user_data_path("market-reactions", appauthor=False) / "prices"


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turn what the disk says into one clear error."""
    try:
        yield
    except OSError as error:
        raise PriceError(
            f"the price store {folder} cannot be written: {error.strerror or error}; "
            "what was stored before is kept (choose another place with --store or REACTIONS_HOME)"
        ) from None


def put(path: Path, data: bytes) -> None:
    """Write a file that is either whole or not there, even if the machine stops."""
    put_whole(path, data)
    _settle(path.parent)


def sweep(folder: Path) -> None:
    """Remove what processes that died left half-written."""
    sweep_parts(folder)
    for path in folder.glob(".*.part"):
        with suppress(OSError):  # another process may be sweeping too
            if time() - path.stat().st_mtime > _ABANDONED:
                path.unlink()


def _settle(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # Windows has no such thing, and settles by itself
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
