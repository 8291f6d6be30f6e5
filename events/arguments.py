"""Arguments of the wrong kind, told by name: what was given, and what to write instead."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path

from events.errors import ArgumentError
from events.record.text import as_written

_LONGEST = 255  # bytes of a file's name, on every usual file system


def text(name: str, value: object, write: str) -> str:
    """A text that is not empty. Raises `ArgumentError` that names the argument, as all here do.

    >>> text("ticker", 5, "'META'")
    Traceback (most recent call last):
    events.errors.ArgumentError: ticker: '5' is no text; write 'META'
    """
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"{name}: {_shown(value)} is no text; write {write}")
    return value


def texts(name: str, value: object, write: str) -> tuple[str, ...]:
    """Several texts: a list, a tuple, any iterable but a text.

    >>> texts("tickers", ["META", "CRWV"], "['META']")
    ('META', 'CRWV')
    """
    odd = isinstance(value, str | bytes | Mapping) or hasattr(value, "columns")
    if odd or not isinstance(value, Iterable):
        raise ArgumentError(f"{name}: {_shown(value)} is no list of texts; write {write}")
    found = tuple(value)
    for one in found:
        if not isinstance(one, str) or not one:
            raise ArgumentError(f"{name}: {_shown(one)} in it is no text; write {write}")
    return found


def listed(name: str, value: object, write: str) -> tuple[object, ...]:
    """Several things of whatever kind: a list, a range, an array; no text and no table.

    >>> listed("shifts", range(2), "range(25, 275)")
    (0, 1)
    """
    odd = isinstance(value, str | bytes | Mapping) or hasattr(value, "columns")
    if odd or not isinstance(value, Iterable):
        raise ArgumentError(f"{name}: {_shown(value)} is no list; write {write}")
    return tuple(value)


def whole(name: str, value: object, least: int) -> int:
    """A whole number of at least `least`; true and false are none.

    >>> whole("lags", 2, 1)
    2
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ArgumentError(f"{name}: {_shown(value)} is no whole number from {least}")
    return int(value)


def yes_no(name: str, value: object) -> bool:
    """True or false, and nothing that only counts as one."""
    if not isinstance(value, bool):
        raise ArgumentError(f"{name}: {_shown(value)} is neither True nor False")
    return value


def is_number(value: object) -> bool:
    """Whether it is a real number; True and False only count as some.

    >>> is_number(2.5), is_number(True)
    (True, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def shares(name: str, value: object) -> Mapping[str, float]:
    """A mapping of texts to numbers, such as weights by ticker."""
    ok = isinstance(value, Mapping) and all(
        isinstance(key, str) and is_number(one) for key, one in value.items()
    )
    if not ok:
        raise ArgumentError(
            f"{name}: {_shown(value)} does not give numbers by name; write {{'NVDA': 0.2}}"
        )
    return value  # type: ignore[return-value]  # just checked


def place(name: str, value: object) -> Path:
    """A path, as text or path.

    >>> place("folder", "prices").name
    'prices'
    """
    given = None
    if isinstance(value, str | os.PathLike):
        given = os.fspath(value)
    if not isinstance(given, str) or not given.strip() or "\0" in given:
        raise ArgumentError(f"{name}: {_shown(given or value)} is no path; write 'folder/of/files'")
    if any(len(os.fsencode(part)) > _LONGEST for part in Path(given).parts):
        raise ArgumentError(f"{name}: a part of {_shown(given)} has over {_LONGEST} bytes")
    return Path(given)


def one_of(name: str, value: object, kinds: tuple[type, ...], write: str) -> None:
    """An object of certain kinds."""
    if not isinstance(value, kinds):
        raise of_another_kind(name, value, write)


def of_another_kind(name: str, value: object, write: str) -> ArgumentError:
    """What to raise for an object of a wrong kind."""
    return ArgumentError(f"{name}: {_shown(value)} is of another kind; write {write}")


def _shown(value: object) -> str:
    """A value in a few words; a table or an object by its kind."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str | bytes | Real | list | tuple | dict):
        return as_written(value)
    return f"a {type(value).__name__}"
