"""`reactions mcp`: the agent's door."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.options.common import (
    VENDORS,
    catalog_option,
    prices_option,
    store_option,
)
from reports.streams import lose


@click.command("mcp")
@catalog_option
@prices_option
@store_option
def command(catalog: tuple[str, ...], prices: str, store: Path | None) -> None:
    """Serve an agent over standard input and output (Model Context Protocol); ends
    with its client.
    """  # noqa: D205  # one paragraph of help
    try:
        from reports.agent.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "mcp":
            raise
        raise click.UsageError(
            "the agent's door needs the extra `mcp`: pip install 'market-reactions[mcp]'"
        ) from None
    from reports.agent.desk import Desk
    from reports.commands.options.common import read_catalog

    if prices not in (*VENDORS, "sample") and not Path(prices).exists():
        raise click.UsageError(f"--prices {prices}: no such file or folder")

    server = make_server(Desk(read_catalog(catalog), prices, store))
    try:
        server.run()
    except BaseExceptionGroup as several:  # of the tasks that read and write
        streams, others = several.split(OSError)
        if others is not None or streams is None:
            raise
        lose(_leaf(streams))


def _leaf(group: BaseExceptionGroup[OSError]) -> OSError:
    """The first error of a group of groups."""
    first = group.exceptions[0]
    if isinstance(first, BaseExceptionGroup):
        return _leaf(first)
    return first
