"""`reactions events`: look at the catalog, check it, add to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.commands.events.adding import FOLDER, add
from reports.commands.events.checking import check
from reports.commands.events.discovery import discover
from reports.commands.events.due import due
from reports.commands.options.common import Grouped, catalog_option, read_catalog
from reports.commands.options.exchanges import event_exchanges
from reports.commands.options.tables import reading_options, said_of_tables
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from events import Announcement, Catalog


@click.group("events", cls=Grouped)
def command() -> None:
    """The catalog: list, show, check, discover, due, add, import, schema, ledger."""


command.add_command(check)
command.add_command(add)
command.add_command(discover)
command.add_command(due)


@command.command("list")
@catalog_option
@click.option(
    "--ticker",
    "tickers",
    multiple=True,
    help="Only announcements that name this ticker; may be repeated.",
)
@click.option(
    "--role", "roles", multiple=True, help="Only where such a party has this role; may be repeated."
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option("--since", metavar="DATE", help="From this date on, in New York.")
@click.option("--until", metavar="DATE", help="Up to and including this date.")
@click.option(
    "--text", metavar="WORDS", help="Only where headline, summary or facts hold this text."
)
@click.option(
    "--timing",
    type=click.Choice(["exact", "bounded", "part", "dated"]),
    help="Only where the time is known so: "
    "an instant, bounds, the part of the day, the date alone.",
)
@click.option(
    "--confidence", type=click.Choice(["verified", "unverified"]), help="Only what is so."
)
@event_exchanges
@json_option
def list_events(
    catalog: tuple[str, ...], exchanges: dict[str, str], as_json: bool, **wanted: Any
) -> None:
    """List announcements, one a line."""
    from reports.words import moment, short

    there = read_catalog(catalog).on_exchanges(exchanges)
    found = there.filter(**{key: value for key, value in wanted.items() if value})
    if as_json:
        say_json([_as_data(news) for news in found])
        return
    rows = [
        (moment(one.announced_at)[:10], one.id, ",".join(_tickers(one)), short(one.headline))
        for one in found
    ]
    head = ("date", "id", "tickers", "headline")
    if rows:
        say_table("", head, rows, head)
    else:
        say("no announcement meets all of this", err=True)


def _tickers(news: Announcement) -> list[str]:
    """The tickers, with the exchange where a party or `--exchange` names it."""
    said = {one.ticker: f" ({one.exchange})" for one in news.parties if one.exchange}
    return [f"{ticker}{said.get(ticker, '')}" for ticker in news.tickers]


def _as_data(news: Announcement) -> dict[str, Any]:
    return news.model_dump(mode="json", exclude_none=True)


def _find(catalog: Catalog, name: str) -> Announcement:
    """The announcement of an id; a miss names those that are near or hold its words."""
    from difflib import get_close_matches

    from events import CatalogError

    if name in catalog:
        return catalog[name]
    ids = [news.id for news in catalog]
    words = [word for word in name.lower().split("-") if word]
    near = get_close_matches(name, ids, n=3)
    near += [one for one in ids if words and all(word in one.lower() for word in words)]
    several = list(dict.fromkeys(near))[:5]
    told = ": see reactions events list"
    if several:
        told = f"; did you mean '{several[0]}'?"
    others = ""
    if several[1:]:
        others = f" Others are near: {', '.join(several[1:])}"
    raise CatalogError(f"no announcement '{name}'{told}{others}")


@command.command("show")
@click.argument("name", metavar="ID")
@catalog_option
@click.option("--toml", is_flag=True, help="As the file it would be.")
@event_exchanges
@json_option
def show(
    name: str, catalog: tuple[str, ...], toml: bool, exchanges: dict[str, str], as_json: bool
) -> None:
    """Show one announcement, and what a study does with it."""
    from events.describe import describe
    from events.files.toml_files import as_toml
    from events.files.writing.preview import preview

    news = _find(read_catalog(catalog).on_exchanges(exchanges), name)
    if as_json:
        say_json(_as_data(news) | {"in_a_study": list(preview(news))})
        return
    if toml:
        say(as_toml(news).removesuffix("\n"))
        return
    say(describe(news))
    for line in ("", "in a study", *preview(news)):
        say(line)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of an announcement's file, for an editor."""
    from events.files.toml_files import json_schema

    say_json(json_schema())


@command.command("ledger")
@catalog_option
@click.option(
    "--as-of",
    metavar="DATE",
    help="What was known at the end of that day, "
    "with what became of earlier announcements by then.",
)
@json_option
def show_ledger(catalog: tuple[str, ...], as_of: str | None, as_json: bool) -> None:
    """List who has committed how much to whom, with running totals."""
    from events import CatalogError
    from events.ledger import ledger
    from events.record.instant import day
    from events.words import dollars
    from reports.rows import records
    from reports.words import plain

    try:
        if as_of is None:
            until = None
        else:
            until = day(as_of)
    except ValueError as error:
        raise CatalogError(f"--as-of: {error}") from None
    rows = records(ledger(read_catalog(catalog), until))
    if as_json:
        say_json(rows)
        return
    if not rows:
        say("no announcement names a sum and who pays it to whom", err=True)
        return
    for row in rows:
        parties = f"{row['payer']} to {row['payee']}"
        what = f"{row['nature']}, {plain(str(row['qualifier']))}"
        sums = f"{dollars(row['amount_usd']):>9} {dollars(row['cumulative_usd']):>9} in all"
        say(f"{str(row['announced_at'])[:10]}  {parties:<44} {what:<20} {sums}")
    say(
        "in all: of the same two and of purchases or investments alone, so far; "
        "sums “up to” count in full"
    )


@command.command("import")
@click.argument("table", type=click.Path(path_type=Path), metavar="FILE")
@reading_options
@event_exchanges
@FOLDER
@json_option
def import_table(table: Path, exchanges: dict[str, str], folder: Path, as_json: bool) -> None:
    """Turn a table of events into one TOML file an announcement; a table with problems is listed
    and not written.
    """  # noqa: D205  # one paragraph of help
    from events import Catalog, CatalogError
    from events.files.reading import read_path
    from events.words import count

    found = read_path(table, said_of_tables())
    if found.problems:
        for problem in found.problems[:-1]:
            say(f"error: {problem}", err=True)
        raise CatalogError(str(found.problems[-1]))
    paths = Catalog(tuple(found.announcements)).on_exchanges(exchanges).write(folder)
    if as_json:
        say_json({"folder": str(folder), "written": [path.name for path in paths]})
        return
    told = count(len(paths), "announcement")
    say(
        f"{told} written to {folder}; "
        f"study {'it' if len(paths) == 1 else 'them'} with --catalog {folder}"
    )
