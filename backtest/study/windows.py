"""Windows of sessions around an event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from types import MappingProxyType

from backtest.errors import StudyError
from events.record.text import alike, plain

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
        for name in ("start", "end"):
            object.__setattr__(self, name, _whole(getattr(self, name), name))
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
        if not isinstance(text, str):
            raise StudyError(f"a window to parse is text such as '[0,+4]', got {text!r}")
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise StudyError(f"window {text!r} is not of the form [start,end], for example [0,+4]")
        return cls(int(match[1]), int(match[2]))


def _whole(value: object, name: str) -> int:
    """A number of sessions; yes and no are none, nor is half a session."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise StudyError(
            f"{name} of a window must be a whole number of sessions, got {value!r}; "
            "write Window(-1, 1)"
        )
    return int(value)


def as_window(value: object, what: str = "window") -> Window:
    """A window from a `Window`, a pair of whole numbers, a standard name or text as `parse` reads.

    `what` names the argument in the `StudyError` for anything else.

    >>> as_window((-1, 1)), as_window("[0,+4]"), as_window("1-month")
    (Window[-1,+1], Window[0,+4], Window[0,+20])
    """
    if isinstance(value, Window):
        return value
    if isinstance(value, str):
        if value in STANDARD_WINDOWS:
            return STANDARD_WINDOWS[value]
        return Window.parse(value)
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return Window(*value)
    raise StudyError(f"{what}: {value!r} is no window; write Window(-1, 1)")


def _signed(day: int) -> str:
    if day:
        return f"{day:+d}"
    return "0"


# What a study does unless told otherwise, in Python and in experiment files.
ESTIMATION = Window(-260, -11)
NEAR_NEWS = Window(-1, 5)  # around a security's news: left out of estimation, of peers, of donors
HORIZON = Window(-10, 20)
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
    return _named(windows)


def _named(windows: object) -> dict[str, Window]:
    if isinstance(windows, Mapping):
        found = {_name(name): as_window(one, f"windows[{name!r}]") for name, one in windows.items()}
    elif isinstance(windows, (str, Window)):
        found = _by_their_words([windows])
    elif isinstance(windows, Iterable):
        found = _by_their_words(list(windows))
    else:
        raise StudyError(f"windows: {windows!r} is no list of windows; write [Window(-1, 1)]")
    if two := alike(found):
        raise StudyError(f"windows {two[0]!r} and {two[1]!r} read alike; give one another name")
    if not found:
        raise StudyError("a study needs at least one event window")
    return found


def _by_their_words(windows: Iterable[object]) -> dict[str, Window]:
    """Windows under the names they were asked for by, or as they are written."""
    found = {}
    for one in windows:
        window = as_window(one, "windows")
        named_so = isinstance(one, str) and one in STANDARD_WINDOWS
        found[str(one) if named_so else str(window)] = window
    return found


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise StudyError(
            f"windows: the name {name!r} is no text; write {{'{name}': Window(-1, 1)}}"
        )
    try:
        return plain(name)
    except ValueError as error:
        raise StudyError(f"windows: the name {name!r}: {error}") from None


def hull(windows: Iterable[Window]) -> Window:
    """The shortest window that covers all of `windows`."""
    found = list(windows)
    return Window(min(w.start for w in found), max(w.end for w in found))
