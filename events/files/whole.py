"""A file that is whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from events.files.held import locked, sweep_left


def put_whole(path: Path, data: bytes | str) -> None:
    """Write a file that is either whole or not there; its folder exists.

    Text is UTF-8, its line ends kept.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    handle, name = mkstemp(dir=path.parent, prefix=".reactions-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, locked(Path(name)):
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def sweep_parts(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder."""
    sweep_left(folder.glob(".reactions-*.part"))
