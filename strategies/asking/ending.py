"""A strategy's code may not end the program without a word.

`os._exit` skips all that would tell of it.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

_end = os._exit


def told_of_ends(own: str) -> None:
    """Make `os._exit` of a module whose name begins with `own` a `SystemExit`, which is told.

    From now on. Other code, and that of processes started by it, ends as it did.
    """

    def end(status: int) -> NoReturn:
        if str(sys._getframe(1).f_globals.get("__name__", "")).startswith(own):
            raise SystemExit(status)
        _end(status)

    os._exit = end
