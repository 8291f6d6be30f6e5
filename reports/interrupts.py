"""Ctrl-C, and being told to end: taken as an orderly end, also where a library swallowed it.

Python raises `KeyboardInterrupt` in whatever runs at the moment; an extension module that clears
errors, or a bare `except` around an import, makes it vanish. So a signal is also noted, and a run
asks before it puts anything in place.
"""

from __future__ import annotations

import signal
from types import FrameType

_ENDING = (
    "SIGINT",
    "SIGTERM",
    "SIGHUP",
)  # of Ctrl-C, of `kill` or a scheduler, of a closed terminal
_noticed: list[int] = []


def note_interrupts() -> None:
    """From now on a signal to end is noted before it is raised as `KeyboardInterrupt`."""
    for name in _ENDING:
        number = getattr(signal, name, None)  # Windows has not all of them
        ours = (signal.SIG_DFL, signal.default_int_handler)
        if (
            number is not None and signal.getsignal(number) in ours
        ):  # else somebody else's, or ignored
            signal.signal(number, _noted)


def stop_if_interrupted() -> None:
    """Raise `KeyboardInterrupt` where a signal to end was noted and led to nothing."""
    if _noticed:
        raise KeyboardInterrupt


def status_of_interrupt() -> int:
    """The exit status of a command that was interrupted: 130 after Ctrl-C, 143 after `kill`."""
    return 128 + (_noticed[0] if _noticed else signal.SIGINT)


def _noted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- as signals call it
    _noticed.append(number)
    raise KeyboardInterrupt
