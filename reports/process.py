"""The process of a command: how it begins, and how being told to end becomes an orderly end.

Python raises `KeyboardInterrupt` in whatever runs at the moment; an extension module that clears
errors, or a bare `except` around an import, makes it vanish. So a signal is also noted, and a run
asks before it puts anything in place. Where Python itself says that it could not go on, in a
function that a library calls back, it is raised anew a moment later.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from threading import Timer
from types import FrameType

# Of Ctrl-C, of `kill` or a scheduler, of a closed terminal.
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
_A_MOMENT = 0.05  # seconds
_noticed: list[int] = []


def prepare(*, debug: bool = False) -> None:
    """Set up for many small computations, and keep other people's warnings from users."""
    # many small matrices: threads cost more than they bring
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # by default (700) a tenth of a report goes into looking for garbage there is little of
    gc.set_threshold(50_000)
    if not debug:
        import logging
        import warnings

        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)


def note_interrupts() -> None:
    """From now on a signal to end is noted before it is raised as `KeyboardInterrupt`."""
    for name in _ENDING:
        number = getattr(signal, name, None)  # Windows has not all of them
        ours = (signal.SIG_DFL, signal.default_int_handler)
        # else somebody else's, or ignored
        if number is not None and signal.getsignal(number) in ours:
            signal.signal(number, _noted)
    sys.unraisablehook = _raise_anew


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


def _raise_anew(lost: sys.UnraisableHookArgs) -> None:
    """A signal that was raised where nothing can be raised, as in a callback, comes again."""
    if not (_noticed and isinstance(lost.exc_value, KeyboardInterrupt)):
        sys.__unraisablehook__(lost)
        return
    # Not from here, where it would be lost as well.
    again = Timer(_A_MOMENT, signal.raise_signal, _noticed[-1:])
    again.daemon = True
    again.start()
