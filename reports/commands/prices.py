"""`reactions prices`: fetch, look after and check price data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
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
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from backtest.prices.sources.network.fetch import Fetched

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
        if bad:
            return 1
        return 0
    for line in said.kept:
        say(line)
    say(f"{len(outcomes) - len(bad)} of {count(len(outcomes), 'ticker')} up to date")
    if bad:
        return 1
    return 0


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
        say(f"{path.name}: {'kept' if new else f'already there as {kept.detail}'} ({span})")


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
            f"  {row['snapshots']} snapshots{_of_vendor(row)}, last fetched {row['fetched_at']}"
            if row["snapshots"]
            else ""
        )
        say(f"{row['ticker']:<8} {span}{count}")
    factors = () if tickers else opened.factors()
    for kept in factors:
        span = f"{kept.first_session} to {kept.last_session}"
        say(
            f"factors  {span}  {kept.detail}, "
            f"kept {kept.fetched_at[:19]}Z, sha256 {kept.content[:12]}"
        )
    if not rows and not factors:
        say("nothing stored yet; begin with: reactions prices fetch")
    for row in records(changes(opened)):
        if not tickers or row["ticker"] in tickers:
            say(
                f"{row['ticker']:<8} {row['change']} on {str(row['fetched_at'])[:10]}: "
                f"{row['detail']}"
            )
    problems = opened.problems()
    for problem in problems:
        say(f"problem: {problem}")
    return 1 if problems else 0


def _of_vendor(row: Mapping[str, object]) -> str:
    """Whose they are, where that is not Yahoo."""
    if row["vendor"] in ("", "Yahoo"):
        return ""
    return f" of {row['vendor']}"


@command.command("check")
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option(
    "--against",
    metavar="|".join((*reversed(VENDORS), "DIR")),
    help="Other prices of the same tickers: splits, dividends, closes and sessions are compared.",
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
    """List what is odd about prices; exit status 1 where there is an error or a warning.

    Or where a ticker that the catalog or experiment asked for names has no prices.
    """
    from backtest.prices.quality.against import differences, overview
    from backtest.prices.quality.check import check as oddities
    from reports.commands.options.against import other_prices, told_apart
    from reports.commands.options.common import experiment_prices, needed, read_catalog
    from reports.rows import records

    found = experiment_prices(prices, experiment, catalog, pin, quiet=as_json)
    wanted: tuple[str, ...] = ()
    if experiment:
        wanted = needed((), experiment, catalog)
    elif catalog:  # the usual experiment's peers are nobody's wish
        wanted = tuple(ticker for news in read_catalog(catalog) for ticker in news.tickers)
    missing = sorted(set(wanted) - set(found.all_tickers))
    listed, compared = list(oddities(found)), None
    if against:
        other = other_prices(against, found, experiment, catalog, quiet=as_json or found.simulated)
        found, other = told_apart((found, str(pin or prices)), (other, against))
        listed += differences(found, other)
        compared = overview(found, other)
    serious = [one for one in listed if one.severity != "note"]
    if as_json:
        shown = [asdict(one) for one in (listed if notes else serious)]
        beside = {} if compared is None else {"compared": records(compared)}
        about = {"simulated_prices": found.simulated, "tickers": found.tickers}
        say_json(about | {"missing": missing, "findings": shown} | beside)
        return 1 if serious or missing else 0
    if compared is not None:
        rows = [tuple(map(str, row.values())) for row in records(compared)]
        say_table("", tuple(compared.columns), rows, ("ticker", "worst_on"))
    for one in listed if notes else serious:
        say(str(one))
    if missing:
        say(f"no prices for {', '.join(missing)}, which the catalog or the experiment names")
    told = (count(len(serious), "finding"), count(len(listed) - len(serious), "note"))
    say(f"{count(len(found.tickers), 'ticker')}: {', '.join(told)}")
    return 1 if serious or missing else 0


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
