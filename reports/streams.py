"""Standard streams that are closed, full or gone.

What is lost is noted once, and told when the command ends. A command goes on to its end where its
answer can no longer be printed: what it writes to files is whole, and its exit status is that of
its findings.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_lost: list[OSError] = []


class _Noting:
    """A standard stream whose failures are noted rather than raised, whoever prints."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Print, or note why not."""
        try:
            if _lost:
                return len(text)
            return self.stream.write(text)
        except (OSError, ValueError) as error:
            lose(_as_lost(error))
            return len(text)

    def flush(self) -> None:
        """Hand over what waits, or note why not."""
        try:
            self.stream.flush()
        except (OSError, ValueError) as error:
            lose(_as_lost(error))


def _as_lost(error: OSError | ValueError) -> OSError:
    """Why a stream takes no more; what a stranger's code has closed answers with a ValueError."""
    if isinstance(error, OSError):
        return error
    return OSError(errno.EBADF, "it was closed while the command ran")


@contextmanager
def usable_streams() -> Iterator[None]:
    """Streams that can be used while a command runs: mute where its caller closed them.

    Standard output that is closed stays so (`sys.stdout` is None), for the command to say it.
    """
    _lost.clear()
    # else the next file opened would be what libraries take for standard error
    while (mute := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(mute, True)
    os.close(mute)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 -- the process's own
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not speaks_unicode(stream):
            stream.reconfigure(errors="backslashreplace")  # a "−" that is lost turns a sign
    before = sys.stdout
    try:
        if before is not None:
            sys.stdout = cast("TextIO", _Noting(before))
        yield
    finally:
        sys.stdout = before


def speaks_unicode(stream: object) -> bool:
    """Whether a stream takes every letter."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def lose(error: OSError) -> None:
    """Note that standard output takes no more, and let what still waits there go."""
    if _lost:
        return
    _lost.append(error)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 -- no path of anybody
        try:  # else the end of the process tries again
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        except (OSError, ValueError):  # a stream that stands on no file
            return


def lost() -> OSError | None:
    """Why standard output takes no more, if so.

    Whatever waits to be printed is handed over first.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
    if _lost:
        return _lost[0]
    return None
