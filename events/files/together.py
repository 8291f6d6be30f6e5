"""Several files in a folder: all of them or none, whenever the process ends.

A folder that is new is written beside its place and renamed. Into one that is there, the files are
written aside, called ready in one step, and moved one by one; whoever next reads or writes the
folder finishes a move that was cut off.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedIOBase, BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from events.files.held import locked, sweep_left

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READY = ".ready-files"  # holds files that are still to be moved into place
WRITING = ".writing-"
Content = bytes | str | Callable[[BinaryIO], object]  # text is UTF-8; what is long writes itself


def put_together(folder: Path, files: Mapping[str, Content]) -> None:
    """Write files (name -> content) into a folder, all or none. Raises `OSError`."""
    with filling(folder) as stage:
        for name, content in files.items():
            write(stage / name, content)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A folder to write files in, which are in place when the block ends, or nowhere.

    Raises `OSError`.
    """
    finish(folder)
    sweep(folder)
    if not folder.exists() and not folder.is_symlink():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with stage(folder.absolute().parent, f"{WRITING}{folder.name}-") as new:
            yield new
            new.rename(folder)
        return
    with stage(folder, WRITING) as new:
        yield new
        new.rename(folder / READY)
    finish(folder)


def finish(folder: Path) -> None:
    """Move into place what a killed process had ready. Raises `OSError` if it cannot be."""
    ready = folder / READY
    if not ready.is_dir():
        return
    for path in sorted(ready.iterdir()):
        path.replace(folder / path.name)
    ready.rmdir()


def sweep(folder: Path) -> None:
    """Remove what killed processes were still writing; what a living one writes is left."""
    whole = folder.resolve()
    name = re.sub(r"([*?\[])", r"[\1]", whole.name)  # as a pattern that finds only itself
    beside = whole.parent.glob(f"{WRITING}{name}-*")
    sweep_left([*beside, *folder.glob(f"{WRITING}*"), *folder.glob(".reactions-*.part")])


@contextmanager
def stage(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder, locked while it is worked on, and gone after that unless it was renamed."""
    new = parent / f"{prefix}{secrets.token_hex(6)}"
    new.mkdir()
    try:
        with locked(new):
            yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def write(path: Path, content: Content) -> None:
    """Write a file to the disk, folders above it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w+b") as file:
        put(file, content)
        file.flush()
        os.fsync(file.fileno())  # a full disk is to show here, not once all is in place


def put(file: BinaryIO, content: Content) -> None:
    """Write a content into an open file."""
    if callable(content):
        content(file)
    else:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


class _Digested(BufferedIOBase):
    """A file whose digest is taken of the bytes as they are written: none is read again."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.sum = file, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        self.sum.update(data)
        return self.file.write(data)


def put_digested(file: BinaryIO, content: Content) -> str:
    """Write a content into an open file; SHA-256 of it, in hexadecimal digits."""
    digested = _Digested(file)
    put(cast("BinaryIO", digested), content)
    return digested.sum.hexdigest()


def digest(content: Content) -> str:
    """SHA-256 of what a content writes, in hexadecimal digits; what is long is never held.

    >>> digest("a") == digest(lambda file: file.write(b"a"))
    True
    """
    with Path(os.devnull).open("wb") as file:
        return put_digested(file, content)


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of all that was written into a file so far."""
    file.seek(0)
    return hashlib.file_digest(cast("BufferedRandom", file), "sha256").hexdigest()
