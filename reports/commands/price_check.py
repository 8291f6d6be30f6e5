"""`reactions prices check`: what is odd about prices, and which are not there."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from events.words import count
from reports.commands.options.common import (
    VENDORS,
    catalog_option,
    experiment_option,
    pin_option,
    prices_option,
)
from reports.terminal import json_option, say, say_json, say_table

if TYPE_CHECKING:
    from reports.rows import Row

_HEAD = (
    "ticker", "closes compared", "differ", "sessions of one alone", "largest difference", "on",
)  # fmt: skip


@click.command("check")
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
    from reports.commands.options.common import experiment_prices
    from reports.rows import records

    found = experiment_prices(prices, experiment, catalog, pin, quiet=as_json)
    missing = sorted(set(_wanted(experiment, catalog)) - set(found.all_tickers))
    listed, compared = list(oddities(found)), None
    if against:
        other = other_prices(against, found, experiment, catalog, quiet=as_json or found.simulated)
        found, other = told_apart((found, str(pin or prices)), (other, against))
        listed += differences(found, other)
        compared = overview(found, other)
    serious = [one for one in listed if one.severity != "note"]
    shown = serious
    if notes:
        shown = listed
    status = int(bool(serious or missing))
    if as_json:
        about: dict[str, object] = {
            "simulated_prices": found.simulated,
            "tickers": found.tickers,
            "missing": missing,
            "findings": list(map(asdict, shown)),
        }
        if compared is not None:
            about["compared"] = records(compared)
        say_json(about)
        return status
    if compared is not None:
        say_table("", _HEAD, [_compared(row) for row in records(compared)], ("ticker", "on"))
    for one in shown:
        say(str(one))
    if missing:
        say(f"no prices for {', '.join(missing)}, which the catalog or the experiment names")
    told = (count(len(serious), "finding"), count(len(listed) - len(serious), "note"))
    say(f"{count(len(found.tickers), 'ticker')}: {', '.join(told)}")
    return status


def _compared(row: Row) -> tuple[str, ...]:
    """How two histories of a ticker compare; without a common close there is no difference."""
    from reports.words import NONE

    known = row["compared"] > 0
    counts = [f"{row[key]:,}" for key in ("compared", "differ", "only_one_has")]
    largest, worst_on = NONE, NONE
    if known:
        largest, worst_on = f"{row['largest']:.4%}", row["worst_on"]
    return (row["ticker"], *counts, largest, worst_on)


def _wanted(experiment: Path | None, catalog: tuple[str, ...]) -> tuple[str, ...]:
    """The tickers that were asked for by name."""
    from reports.commands.options.common import needed, read_catalog

    if experiment:
        return needed((), experiment, catalog)
    if catalog:  # the usual experiment's peers are nobody's wish
        return tuple(ticker for news in read_catalog(catalog) for ticker in news.tickers)
    return ()
