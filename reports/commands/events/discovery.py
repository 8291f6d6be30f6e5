"""`reactions events discover`, and `events check --filings`.

Filings and feeds against the catalog.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from events.words import count
from reports.commands.options.common import catalog_option, read_catalog
from reports.commands.options.exchanges import event_exchanges
from reports.commands.terminal.progress import progress
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from events import Catalog
    from events.discover import Discovery


@click.command("discover")
@click.option(
    "--ticker",
    "tickers",
    multiple=True,
    metavar="TICKER[=CIK]",
    help="Whose filings; may be repeated. With =CIK those of that registrant.",
)
@click.option(
    "--since", metavar="DATE", help="Accepted from this day on, in New York; 30 days ago."
)
@click.option("--until", metavar="DATE", help="Up to and including this day; today if left out.")
@click.option("--feed", metavar="FILE|URL", help="Instead: RSS or Atom of a newsroom.")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Draft one TOML file each; files that are there stay.",
)
@catalog_option
@event_exchanges
@json_option
def discover(
    tickers: tuple[str, ...],
    since: str | None,
    until: str | None,
    feed: str | None,
    folder: Path | None,
    catalog: tuple[str, ...],
    exchanges: dict[str, str],
    as_json: bool,
) -> None:
    """List filings (8-K, 6-K) that could be announcements, and draft them."""
    from events.discover.discovery import client
    from events.discover.discovery import discover as run

    known = read_catalog(catalog)
    edgar = None
    if tickers and feed is None:
        edgar = client(ask=asker())
    with progress() as tell:
        found = run(tickers, since, until, catalog=known, feed=feed, edgar=edgar, tell=tell)
    found = found.on_exchanges(exchanges)
    if folder:
        written, kept = found.write(folder)
    else:
        written, kept = ((), ())
    if as_json:
        drafts = [one.row | {"draft": f"{one.draft.id}.toml"} for one in found.found]
        files = {"written": [path.name for path in written], "kept": [path.name for path in kept]}
        say_json({"found": drafts, "notes": list(found.notes)} | (files if folder else {}))
        return
    _show(found)
    for note in found.notes:
        say(f"note: {note}", err=True)
    if folder:
        say(
            f"{count(len(written), 'draft')} written to {folder}, "
            f"{len(kept):,} left as there already"
        )
        if written or kept:
            named = "".join(f" {one}" for one in catalog if one != "bundled")
            say(f"read and correct them, then: reactions events check {folder}{named}")


def asker() -> Callable[[str], str] | None:
    """How to ask a person for the contact, where there is one at a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda text: str(click.prompt(text, err=True))


def _show(found: Discovery) -> None:
    if not found.found:
        say("nothing found that could be an announcement", err=True)
        return
    if found.found[0].row["form"] == "feed":
        when = "stamp"
    else:
        when = "accepted in New York"
    head = (when, "ticker", "form", "items", "title", "in the catalog")
    say_table("", head, [_cells(one.row) for one in found.found], head)
    for one in found.found:
        for odd in one.row["odd"]:
            say(f"{one.row.get('accession') or one.draft.id}: {odd}")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    known = "-"
    if row["known"]:
        known = f"perhaps {row['known']} ({row['why_known']})"
    return (
        str(row["accepted"])[:19].replace("T", " "),
        row["ticker"] or "-",
        row["form"],
        row["items"] or "-",
        row["title"],
        known,
    )


def check_filings(catalog: Catalog, tickers: tuple[str, ...], *, as_json: bool) -> int:
    """Say what filings say of a catalog's clocks; the number of contradictions."""
    from events.discover.discovery import client
    from events.discover.holding import hold

    edgar = client(ask=asker())
    with progress() as tell:
        held = hold(edgar, catalog, tickers, tell)
    wrong = sum(one.wrong for one in held)
    if as_json:
        say_json(
            {"held": [one.as_data() for one in held], "notes": list(dict.fromkeys(edgar.notes))}
        )
        return wrong
    for one in held:
        say(f"{one.id}: {one.text}")
        say(f"  ({one.why})")
        for line in one.toml.splitlines() if one.proposed else (f"{one.basis}; {one.url}",):
            say(f"  {line}")
    for note in dict.fromkeys(edgar.notes):
        say(f"note: {note}", err=True)
    said = f"{len(held)} of {len(catalog)} announcements have a filing that tells of them"
    say(f"{said}; {sum(one.proposed for one in held)} bounds proposed, {wrong} contradicted")
    return wrong
