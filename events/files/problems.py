"""What is wrong with a file, in one line each: file, key, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError

from events.errors import suggest
from events.record.announcement import Announcement
from events.record.text import as_written

_T = TypeVar("_T")
_ATTRIBUTES = "attributes"
_PLAIN = {
    "missing": "is missing",
    "string_type": "text is wanted",
    "float_type": "a number is wanted",
    "int_type": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "bool_type": "true or false is wanted",
    "tuple_type": "a list is wanted",
    "model_type": "a table of keys is wanted",
    "dict_type": "a table of keys is wanted",
    "finite_number": "a finite number is wanted",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place.

    >>> print(Problem("a.toml", "announced_at", "is missing"))
    a.toml: announced_at: is missing
    """

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.message) if part)


def problems_of(file: str, error: ValidationError) -> tuple[Problem, ...]:
    """Say what pydantic found wrong in our words."""
    return tuple(_problem(file, place, found) for place, found in _without_echoes(error))


def _without_echoes(
    error: ValidationError,
) -> Iterator[tuple[tuple[object, ...], Mapping[str, object]]]:
    """Leave out what follows from another problem.

    A union's further members, a list short of its bad items.
    """
    seen: set[tuple[object, ...]] = set()
    errors = [
        dict(found) | {"loc": _place(found["loc"])} for found in error.errors(include_url=False)
    ]
    places = [place for found in errors if isinstance(place := found["loc"], tuple)]
    longer = {place[:n] for place in places for n in range(1, len(place))}
    for found in errors:
        place = found["loc"]
        echo = found["type"] == "too_short" and place in longer
        if isinstance(place, tuple) and place not in seen and not echo:
            seen.add(place)
            yield place, found


def _problem(file: str, place: tuple[object, ...], found: Mapping[str, object]) -> Problem:
    if found["type"] == "extra_forbidden":
        word = str(place[-1])
        near = suggest(word, _keys_at(place[:-1]))
        return Problem(file, _spelt(place[:-1]), f"unknown key '{word[:60]}'{near}")
    return Problem(file, _spelt(place), _message(found, place))


def _message(found: Mapping[str, object], place: Sequence[object]) -> str:
    kind, given = str(found["type"]), found.get("input")
    if kind == "enum":
        words = _words_at(place)
        return f"{as_written(given)} is none of {', '.join(words)}{suggest(str(given), words)}"
    if kind == "value_error":
        return str(found["msg"]).removeprefix("Value error, ")
    if kind == "too_short" and place and place[-1] in {"parties", "roles"}:
        return "is empty; at least one is needed"
    if len(place) > 1 and place[-2] == _ATTRIBUTES:
        return f"a finite number, a line of text, true or false is wanted, not {as_written(given)}"
    text = _PLAIN.get(kind) or str(found["msg"])[:1].lower() + str(found["msg"])[1:]
    if kind == "missing" or isinstance(given, dict | list):
        return text
    return f"{text}, not {as_written(given)}"


def _place(loc: Sequence[object]) -> tuple[object, ...]:
    """Drop what pydantic adds for the members of a union."""
    if _ATTRIBUTES in loc:
        loc = loc[: loc.index(_ATTRIBUTES) + 2]
    return tuple(
        part for part in loc if isinstance(part, int) or str(part).isidentifier() or len(loc) == 1
    )


def _spelt(place: Sequence[object]) -> str:
    """Spell a place as a reader counts: `parties #2: roles`."""
    parts: list[str] = []
    for step in place:
        if isinstance(step, int) and parts:
            parts[-1] += f" #{step + 1}"
        else:
            parts.append(str(step))
    return ": ".join(parts)


def _model_at(place: Sequence[object]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Announcement
    for step in place:
        if isinstance(step, str) and model is not None:
            field = model.model_fields.get(step)
            model = None
            if field:
                model = _inner(field.annotation, BaseModel)
    return model


def _keys_at(place: Sequence[object]) -> list[str]:
    model = _model_at(place)
    if model:
        return list(model.model_fields)
    return []


def _words_at(place: Sequence[object]) -> list[str]:
    names = [step for step in place if isinstance(step, str)]
    model = _model_at(names[:-1])
    field = None
    if model:
        field = model.model_fields.get(names[-1])
    words = None
    if field:
        words = _inner(field.annotation, StrEnum)
    if words:
        return [word.value for word in words]
    return []


def _inner(annotation: object, base: type[_T]) -> type[_T] | None:
    if isinstance(annotation, type) and issubclass(annotation, base):
        return annotation
    for part in get_args(annotation):
        if (found := _inner(part, base)) is not None:
            return found
    return None
