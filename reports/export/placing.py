"""Putting the files of a run in a folder: all of them or none, whenever the process ends.

A run is written in a new folder beside the target, and the two change places in one step of the
file system. Where that cannot be (the folder is the one being worked in, a mount, full of other
things), the run is written inside, called ready in one step, and moved file by file; whoever next
reads or writes the folder finishes a move that was cut off.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from backtest.manifest import MANIFEST
from backtest.work.threads import beside
from events.files.together import WRITING, Content, stage, sweep, write
from reports.errors import OutputError
from reports.process import stop_if_interrupted

READY = ".ready-run"  # holds a whole run that is still to be moved into place
_OURS = re.compile(
    r"report\.html|tables/[a-z]+\.(csv|parquet)|papers/[a-z0-9-]+\.(tex|md)"
    r"|figures/[a-z0-9-]+\.(svg|pdf|png)"
)
_FOLDERS = ("tables", "papers", "figures")
_MOST_KEPT = 1000  # other people's files that are linked over; more are better left where they are
_HERE = -100  # AT_FDCWD: paths as they are
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS


def place(out: Path, files: Mapping[str, Content]) -> None:
    """Put files (path -> content, the manifest last) in a folder; what else is there is kept.

    Files that an earlier run listed in its manifest and this one does not make are removed. Raises
    `OSError` or `OutputError`, and `KeyboardInterrupt` where Ctrl-C was pressed on the way; then
    nothing has changed.
    """
    settle(out)
    check_targets(out, files)
    out.parent.mkdir(parents=True, exist_ok=True)
    sweep(out)
    if not _swapped(out, files):
        _place_inside(out, files)


def settle(out: Path) -> None:
    """Finish what a killed process had ready to be moved into place.

    `OutputError` if it cannot be.
    """
    ready = out / READY
    if not ready.is_dir():
        return
    try:
        if (ready / MANIFEST).is_file():
            _move(ready, out)
        shutil.rmtree(ready)
    except OSError as error:
        raise OutputError(
            f"{out}: a run was cut off while it was put in place and cannot be finished: "
            f"{error.strerror or error}; make the folder writable, or run again into another"
        ) from None


def check_targets(out: Path, names: Iterable[str]) -> None:
    """Refuse a folder in the place of a file of ours, and a file in the place of a folder."""
    for name in names:
        path = out / name
        if path.is_dir():
            raise OutputError(f"{path}: is a folder where a file is to go; move it away")
        for above in path.parents:
            if above == out:
                break
            if (above.exists() or above.is_symlink()) and not above.is_dir():
                raise OutputError(f"{above}: is a file where a folder is to go; move it away")


def _swapped(out: Path, files: Mapping[str, Content]) -> bool:
    """Whether the run could be put in place in one step."""
    if out.is_symlink() or out.is_mount() or _worked_in(out):
        return False
    if out.exists() and not os.access(out, os.W_OK):
        return False  # what its owner protected is not to be exchanged either
    target = out.resolve()
    try:
        with stage(target.parent, f"{WRITING}{target.name}-") as new:
            _write(new, files)
            if not target.exists():
                new.rename(target)
                return True
            shutil.copymode(target, new)
            ours = _listed(target) | set(files) | {MANIFEST}
            if not _link_others(target, new, ours) or not exchange(new, target):
                return False
            _link_others(new, target, ours)  # what came between the two lines above
            return True
    except PermissionError:  # of the folder above: the run can still be written inside
        return False


def _place_inside(out: Path, files: Mapping[str, Content]) -> None:
    out.mkdir(exist_ok=True)
    with stage(out, WRITING) as new:
        _write(new, files)
        new.rename(out / READY)
    settle(out)


def _write(folder: Path, files: Mapping[str, Content]) -> None:
    """Beside each other, the last after all others: it tells what was written."""
    *others, last = files
    beside(lambda name: write(folder / name, files[name]), others)
    write(folder / last, files[last])
    stop_if_interrupted()


def _move(ready: Path, out: Path) -> None:
    """Move a whole run into place, its manifest last; may be begun again anywhere."""
    made = _listed(ready)
    for path in sorted(one for one in ready.rglob("*") if one.is_file()):
        name = path.relative_to(ready)
        if str(name) != MANIFEST:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(out / name)
    for stale in _listed(out) - made:
        (out / stale).unlink(missing_ok=True)
    (ready / MANIFEST).replace(out / MANIFEST)


def _link_others(source: Path, target: Path, ours: set[str]) -> bool:
    """Give everything of other people in a folder a second name in another.

    False if not possible.
    """
    kept = 0
    for folder, folders, names in os.walk(source):
        under = Path(folder).relative_to(source)
        links = [one for one in folders if Path(folder, one).is_symlink()]
        own = [one for one in (*names, *links) if (under / one).as_posix() not in ours]
        kept += len(own) + len(folders)
        if kept > _MOST_KEPT:
            return False
        try:
            for one in set(folders) - set(links):
                if not (target / under / one).exists() and (under / one).as_posix() not in _FOLDERS:
                    (target / under / one).mkdir(parents=True)
                    shutil.copystat(Path(folder, one), target / under / one)
            for one in own:
                if not os.path.lexists(target / under / one):
                    (target / under).mkdir(parents=True, exist_ok=True)
                    os.link(Path(folder, one), target / under / one, follow_symlinks=False)
        except OSError:  # a file system without hard links, or another one mounted below
            return False
    return True


def _worked_in(out: Path) -> bool:
    """Whether the process is in the folder: a shell there would be left in a removed one."""
    here = Path.cwd().resolve()
    return here == out.resolve() or out.resolve() in here.parents


def _listed(out: Path) -> set[str]:
    """Files of a run by its manifest, as far as they are ones that a run makes."""
    try:
        listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name for name in listed if _OURS.fullmatch(name)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def exchange(first: Path, second: Path) -> bool:
    """Let two folders change names in one step; False where the system or the disk cannot."""
    names = os.fsencode(first), os.fsencode(second)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, _EXCHANGE) == 0)
        return bool(system.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):  # no such call here
        return False
