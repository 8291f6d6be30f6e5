"""Windows of sessions around an event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backtest.errors import StudyError

_TEXT = re.compile(r"\[?\s*([+-]?\d+)\s*,\s*([+-]?\d+)\s*\]?")


@dataclass(frozen=True, order=True)
class Window:
    """Sessions from `start` to `end` relative to the event session (day 0), both ends included.

    >>> Window(0, 4), len(Window(0, 4))
    (Window[0,+4], 5)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise StudyError(
                f"window [{self.start},{self.end}] ends before it starts; write [start,end]"
            )

    def __len__(self) -> int:
        return self.end - self.start + 1

    def __str__(self) -> str:
        return f"[{_signed(self.start)},{_signed(self.end)}]"

    def __repr__(self) -> str:
        return f"Window{self}"

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read a window as people write it.

        >>> Window.parse("[-5, -1]")
        Window[-5,-1]
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise StudyError(f"window {text!r} is not of the form [start,end], for example [0,+4]")
        return cls(int(match[1]), int(match[2]))


def _signed(day: int) -> str:
    return f"{day:+d}" if day else "0"


STANDARD_WINDOWS: Mapping[str, Window] = MappingProxyType(
    {
        "1-day": Window(0, 0),
        "5-day": Window(0, 4),
        "1-month": Window(0, 20),
        "run-up": Window(-5, -1),
    }
)


def named(windows: Mapping[str, Window] | Iterable[Window]) -> dict[str, Window]:
    """Give every window a name: its own, or how it is written.

    >>> named([Window(0, 4)])
    {'[0,+4]': Window[0,+4]}
    """
    found = dict(windows) if isinstance(windows, Mapping) else {str(w): w for w in windows}
    if not found:
        raise StudyError("a study needs at least one event window")
    return found


def hull(windows: Iterable[Window]) -> Window:
    """The shortest window that covers all of `windows`."""
    found = list(windows)
    return Window(min(w.start for w in found), max(w.end for w in found))
