"""What pydantic found wrong with an experiment, in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from events.errors import suggest
from events.record.text import as_written

_MEASURED = {  # a limit of pydantic's, and how it is said
    "greater_than_equal": ("ge", "at least {} is wanted"),
    "less_than_equal": ("le", "at most {:,} is wanted"),
    "string_too_long": ("max_length", "at most {} characters are wanted"),
    "too_long": ("max_length", "has more than {}, and every test is made of each; leave some out"),
    "literal_error": ("expected", "{} is wanted"),
}
_PLAIN = {
    "bool_type": "true or false is wanted",
    "finite_number": "a finite number is wanted",
    "string_too_short": "is empty",
    "date_from_datetime_inexact": "a date is wanted (write 2026-04-09)",
    "missing": "is missing",
    "string_type": "text is wanted",
    "int_type": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "int_parsing": "a whole number is wanted",
    "float_type": "a number is wanted",
    "float_parsing": "a number is wanted",
    "tuple_type": "a list is wanted",
    "model_type": "a table of keys is wanted",
    "dict_type": "a table of keys is wanted",
    "too_short": "is empty; at least one is needed",
    "date_from_datetime_parsing": "a date is wanted (write 2026-04-09)",
    "date_type": "a date is wanted (write 2026-04-09)",
}


_NO_PAIR = {"missing", "too_short", "too_long"}


def first_problem(error: ValidationError, model: type[BaseModel]) -> str:
    """Say the first problem, unknown keys first, and how many more there are."""
    found = sorted(
        error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden"
    )
    first, more = found[0], len(found) - 1
    place = first["loc"]
    if first["type"] == "extra_forbidden":
        word = str(place[-1])
        text = (
            f"{_spelt(place[:-1])}unknown key '{word[:60]}'"
            f"{suggest(word, _keys_at(model, place[:-1]))}"
        )
    else:
        plain = _in_words(first)
        if first["type"] in _NO_PAIR and place and (isinstance(place[-1], int) or _is_pair(first)):
            plain = "two whole numbers are wanted (write [-1, 5])"
        text = f"{_spelt(place)}{plain}"
    if more:
        return f"{text} (and {more} more problem{'s' * (more > 1)})"
    return text


def _in_words(found: ErrorDetails) -> str:
    """One problem, and the value that has it where it is a single one."""
    kind = found["type"]
    if kind in _MEASURED:
        key, words = _MEASURED[kind]
        plain = words.format(found["ctx"][key])
    else:
        plain = _PLAIN.get(kind) or found["msg"].removeprefix("Value error, ")
    told = kind not in {"missing", "value_error", "string_too_short", "too_short", "too_long"}
    if told:
        return f"{plain}, not {as_written(found['input'])}"
    return plain


def _is_pair(found: ErrorDetails) -> bool:
    return found["type"] == "too_long" and found["ctx"]["max_length"] == 2


def _spelt(place: Sequence[int | str]) -> str:
    """Where in the file: `study.windows #2: `; nothing for the whole of it."""
    names = [_step(step) for step in place if step != "[key]"]
    if names:
        return f"{'.'.join(names).replace('.#', ' #')}: "
    return ""


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"#{step + 1}"
    return str(step)[:60] or "''"


def _keys_at(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    for step in place:
        field = model.model_fields.get(str(step))
        inner = None
        if field:
            inner = next(_models_in(field.annotation), None)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
