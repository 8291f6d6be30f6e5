"""The kinds of values an experiment file holds, none of which is guessed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

from events.record.text import alike, as_written, plain

# TOML says true, 1.5 and "5" apart from 5; what a number stands for must not be guessed
Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]


def _no_number(value: object) -> object:
    """Refuse what would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError(f"a date is wanted (write 2026-04-09), not {as_written(value)}")
    return value


def told_apart(table: object) -> object:
    """Refuse a table two of whose keys read alike."""
    if isinstance(table, dict) and (two := alike(map(str, table))):
        raise ValueError(f"{two[0]!r} and {two[1]!r} read alike; give one another name")
    return table


def _one_line(name: str) -> str:
    """Refuse a name that no line of a table can show as it is."""
    if name != " ".join(name.split()):
        raise ValueError("a line break, a tab, or blanks at an end or side by side; leave them out")
    return name


Day = Annotated[date, BeforeValidator(_no_number)]
# What is shown reads as what it is: no character that shows nothing or turns the line
Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(plain)]
Formula = Annotated[str, Field(max_length=1000), AfterValidator(plain)]
Span = tuple[Whole, Whole]
Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_one_line), AfterValidator(plain)
]
Spans = Annotated[dict[Name, Span], BeforeValidator(told_apart)]
FileName = Annotated[str, Field(min_length=1, max_length=4096)]
SpanOrNone = Annotated[
    Span | None, BeforeValidator(lambda value: value or None)
]  # TOML has no null: [] means none


class Keys(BaseModel):
    """A table of an experiment file: frozen, and no key but the declared ones."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )
