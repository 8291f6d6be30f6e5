"""A file that is whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp


def put_whole(path: Path, data: bytes | str) -> None:
    """Write a file that is either whole or not there; its folder exists.

    Text is UTF-8, its line ends kept.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    handle, name = mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
