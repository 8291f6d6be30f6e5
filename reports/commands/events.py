"""`reactions events`: look at the catalog."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import catalog_option


@click.group("events")
def command() -> None:
    """The catalog: list, show, check."""


@command.command("list")
@catalog_option
@click.option("--ticker", "tickers", multiple=True, help="Only announcements that name this ticker; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
def list_events(catalog: Path | None, tickers: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """List announcements, one a line."""
    from reports.commands.common import read_catalog
    from reports.words import moment

    for news in read_catalog(catalog).filter(tickers=tickers, kinds=kinds):
        click.echo(f"{moment(news.announced_at)[:10]}  {news.id:<44} {','.join(news.tickers):<24} {news.headline}")


@command.command("show")
@click.argument("name")
@catalog_option
def show(name: str, catalog: Path | None) -> None:
    """Show one announcement as TOML."""
    from events.toml_files import as_toml
    from reports.commands.common import read_catalog

    click.echo(as_toml(read_catalog(catalog)[name]), nl=False)


@command.command("check")
@catalog_option
def check(catalog: Path | None) -> None:
    """Check a catalog; exit status 1 where it has problems."""
    from reports.commands.common import read_catalog

    found = read_catalog(catalog)
    click.echo(f"{len(found)} announcements, no problem found")
