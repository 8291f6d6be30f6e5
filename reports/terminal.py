"""The one door to the terminal.

Whatever is printed goes through here, harmless whoever wrote it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Literal

import click

from reports.streams import speaks_unicode

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for machines.")


def shown(text: str) -> str:
    r"""Text with what a terminal would obey, and what nobody would see, written out.

    >>> shown("a\x1b[2Jb"), shown("line\nline\t1")
    ('a<U+001B>[2Jb', 'line\nline\t1')
    """
    if text.isascii() and text.isprintable():
        return text
    from events.record.text import INVISIBLE  # `events` takes a second to import

    return INVISIBLE.sub(
        lambda found: found[0] if found[0] == "\t" else f"<U+{ord(found[0]):04X}>", text
    )


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line, or several."""
    if err:  # nobody is left to be told that standard error takes no more
        with suppress(OSError):
            click.echo(shown(text), err=True)
    else:
        click.echo(shown(text))


def say_json(value: Any) -> None:
    """Print JSON; what nobody would see is escaped, so that the values stay what they are."""
    from events.record.text import INVISIBLE

    escaped = not speaks_unicode(sys.stdout)
    text = json.dumps(_jsonable(value), indent=2, ensure_ascii=escaped, allow_nan=False)
    click.echo(INVISIBLE.sub(lambda found: json.dumps(found[0])[1:-1], text))


def _jsonable(value: Any) -> Any:
    """A value as JSON has it: what is missing as null, moments as ISO text."""
    if isinstance(value, dict):
        return {str(key): _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str | int | float | None):
        return value
    return str(value)


def say_table(
    title: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    left: tuple[str, ...] = (),
) -> None:
    """A table that fits the terminal, its columns but those of `left` set right.

    In a pipe, lines with tabs.
    """
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            say("\t".join(" ".join(cell.split()) for cell in row))
        if title:
            say(title)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    name = None
    if title:
        name = Text(shown(title))
    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        if column in left:
            side: Literal["left", "right"] = "left"
        else:
            side = "right"
        table.add_column(Text(shown(column)), justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    Console(highlight=False).print(table)
