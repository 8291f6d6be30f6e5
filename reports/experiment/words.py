"""The kinds of values an experiment file holds, none of which is guessed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from events.record.text import as_written

# TOML says true, 1.5 and "5" apart from 5; what a number stands for must not be guessed
Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]


def _no_number(value: object) -> object:
    """Refuse what would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError(f"a date is wanted (write 2026-04-09), not {as_written(value)}")
    return value


Day = Annotated[date, BeforeValidator(_no_number)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
Span = tuple[Whole, Whole]
FileName = Annotated[str, Field(min_length=1, max_length=4096)]
SpanOrNone = Annotated[
    Span | None, BeforeValidator(lambda value: value or None)
]  # TOML has no null: [] means none


class Keys(BaseModel):
    """A table of an experiment file: frozen, and no key but the declared ones."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )
