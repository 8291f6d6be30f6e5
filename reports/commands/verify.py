"""`reactions verify`: run a study again and say what differs."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import catalog_option, factors_option, progress, store_option
from reports.terminal import say


@click.command("verify")
@click.argument("out", type=click.Path(path_type=Path), default=Path("out"))
@catalog_option
@factors_option
@store_option
@click.option(
    "--prices",
    metavar="yahoo|sample|DIR",
    help="Where the prices came from, if the manifest cannot say.",
)
def command(
    out: Path,
    catalog: tuple[str, ...],
    prices: str | None,
    factors: tuple[str, ...],
    store: Path | None,
) -> int:
    """Run the study in OUT again and say what differs; exit status 1 where anything does."""
    from reports.commands.common import read_catalog
    from reports.run.verify import verify

    with progress() as tell:
        differences = verify(out, read_catalog(catalog), prices, tell, factors, store)
    for line in differences:
        say(line)
    say("everything is as it was" if not differences else f"{len(differences)} differences")
    return 1 if differences else 0
