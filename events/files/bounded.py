"""Files from outside, read no further than a file of their kind can reach: a device has no end."""

from __future__ import annotations

import errno
from pathlib import Path


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
