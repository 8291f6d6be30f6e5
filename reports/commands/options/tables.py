"""What a reader says of the columns of an event list: `--map`, `--dayfirst`, `--monthfirst`.

Every command that reads a catalog takes them; they are kept with the click context, so that only
what reads tables has to know of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from events.files.lists.naming import Reading

_Command = TypeVar("_Command", bound=Callable[..., Any])
_KEY = "reports.commands.options.tables"


def reading_options(command: _Command) -> _Command:
    """--map NAME=COLUMN, which may be repeated, and --dayfirst or --monthfirst."""
    mapped = click.option(
        "--map",
        multiple=True,
        metavar="NAME=COLUMN",
        expose_value=False,
        callback=_keep_columns,
        help="Which column of a table is ours: --map announced_at='Deal date'; may be repeated.",
    )
    order = click.option(
        "--dayfirst/--monthfirst",
        default=None,
        expose_value=False,
        callback=_keep_order,
        help="What 03/04/2023 means, where a table's dates fit both.",
    )
    return mapped(order(command))


def said_of_tables() -> Reading:
    """What was said with the command that runs; nothing outside of one."""
    from events.files.lists.naming import Reading

    context = click.get_current_context(silent=True)
    if context:
        said = context.meta.get(_KEY, {})
    else:
        said = {}
    return Reading(said.get("columns", {}), said.get("dayfirst"))


def _keep_columns(
    context: click.Context, _: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    columns: dict[str, str] = {}
    for value in values:
        name, equals, column = (part.strip() for part in value.partition("="))
        if not (name and equals and column):
            raise click.BadParameter(
                f"{value[:60]!r}: write NAME=COLUMN, as in announced_at='Deal date'"
            )
        if name in columns:
            raise click.BadParameter(f"{name[:60]!r} is mapped twice; leave one out")
        columns[name] = column
    context.meta.setdefault(_KEY, {})["columns"] = columns
    return values


def _keep_order(context: click.Context, _: click.Parameter, dayfirst: bool | None) -> bool | None:
    context.meta.setdefault(_KEY, {})["dayfirst"] = dayfirst
    return dayfirst
