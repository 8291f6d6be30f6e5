"""`reactions compare`: what changed between two runs."""

from __future__ import annotations

from pathlib import Path

import click

from reports.terminal import say


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path), metavar="OUT1")
@click.argument("second", type=click.Path(path_type=Path), metavar="OUT2")
def command(first: Path, second: Path) -> None:
    """Say what changed between two runs: experiment, catalog, prices, and the abnormal returns themselves."""
    from reports.run.compare import compare

    for line in compare(first, second):
        say(line)
