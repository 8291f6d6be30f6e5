"""What a process holds while it works on it, told from what a dead one left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

_NEW = 5.0  # seconds in which something empty may be about to be held


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold a folder or a file; False where another process does.

    The lock ends with the process, however it ends.
    """
    try:
        import fcntl
    except ImportError:  # no such locks here: nobody else's work may be taken for left over
        yield False
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def sweep_left(paths: Iterable[Path]) -> None:
    """Remove what killed processes were working on; what a living one holds is left."""
    for path in paths:
        with suppress(OSError):  # another process may be sweeping too
            if not path.is_symlink() and not _about_to_be_held(path):
                with locked(path) as mine:
                    if mine and path.is_dir():
                        shutil.rmtree(path, ignore_errors=True)
                    elif mine:
                        path.unlink()


@contextmanager
def working_folder(purpose: str) -> Iterator[Path]:
    """A folder for what a process needs while it works; gone then, or swept by the next one."""
    above = Path(tempfile.gettempdir())
    mine = getattr(os, "getuid", lambda: 0)()
    with suppress(OSError):
        left = above.glob(f"reactions-{purpose}-*")
        sweep_left([one for one in left if one.lstat().st_uid == mine])
    with (
        tempfile.TemporaryDirectory(prefix=f"reactions-{purpose}-") as name,
        locked(Path(name)),
    ):
        yield Path(name)


def _about_to_be_held(path: Path) -> bool:
    """Whether it is so new and empty that its process may not have locked it yet."""
    found = path.stat()
    if path.is_dir():
        empty = not any(path.iterdir())
    else:
        empty = not found.st_size
    return empty and time() - found.st_mtime < _NEW
