"""`reactions events check`: a catalog's own problems, and what filings say of its clocks."""

from __future__ import annotations

import click

from reports.commands.options.common import read_catalog
from reports.commands.options.exchanges import event_exchanges
from reports.commands.options.tables import reading_options, said_of_tables
from reports.terminal import json_option, say, say_json


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--filings", is_flag=True, help="Hold them against EDGAR's filings, and propose bounds."
)
@click.option(
    "--ticker", "tickers", multiple=True, help="With --filings: only those of this party."
)
@reading_options
@event_exchanges
@json_option
def check(
    paths: tuple[str, ...],
    filings: bool,
    tickers: tuple[str, ...],
    exchanges: dict[str, str],
    as_json: bool,
) -> int:
    """List every problem of catalogs (the bundled one if none is named); exit status 1 where
    there are any.
    """  # noqa: D205  # one paragraph of help
    from events.files.check import examine
    from reports.commands.options.common import catalog_paths

    if filings:
        from reports.commands.events.discovery import check_filings

        held = read_catalog(paths).on_exchanges(exchanges)
        return int(bool(check_filings(held, tickers, as_json=as_json)))
    if tickers:
        raise click.UsageError("--ticker goes with --filings")
    problems, understood = examine(
        catalog_paths(paths or ("bundled",)), said_of_tables(), exchanges
    )
    if as_json:
        told = [{"file": one.file, "key": one.key, "message": one.message} for one in problems]
        say_json({"problems": told, "read": list(understood)})
        return int(bool(problems))
    for line in understood:
        say(f"read: {line}")
    for problem in problems:
        say(str(problem))
    if not problems:
        say("no problem found")
    return int(bool(problems))
