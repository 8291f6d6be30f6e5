"""`reactions prices`: fetch, look after and check price data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from reports.commands.common import (
    Grouped,
    catalog_option,
    experiment_option,
    pin_option,
    prices_option,
    store_option,
)
from reports.terminal import json_option, say, say_json

_TICKERS = click.argument("tickers", nargs=-1, metavar="[TICKER]...")


@click.group("prices", cls=Grouped)
def command() -> None:
    """Price data: fetch, factors, status, check, export."""


@command.command("fetch")
@_TICKERS
@experiment_option
@catalog_option
@click.option("--again", is_flag=True, help="Ask for the whole history anew.")
@store_option
def fetch_prices(
    tickers: tuple[str, ...],
    experiment: Path | None,
    catalog: tuple[str, ...],
    again: bool,
    store: Path | None,
) -> int:
    """Fetch prices from Yahoo into the store: of the tickers named, or of all a report needs."""
    from backtest.prices.sources.fetch import fetch
    from backtest.prices.store import Store
    from reports.commands.common import needed

    outcomes = fetch(
        Store.open(store),
        needed(tickers, experiment, catalog),
        again=again,
        tell=lambda one: say(str(one)),
    )
    bad = [one for one in outcomes if not one.good]
    say(f"{len(outcomes) - len(bad)} of {len(outcomes)} tickers are up to date")
    return 1 if bad else 0


@command.command("factors")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@store_option
def keep_factors(files: tuple[Path, ...], store: Path | None) -> None:
    """Keep daily factor files of the Ken French library (zip or CSV) in the store; use them with --factors store."""
    from backtest.prices.factors.source import keep
    from backtest.prices.store import Store

    for path, (kept, new) in zip(files, keep(Store.open(store), files), strict=True):
        span = f"{kept.rows:,} days, {kept.first_session} to {kept.last_session}"
        say(f"{path.name}: {'kept' if new else f'already there as {kept.detail}'} ({span})")


@command.command("status")
@_TICKERS
@store_option
@json_option
def show_status(tickers: tuple[str, ...], store: Path | None, as_json: bool) -> int:
    """Say what the store holds, what changed between fetches, and whether it is sound; exit status 1 where not."""
    from backtest.prices.store import Store
    from backtest.prices.store.status import changes, status
    from reports.rows import records

    opened = Store.open(store)
    rows = records(status(opened, tickers or None))
    if as_json:
        problems = opened.problems()
        say_json(
            {
                "store": opened.root,
                "tickers": rows,
                "factors": [] if tickers else [asdict(one) for one in opened.factors()],
                "changes": [
                    row
                    for row in records(changes(opened))
                    if not tickers or row["ticker"] in tickers
                ],
                "problems": list(map(str, problems)),
            }
        )
        return 1 if problems else 0
    say(f"price store: {opened.root}")
    for row in rows:
        span = (
            f"{row['first_session']} to {row['last_session']}"
            if row["first_session"]
            else row["problem"]
        )
        count = (
            f"  {row['snapshots']} snapshots, last fetched {row['fetched_at']}"
            if row["snapshots"]
            else ""
        )
        say(f"{row['ticker']:<8} {span}{count}")
    factors = () if tickers else opened.factors()
    for kept in factors:
        span = f"{kept.first_session} to {kept.last_session}"
        say(
            f"factors  {span}  {kept.detail}, kept {kept.fetched_at[:19]}Z, sha256 {kept.content[:12]}"
        )
    if not rows and not factors:
        say("nothing stored yet; begin with: reactions prices fetch")
    for row in records(changes(opened)):
        if not tickers or row["ticker"] in tickers:
            say(
                f"{row['ticker']:<8} {row['change']} on {str(row['fetched_at'])[:10]}: {row['detail']}"
            )
    problems = opened.problems()
    for problem in problems:
        say(f"problem: {problem}")
    return 1 if problems else 0


@command.command("check")
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option(
    "--against", metavar="DIR", help="Other prices of the same tickers, to compare closes with."
)
@click.option("--notes", is_flag=True, help="Also what is unusual and most likely real.")
@json_option
def check(
    prices: str,
    pin: Path | None,
    experiment: Path | None,
    catalog: tuple[str, ...],
    against: str | None,
    notes: bool,
    as_json: bool,
) -> int:
    """List what is odd about prices; exit status 1 where there is an error or a warning."""
    from backtest.prices.quality.check import check as oddities
    from backtest.prices.quality.check import disagreements
    from reports.commands.common import experiment_prices
    from reports.words import count

    found = experiment_prices(prices, experiment, catalog, pin, quiet=as_json)
    listed = list(oddities(found))
    if against:
        other = experiment_prices(against, experiment, catalog, None, quiet=as_json)
        listed += disagreements(found, other)
    serious = [one for one in listed if one.severity != "note"]
    if as_json:
        shown = [asdict(one) for one in (listed if notes else serious)]
        say_json({"simulated_prices": found.simulated, "tickers": found.tickers, "findings": shown})
        return 1 if serious else 0
    for one in listed if notes else serious:
        say(str(one))
    told = (count(len(serious), "finding"), count(len(listed) - len(serious), "note"))
    say(f"{count(len(found.tickers), 'ticker')}: {', '.join(told)}")
    return 1 if serious else 0


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True
)
def export_prices(
    folder: Path,
    prices: str,
    pin: Path | None,
    experiment: Path | None,
    catalog: tuple[str, ...],
    form: str,
) -> None:
    """Write prices as a folder of files, one a ticker, which --prices reads back."""
    from backtest.prices.store.export import export
    from reports.commands.common import experiment_prices

    paths = export(experiment_prices(prices, experiment, catalog, pin), folder, form)
    say(f"{len(paths)} tickers written to {folder}; use them with --prices {folder}")
