"""`reactions events`: look at the catalog, check it, add to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.commands.common import Grouped, catalog_option
from reports.commands.tables import reading_options, said_of_tables
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from events import Announcement, Catalog

_FOLDER = click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("announcements"), show_default=True,
    metavar="FOLDER", help="Where the TOML files go; pass it on with --catalog.",
)  # fmt: skip


@click.group("events", cls=Grouped)
def command() -> None:
    """The catalog: list, show, check, add, import, schema, ledger."""


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
    "--confidence", type=click.Choice(["verified", "unverified"]), help="Only what is so."
)
@json_option
def list_events(catalog: tuple[str, ...], as_json: bool, **wanted: Any) -> None:
    """List announcements, one a line."""
    from reports.commands.common import read_catalog
    from reports.words import moment, short

    found = read_catalog(catalog).filter(**{key: value for key, value in wanted.items() if value})
    if as_json:
        say_json([_as_data(news) for news in found])
        return
    rows = [
        (moment(one.announced_at)[:10], one.id, ",".join(one.tickers), short(one.headline))
        for one in found
    ]
    head = ("date", "id", "tickers", "headline")
    if rows:
        say_table("", head, rows, head)
    else:
        say("no announcement meets all of this", err=True)


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
    told = f"; did you mean '{several[0]}'?" if several else ": see reactions events list"
    others = f" Others are near: {', '.join(several[1:])}" if several[1:] else ""
    raise CatalogError(f"no announcement '{name}'{told}{others}")


@command.command("show")
@click.argument("name", metavar="ID")
@catalog_option
@click.option("--toml", is_flag=True, help="As the file it would be.")
@json_option
def show(name: str, catalog: tuple[str, ...], toml: bool, as_json: bool) -> None:
    """Show one announcement, and what a study does with it."""
    from events.describe import describe
    from events.files.adding import preview
    from events.files.toml_files import as_toml
    from reports.commands.common import read_catalog

    news = _find(read_catalog(catalog), name)
    if as_json:
        say_json(_as_data(news) | {"in_a_study": list(preview(news))})
        return
    if toml:
        say(as_toml(news).removesuffix("\n"))
        return
    say(describe(news))
    for line in ("", "in a study", *preview(news)):
        say(line)


@command.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@reading_options
def check(paths: tuple[str, ...]) -> int:
    """List every problem of catalogs (the bundled one if none is named); exit status 1 where there are any."""
    from events.files.check import examine
    from reports.commands.common import catalog_paths

    problems, understood = examine(catalog_paths(paths or ("bundled",)), said_of_tables())
    for line in understood:
        say(f"read: {line}")
    for problem in problems:
        say(str(problem))
    if not problems:
        say("no problem found")
    return 1 if problems else 0


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of an announcement's file, for an editor."""
    from events.files.schema import json_schema

    say_json(json_schema())


@command.command("ledger")
@catalog_option
@click.option(
    "--as-of",
    metavar="DATE",
    help="What was known at the end of that day, with what became of earlier announcements by then.",
)
def show_ledger(catalog: tuple[str, ...], as_of: str | None) -> None:
    """List who has committed how much to whom, with running totals."""
    from events import CatalogError
    from events.ledger import ledger
    from events.record.instant import day
    from reports.commands.common import read_catalog
    from reports.rows import records
    from reports.words import dollars

    try:
        until = None if as_of is None else day(as_of)
    except ValueError as error:
        raise CatalogError(f"--as-of: {error}") from None
    for row in records(ledger(read_catalog(catalog), until)):
        parties = f"{row['payer']} to {row['payee']}"
        sums = f"{dollars(row['amount_usd']):>9} {dollars(row['cumulative_usd']):>9} in all"
        say(f"{str(row['announced_at'])[:10]}  {parties:<44} {sums}")


@command.command("import")
@click.argument("table", type=click.Path(path_type=Path), metavar="FILE")
@reading_options
@_FOLDER
def import_table(table: Path, folder: Path) -> None:
    """Turn a table of events into one TOML file an announcement; a table with problems is listed and not written."""
    from events import Catalog, CatalogError
    from events.files.reading import read_path

    found = read_path(table, said_of_tables())
    if found.problems:
        for problem in found.problems[:-1]:
            say(f"error: {problem}", err=True)
        raise CatalogError(str(found.problems[-1]))
    paths = Catalog(tuple(found.announcements)).write(folder)
    say(f"{len(paths)} announcements written to {folder}; study them with --catalog {folder}")


@command.command("add")
@click.option("--headline", help="What was announced, in one line of your own words.")
@click.option(
    "--at", "announced_at", help="When: an instant with offset, New York time with ET, or a date."
)
@click.option(
    "--timing",
    help="When in the day, if only the date is known: before_open, during_session, after_close.",
)
@click.option(
    "--party",
    "parties",
    multiple=True,
    metavar="TICKER:ROLE",
    help="Who: META:customer; may be repeated.",
)
@click.option(
    "--kind", help="What kind: capacity_contract, earnings ...; follows from the roles if left out."
)
@click.option("--amount", help="How much: 'about $21bn'.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="URL",
    help="Where it is written; may be repeated.",
)
@click.option(
    "--link",
    "links",
    multiple=True,
    metavar="ID:RELATION",
    help="An earlier one: ID:adds_to; repeatable.",
)
@click.option("--summary", help="A few sentences more.")
@click.option("--id", help="Its name; made from date and headline if left out.")
@click.option(
    "--from",
    "draft_file",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Facts in a file.",
)
@click.option("--replace", is_flag=True, help="Replace a file of the same name.")
@_FOLDER
def add(draft_file: Path | None, replace: bool, folder: Path, **said: Any) -> None:
    """Add an announcement: from options, from a file, or by answering questions on a terminal."""
    from events import Catalog
    from events.files.adding import complete, preview, read_draft, warnings, write_new

    facts = {
        **(read_draft(draft_file) if draft_file else {}),
        **{key: value for key, value in said.items() if value},
    }
    if sys.stdin.isatty() and not draft_file:
        facts = _asked(facts)
    catalog = Catalog.bundled() if not folder.is_dir() else Catalog.read(*_both(folder))
    draft = complete(facts, catalog)
    for line in draft.taken:
        say(f"taken: {line}")
    for line in warnings(draft.news, catalog):
        say(f"warning: {line}", err=True)
    path = write_new(draft.news, folder, replace=replace)
    for line in preview(draft.news):
        say(line)
    say(f"written: {path}; study it with --catalog {folder}")


def _both(folder: Path) -> tuple[Path, Path]:
    from reports.commands.common import catalog_paths

    return catalog_paths(("bundled",))[0], folder


def _asked(facts: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is missing; an empty answer leaves an optional fact out."""
    from events.files.adding import QUESTIONS

    found = dict(facts)
    for question in QUESTIONS:
        if question.key in found:
            continue
        words = f" [{', '.join(question.words)}]" if question.words else ""
        example = f" (for example {question.example})" if question.example else ""
        answers = []
        while answer := click.prompt(
            f"{question.asks}{words}{example}", default="", show_default=False
        ).strip():
            answers.append(answer)
            if not question.several:
                break
        if answers:
            found[question.key] = answers if question.several else answers[0]
    return found
