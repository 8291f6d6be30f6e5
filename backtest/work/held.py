"""What all chunks of some work share, sent once a worker and held there."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backtest.work.threads import one_thread

Task = Callable[[Any, Any], Any]  # (what is shared, a chunk) -> a result
Carried = bytes | str | None  # the pickle itself, the path of a file with it, or nothing

MISSING = "what the chunks share is not held here"
_MOST = 2  # a worker holds what the last two tasks shared: panels are large
_held: dict[str, Any] = {}


def here(task: Task, shared: Any, chunk: Any) -> Any:
    """Do a chunk on one thread.

    Sums of matrices differ in their last bit with the number of threads.
    """
    with one_thread():
        return task(shared, chunk)


def there(name: str, carried: Carried, task: Task, chunk: Any, attempt: int) -> tuple[str, Any]:
    """Do a chunk in a worker; `(MISSING, None)` if it neither holds nor is given what is shared.

    `attempt` is there to tell one call from another: some executors answer equal calls once.
    """
    del attempt
    if name not in _held:
        if carried is None:
            return MISSING, None
        while len(_held) >= _MOST:
            _held.pop(next(iter(_held)))
        content = Path(carried).read_bytes() if isinstance(carried, str) else carried
        _held[name] = pickle.loads(content)  # noqa: S301 -- our own, from the process that asks
    return "", here(task, _held[name], chunk)
