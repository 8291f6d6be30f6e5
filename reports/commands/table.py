"""`reactions table`: a table for a paper from a run that is there."""

from __future__ import annotations

from pathlib import Path

import click

from reports.terminal import json_option, say, say_json


@click.command("table")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--group",
    "groups",
    default="all",
    show_default=True,
    metavar="NAME,NAME",
    help="A panel each: all, ticker, role, kind, a column the run was made with (--by), "
    "or event: events one by one.",
)
@click.option(
    "--only",
    metavar="NAME,NAME",
    help="Only these groups, in this order, beside all events; of events these announcements, "
    "tickers, or both.",
)
@click.option("--windows", metavar="NAME,NAME", help="Only these windows, in this order.")
@click.option("--stars", is_flag=True, help="Mark p below 0.10, 0.05 and 0.01 by stars.")
@click.option("--caption", default="", metavar="TEXT", help="The title in place of our own.")
@click.option("--label", default="", metavar="NAME", help=r"The name in \label{tab:NAME}.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["latex", "markdown"]),
    default="latex",
    show_default=True,
    help="For a paper, or for a text.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it there; it is printed if left out.",
)
@json_option
def command(
    out: Path,
    groups: str,
    only: str | None,
    windows: str | None,
    caption: str,
    label: str,
    form: str,
    to: Path | None,
    *,
    stars: bool,
    as_json: bool,
) -> int:
    """A table for a paper from the run in OUT: effects, their errors, n and notes, of the groups
    and windows named.
    """  # noqa: D205  # one paragraph of help
    from backtest.study.show.paper import Wish
    from reports.commands.options.models import names_of
    from reports.earlier.papers import paper_table
    from reports.rows import records

    wish = Wish(names_of(only, "--only"), names_of(windows, "--windows"), stars, caption, label)
    table = paper_table(out, tuple(dict.fromkeys(names_of(groups, "--group"))), wish)
    if form == "latex":
        written = table.as_latex()
    else:
        written = table.as_markdown()
    if to is not None:
        _write(to, written)
    if as_json:
        say_json({
            "caption": table.caption, "label": table.label, "notes": list(table.notes),
            "estimates": records(table.estimates), "file": str(to) if to else None,
        })  # fmt: skip
    elif to is not None:
        say(f"table: {to}")
    else:
        say(written.rstrip("\n"))
    return 0


def _write(path: Path, written: str) -> None:
    """Put the file there whole; raises `OutputError` where it cannot be."""
    from events.files.disk import put_whole, sweep_parts
    from reports.errors import OutputError

    if path.is_dir():
        raise OutputError(f"--to {path}: is a folder; name a file in it")
    try:
        sweep_parts(path.parent)
        put_whole(path, written)
    except OSError as error:
        raise OutputError(
            f"--to {path}: cannot be written: {error.strerror or error}; name another file"
        ) from None
