"""Files read no further than one of their kind can reach, and written whole or not at all.

A device has no end, and a process may be killed at any line.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from events.files.held import locked, sweep_left


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of a file or pipe of at most `most` bytes.

    A larger one is an `OSError` that says so.

    >>> read_bounded(Path("/dev/zero"), 10)
    Traceback (most recent call last):
    OSError: [Errno 27] more than 10 bytes, the most a file of its kind has: '/dev/zero'
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        if most >= 100_000:
            size = f"{most / 1e6:.3g} MB"
        else:
            size = f"{most} bytes"
        raise OSError(errno.EFBIG, f"more than {size}, the most a file of its kind has", str(path))
    return data


def read_bounded_text(path: Path, most: int) -> str:
    """The same as UTF-8 text, lines ended by a line feed.

    Other bytes are a `UnicodeDecodeError`.
    """
    text = read_bounded(path, most).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
