"""`reactions claims`: the moves the press reported, recomputed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from reports.commands.options.common import (
    catalog_option,
    experiment_option,
    pin_option,
    prices_option,
)
from reports.terminal import json_option, say, say_json, say_table


@click.command("claims")
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option("--all", "every", is_flag=True, help="All of them, not only those that disagree.")
@json_option
def command(
    prices: str,
    pin: Path | None,
    experiment: Path | None,
    catalog: tuple[str, ...],
    every: bool,
    as_json: bool,
) -> int:
    """Check the moves the press reported against prices; exit status 1 where any disagrees."""
    from backtest.study.claims.check import AGREES, DISAGREES, NEAR, UNDECIDABLE, check_claims
    from reports.commands.options.common import (
        experiment_prices,
        read_catalog,
        read_experiment,
        selected,
    )
    from reports.rows import records
    from reports.words import count

    chosen = selected(read_experiment(experiment), read_catalog(catalog))
    found = experiment_prices(prices, experiment, catalog, pin, quiet=as_json)
    claims = records(check_claims(chosen, found))
    listed = [row for row in claims if every or row["verdict"] == DISAGREES]
    of = Counter(row["verdict"] for row in claims)
    agree, disagree = (
        count(of[verdict], verdict, verdict.removesuffix("s")) for verdict in (AGREES, DISAGREES)
    )
    told = f"{agree}, {of[NEAR]:,} near, {disagree}, {of[UNDECIDABLE]:,} not decidable"
    status = int(of[DISAGREES] > 0)
    if as_json:
        say_json({"simulated_prices": found.simulated, "counts": dict(of), "claims": listed})
        return status
    if listed:
        head = ("announcement", "ticker", "claim", "verdict", "basis")
        cells = ("event_id", "ticker", "claim", "verdict", "basis")
        say_table("", head, [tuple(str(row[key]) for key in cells) for row in listed], head)
    say(f"{count(len(claims), 'claim')}: {told}")
    return status
