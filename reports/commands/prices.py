"""`reactions prices`: fetch, look after and check price data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from events.words import count
from reports.commands.options.common import (
    VENDORS,
    Grouped,
    catalog_option,
    experiment_option,
    pin_option,
    prices_option,
    store_option,
)
from reports.commands.price_check import check
from reports.terminal import json_option, say, say_json

if TYPE_CHECKING:
    from backtest.prices.sources.network.fetch import Fetched
    from backtest.prices.store.snapshot import Snapshot
    from reports.rows import Row

_TICKERS = click.argument("tickers", nargs=-1, metavar="[TICKER]...")


@click.group("prices", cls=Grouped)
def command() -> None:
    """Price data: fetch, factors, status, check, export."""


@command.command("fetch")
@_TICKERS
@experiment_option
@catalog_option
@click.option("--again", is_flag=True, help="Ask for the whole history anew.")
@click.option(
    "--vendor",
    type=click.Choice(VENDORS),
    default="yahoo",
    show_default=True,
    help="Who is asked; Tiingo needs a key in TIINGO_API_KEY.",
)
@store_option
@json_option
def fetch_prices(
    tickers: tuple[str, ...],
    experiment: Path | None,
    catalog: tuple[str, ...],
    again: bool,
    vendor: str,
    store: Path | None,
    as_json: bool,
) -> int:
    """Fetch prices from a vendor into the store: of the tickers named, or of all a report needs."""
    from backtest.prices.sources.network.fetch import fetch
    from backtest.prices.store import Store
    from reports.commands.options.common import needed
    from reports.commands.terminal.progress import progress

    wanted = sorted(set(needed(tickers, experiment, catalog)))
    with progress() as bar:
        said = _Said(len(wanted), bar, quiet=as_json)
        outcomes = fetch(Store.open(store), wanted, again=again, vendor=vendor, tell=said.hear)
    bad = [one for one in outcomes if not one.good]
    if as_json:
        told = [
            {"ticker": one.ticker, "status": one.status, "detail": one.detail, "good": one.good}
            for one in outcomes
        ]
        say_json({"tickers": told, "failed": len(bad)})
        return int(bool(bad))
    for line in said.kept:
        say(line)
    say(f"{len(outcomes) - len(bad)} of {count(len(outcomes), 'ticker')} up to date")
    return int(bool(bad))


@dataclass
class _Said:
    """What is heard of each ticker: a line at once, or, where a bar is in the way, after it."""

    of: int
    bar: Callable[[str], None]
    quiet: bool = False
    done: int = 0
    kept: list[str] = field(default_factory=list)

    def hear(self, one: Fetched) -> None:
        """A ticker's outcome."""
        self.done = min(self.done + 1, self.of)
        if sys.stderr.isatty():
            self.kept.append(str(one))
            self.bar(f"fetching prices, {self.done} of {self.of}")
        elif not self.quiet:
            say(str(one))


@command.command("factors")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@store_option
@json_option
def keep_factors(files: tuple[Path, ...], store: Path | None, as_json: bool) -> None:
    """Keep daily factor files of the Ken French library (zip or CSV) in the store; use them with
    --factors store.
    """  # noqa: D205  # one paragraph of help
    from backtest.prices.factors.source import keep
    from backtest.prices.store import Store

    found = keep(Store.open(store), files)
    if as_json:
        say_json(
            [
                {"file": path.name, "new": new} | asdict(kept)
                for path, (kept, new) in zip(files, found, strict=True)
            ]
        )
        return
    for path, (kept, new) in zip(files, found, strict=True):
        span = f"{count(kept.rows, 'day')}, {kept.first_session} to {kept.last_session}"
        what = f"already there as {kept.detail}"
        if new:
            what = "kept"
        say(f"{path.name}: {what} ({span})")


@command.command("status")
@_TICKERS
@store_option
@json_option
def show_status(tickers: tuple[str, ...], store: Path | None, as_json: bool) -> int:
    """Say what the store holds, what changed between fetches, and whether it is sound; exit
    status 1 where not.
    """  # noqa: D205  # one paragraph of help
    from backtest.prices.store import Store
    from backtest.prices.store.status import changes, status
    from reports.rows import records

    opened = Store.open(store)
    rows = records(status(opened, tickers or None))
    changed = records(changes(opened))
    factors = opened.factors()
    if tickers:
        changed = [row for row in changed if row["ticker"] in tickers]
        factors = ()
    problems = tuple(map(str, opened.problems()))
    if as_json:
        say_json(
            {
                "store": opened.root,
                "tickers": rows,
                "factors": list(map(asdict, factors)),
                "changes": changed,
                "problems": list(problems),
            }
        )
        return int(bool(problems))
    say(f"price store: {opened.root}")
    for row in rows:
        say(_status_line(row))
    for kept in factors:
        say(_factors_line(kept))
    if not rows and not factors:
        say("nothing stored yet; begin with: reactions prices fetch")
    for row in changed:
        on = str(row["fetched_at"])[:10]
        say(f"{row['ticker']:<8} {row['change']} on {on}: {row['detail']}")
    for problem in problems:
        say(f"problem: {problem}")
    return int(bool(problems))


command.add_command(check)


def _status_line(row: Row) -> str:
    """What the store holds of a ticker, or what is wrong with it."""
    span = row["problem"]
    if row["first_session"]:
        span = f"{row['first_session']} to {row['last_session']}"
    fetched = ""
    if row["snapshots"]:
        times = f"{count(row['snapshots'], 'snapshot')}{_of_vendor(row)}"
        fetched = f"  {times}, last fetched {row['fetched_at']}"
    return f"{row['ticker']:<8} {span}{fetched}"


def _factors_line(kept: Snapshot) -> str:
    """A file of factors in the store."""
    span = f"{kept.first_session} to {kept.last_session}"
    since = f"kept {kept.fetched_at[:19]}Z"
    return f"factors  {span}  {kept.detail}, {since}, sha256 {kept.content[:12]}"


def _of_vendor(row: Row) -> str:
    """Whose they are, where that is not Yahoo."""
    if row["vendor"] in ("", "Yahoo"):
        return ""
    return f" of {row['vendor']}"


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True
)
@json_option
def export_prices(
    folder: Path,
    prices: str,
    pin: Path | None,
    experiment: Path | None,
    catalog: tuple[str, ...],
    form: str,
    as_json: bool,
) -> None:
    """Write prices as a folder of files, one a ticker, which --prices reads back."""
    from backtest.prices.store.export import export
    from reports.commands.options.common import experiment_prices

    found = experiment_prices(prices, experiment, catalog, pin, quiet=as_json)
    paths = export(found, folder, form)
    if as_json:
        files = [str(path) for path in paths]
        say_json({"simulated_prices": found.simulated, "folder": str(folder), "files": files})
        return
    say(f"{count(len(paths), 'ticker')} written to {folder}; use them with --prices {folder}")
