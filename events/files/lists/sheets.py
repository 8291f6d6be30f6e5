"""Spreadsheets, read in a process of their own.

The library that reads them ends the whole process on some damaged files (a length of 26 GB in an
.xlsb, one cell in the last corner of an .xlsx), which no `except` catches.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

_MAX_UNPACKED = 1 << 30  # bytes of a spreadsheet: a small zip may hold far more than memory
_PROCESS = Path(__file__).with_name("sheet_process.py")
_NAMED = 5  # sheets that an error lists


def read_sheet(path: Path, wanted: str) -> tuple[str, list[list[Any]]]:
    """Read the name and rows of the one sheet that holds cells.

    Raises `ValueError` where there are several.
    """
    if not path.stat().st_size:
        raise ValueError("it is empty")
    with path.open("rb"):  # what is not for us is told as of any other file
        _refuse_bombs(path)
    done = subprocess.run(  # noqa: S603  # this very interpreter, no shell
        [
            sys.executable,
            "-P",
            str(_PROCESS),
            json.dumps(sys.path),
            str(path.absolute()),
            str(os.getpid()),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(
            "it is damaged, or has a cell far outside its table; save it anew, or export it as CSV"
        )
    found = pickle.loads(done.stdout)  # noqa: S301  # written by the process just started
    if isinstance(found, str):
        raise ValueError(found)  # a text is what is wrong
    names, rows = found
    if not names:
        raise ValueError("no sheet holds a cell")
    if len(names) > 1:
        listed = ", ".join(map(repr, names[:_NAMED]))
        raise ValueError(
            f"{len(names)} sheets hold cells ({listed}); "
            f"keep the one with the {wanted}, or export it"
        )
    return names[0], rows


def _refuse_bombs(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(f"a broken zip file ({error}); save it anew") from None
    if size > _MAX_UNPACKED:
        raise ValueError("more than 1 GB when unpacked; export it as CSV")
