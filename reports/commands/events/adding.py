"""`reactions events add`: an announcement from options, from a file, or by answering questions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from reports.commands.options.exchanges import event_exchanges
from reports.terminal import json_option, say, say_json

FOLDER = click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("announcements"),
    show_default=True, metavar="FOLDER",
    help="Where the TOML files go; pass it on with --catalog.",
)  # fmt: skip


@click.command("add")
@click.option("--headline", help="What was announced, in one line of your own words.")
@click.option(
    "--at",
    "announced_at",
    help="When: '2026-05-20 8am ET', '... 12:00 CEST', '... around noon ET', "
    "'... after hours', a date.",
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
@click.option("--amount", help="How much: 'about $21bn', '$3-4bn', '€1.2bn @ 1.08 (2026-05-19)'.")
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
@click.option("--anyway", is_flag=True, help="Add it even where it looks like one already there.")
@event_exchanges
@FOLDER
@json_option
def add(
    draft_file: Path | None,
    replace: bool,
    anyway: bool,
    exchanges: dict[str, str],
    folder: Path,
    as_json: bool,
    **said: Any,
) -> None:
    """Add an announcement: from options, from a file, or by answering questions on a terminal."""
    from events import Catalog, CatalogError
    from events.files.writing.adding import (
        DUPLICATE,
        complete,
        read_draft,
        warnings,
        write_new,
    )
    from events.files.writing.preview import preview
    from events.listed_on import checked_exchanges, on_exchanges

    facts = {
        **(read_draft(draft_file) if draft_file else {}),
        **{key: value for key, value in said.items() if value},
    }
    if sys.stdin.isatty() and not draft_file and not as_json:
        facts = _asked(facts)
    begun = folder.is_dir() and any(folder.glob("*.toml"))
    if begun:
        catalog = Catalog.read(*_both(folder))
    else:
        catalog = Catalog.bundled()
    draft = complete(facts, catalog)
    checked_exchanges(exchanges, draft.news.tickers)
    news = on_exchanges(draft.news, exchanges)
    for line in () if as_json else draft.taken:
        say(f"taken: {line}")
    told = warnings(news, catalog)
    for line in told:
        say(f"warning: {line}", err=True)
    if any(line.startswith(DUPLICATE) for line in told) and not (replace or anyway):
        raise CatalogError("not written: it is there already; if it is another one, add --anyway")
    path = write_new(news, folder, replace=replace)
    if as_json:
        say_json({"id": news.id, "written": path, "taken": list(draft.taken), "warnings": told})
        return
    for line in preview(news):
        say(line)
    say(f"written: {path}; study it with --catalog {folder}")


def _both(folder: Path) -> tuple[Path, Path]:
    from reports.commands.options.common import catalog_paths

    return catalog_paths(("bundled",))[0], folder


def _asked(facts: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is missing; an empty answer leaves an optional fact out."""
    from events.files.writing.questions import QUESTIONS

    found = dict(facts)
    for question in QUESTIONS:
        if question.key in found:
            continue
        words = ""
        if question.words:
            words = f" [{', '.join(question.words)}]"
        example = ""
        if question.example:
            example = f" (for example {question.example})"
        answers = []
        while answer := click.prompt(
            f"{question.asks}{words}{example}", default="", show_default=False
        ).strip():
            answers.append(answer)
            if not question.several:
                break
        if answers:
            if question.several:
                found[question.key] = answers
            else:
                found[question.key] = answers[0]
    return found
