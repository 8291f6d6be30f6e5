"""Ctrl-C that counts even where a library swallowed it.

Python raises `KeyboardInterrupt` in whatever runs at the moment; an extension module that clears
errors, or a bare `except` around an import, makes it vanish. So a press is also noted, and a run
asks before it puts anything in place.
"""

from __future__ import annotations

import signal
from types import FrameType

_pressed: list[int] = []


def note_interrupts() -> None:
    """From now on a press of Ctrl-C in the main thread is noted before it is raised."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody else's
        signal.signal(signal.SIGINT, _noted)


def stop_if_interrupted() -> None:
    """Raise `KeyboardInterrupt` where a press of Ctrl-C was noted and led to nothing."""
    if _pressed:
        raise KeyboardInterrupt


def _noted(number: int, frame: FrameType | None) -> None:
    _pressed.append(number)
    signal.default_int_handler(number, frame)
