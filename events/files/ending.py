"""A process that ends with the one it works for, however that ends.

It needs nothing but Python's own: `events.files.lists.sheet_process` runs this file by its path.
"""

from __future__ import annotations

import os
import threading
import time

_LOOK = 0.2  # seconds between two looks


def end_with(parent: int) -> None:
    """End this process, from a thread of its own, once `parent` (an id) no longer is its parent."""
    if os.name == "posix":  # elsewhere a process keeps the parent it had
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
