"""Read one spreadsheet in this process of its own, and end.

Run as a script, by `events.files.lists.sheets`. It imports no package of ours, so that it starts
in a twentieth of a second.
"""

from __future__ import annotations

import json
import pickle
import runpy
import signal
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

_MOST_MEMORY = 4 << 30  # bytes; a sheet of a million rows of prices takes about one GB
_MOST_SECONDS = 120  # a million rows of seven columns, the most a sheet holds, take eight
_ENDING = str(Path(__file__).parents[1] / "ending.py")


def main() -> None:
    """Arguments: where modules are (JSON), the file, the process that asks and is not outlived.

    The answer is pickled to standard output.
    """
    sys.path[:] = json.loads(sys.argv[1])
    _bound()
    runpy.run_path(_ENDING)["end_with"](int(sys.argv[3]))
    pickle.dump(_read(sys.argv[2]), sys.stdout.buffer)


def _read(path: str) -> str | tuple[list[str], list[list[Any]]]:
    """The names of the sheets that hold cells and the rows of the first of them.

    Or why there are none.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile) as error:
        return str(error) or "no spreadsheet"
    filled = {name: rows for name, rows in sheets.items() if rows}
    return list(filled), next(iter(filled.values()), [])


def _bound() -> None:
    """Take no more memory and time than a sound file needs.

    A damaged one may ask for any amount.
    """
    with suppress(ImportError):  # Windows has no such limits
        import resource

        for kind, most in (
            (resource.RLIMIT_AS, _MOST_MEMORY),
            (resource.RLIMIT_CPU, _MOST_SECONDS),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            if hard == resource.RLIM_INFINITY:
                least = most
            else:
                least = min(most, hard)
            resource.setrlimit(kind, (least, hard))
        signal.alarm(_MOST_SECONDS)  # a library out of memory may wait for ever, and take no time


if __name__ == "__main__":
    main()
