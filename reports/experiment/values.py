"""The kinds of values an experiment file holds, none of which is guessed.

Among them names that something outside it knows: exchanges and conventions.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

from backtest.errors import StudyError
from backtest.study.other.conventions import known_convention
from events.clock.exchanges import known_exchange
from events.errors import CalendarError
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


def _known(name: str) -> str:
    try:
        return known_exchange(name)
    except CalendarError as error:
        raise ValueError(str(error)) from None


def _of_exchanges(given: dict[str, str]) -> dict[str, str]:
    """Check the exchanges that benchmarks are named for."""
    return {_known(name): ticker for name, ticker in given.items()}


def _at_exchanges(given: dict[str, str]) -> dict[str, str]:
    """Check the exchanges that tickers are said to trade on."""
    return {ticker: _known(name) for ticker, name in given.items()}


def _a_convention(name: str) -> str:
    """Check the name of a convention or a package; none is this project's own."""
    if name:
        try:
            known_convention(name)
        except StudyError as error:
            raise ValueError(str(error)) from None
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
OfExchanges = Annotated[dict[Word, Word], AfterValidator(_of_exchanges)]  # benchmarks by exchange
AtExchanges = Annotated[dict[Word, Word], AfterValidator(_at_exchanges)]  # exchanges by ticker
Convention = Annotated[str, AfterValidator(_a_convention)]


class Keys(BaseModel):
    """A table of an experiment file: frozen, and no key but the declared ones."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )
