"""Several files in a folder: all of them or none, whenever the process ends.

A folder that is new is written beside its place and renamed. Into one that is there, the files are
written aside, called ready in one step, and moved one by one; whoever next reads or writes the
folder finishes a move that was cut off.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from events.files.held import locked, sweep_left

READY = ".ready-files"  # holds files that are still to be moved into place
WRITING = ".writing-"


def put_together(folder: Path, files: Mapping[str, bytes | str]) -> None:
    """Write files (name -> content) into a folder, all or none; text is UTF-8. Raises `OSError`."""
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


def write(path: Path, content: bytes | str) -> None:
    """Write a file to the disk, folders above it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())  # a full disk is to show here, not once all is in place
