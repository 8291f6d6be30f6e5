"""A second process that works while this one does: loading the trade simulator is a third of the wait for a report."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from reports.run.process import prepare

Task = Callable[..., Any]
Ask = Callable[..., Callable[[], Any]]  # (task, *arguments) -> what waits for the result


@contextmanager
def second_process(*modules: str) -> Iterator[Ask]:
    """Give what starts one task in another process, which loads the modules meanwhile and ends with the block.

    Task, arguments and result are pickled. A task that fails there is done again here, and fails as
    it would have. Pools of the standard library would do, but leave their process behind where this
    one is killed.
    """
    spawned = multiprocessing.get_context(
        "spawn"
    )  # a fork would copy locks that other threads hold
    here, there = spawned.Pipe()
    process = spawned.Process(target=_serve, args=(there, modules), daemon=True)
    before = signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # inherited: this process alone answers an interrupt
    process.start()
    signal.signal(signal.SIGINT, before)
    there.close()  # so that its end is noticed here

    def ask(task: Task, *arguments: Any) -> Callable[[], Any]:
        asked = pickle.dumps((task, arguments))
        # a pipe holds little: sending waits for a process that is still loading
        threading.Thread(target=_send, args=(here, asked), daemon=True).start()
        return lambda: _result(here, task, arguments)

    try:
        yield ask
    finally:
        process.terminate()
        process.join()


def _send(pipe: Connection, asked: bytes) -> None:
    with suppress(
        OSError
    ):  # the other process has ended, which whoever waits for the result finds out
        pipe.send_bytes(asked)


def _result(pipe: Connection, task: Task, arguments: tuple[Any, ...]) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError):
        return task(*arguments)


def _serve(pipe: Connection, modules: tuple[str, ...]) -> None:
    """Load, work, answer; what goes wrong ends the process, and the pipe with it."""
    prepare()
    for module in modules:
        with suppress(Exception):  # the task will miss what it needs
            import_module(module)
    with suppress(Exception):
        task, arguments = pipe.recv()
        pipe.send(task(*arguments))
