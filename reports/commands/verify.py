"""`reactions verify`: run a study again and say what differs."""

from __future__ import annotations

from pathlib import Path

import click

from events.words import count
from reports.commands.options.common import (
    VENDORS,
    catalog_option,
    factors_option,
    store_option,
)
from reports.commands.options.panels import returns_options
from reports.commands.terminal.progress import progress
from reports.terminal import json_option, say, say_json


@click.command("verify")
@click.argument("out", type=click.Path(path_type=Path), default=Path("out"))
@catalog_option
@factors_option
@store_option
@click.option(
    "--prices",
    metavar="|".join((*VENDORS, "sample", "DIR")),
    help="Where the prices came from, if the manifest cannot say.",
)
@returns_options
@json_option
def command(
    out: Path,
    catalog: tuple[str, ...],
    prices: str | None,
    factors: tuple[str, ...],
    store: Path | None,
    returns: tuple[str, ...],
    returns_unit: str | None,
    as_json: bool,
) -> int:
    """Run the study in OUT again and say what differs; exit status 1 where anything does."""
    from reports.commands.options.common import read_catalog
    from reports.earlier.verify import verify

    with progress() as tell:
        files = None
        if returns:
            files = (returns, returns_unit)
        differences = verify(out, read_catalog(catalog), prices, tell, factors, store, files)
    if as_json:
        say_json({"same": not differences, "differences": list(differences)})
    else:
        for line in differences:
            say(line)
        told = "everything is as it was"
        if differences:
            told = count(len(differences), "difference")
        say(told)
    return int(bool(differences))
