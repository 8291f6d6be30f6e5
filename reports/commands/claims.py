"""`reactions claims`: the moves the press reported, recomputed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from reports.commands.common import catalog_option, experiment_option, pin_option, prices_option
from reports.terminal import say


@click.command("claims")
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option("--all", "every", is_flag=True, help="All of them, not only those that disagree.")
def command(
    prices: str, pin: Path | None, experiment: Path | None, catalog: tuple[str, ...], every: bool
) -> int:
    """Check the moves the press reported against prices; exit status 1 where any disagrees."""
    from backtest.study.claims.check import AGREES, DISAGREES, NEAR, UNDECIDABLE, check_claims
    from reports.commands.common import experiment_prices, read_catalog, read_experiment, selected
    from reports.rows import records
    from reports.words import count

    chosen = selected(read_experiment(experiment), read_catalog(catalog))
    claims = records(check_claims(chosen, experiment_prices(prices, experiment, catalog, pin)))
    for row in claims:
        if every or row["verdict"] == DISAGREES:
            say(
                f"{row['event_id']}: {row['ticker']} {row['claim']}: {row['verdict']}, {row['basis']}"
            )
    of = Counter(row["verdict"] for row in claims)
    told = f"{of[AGREES]} agree, {of[NEAR]} near, {of[DISAGREES]} disagree, {of[UNDECIDABLE]} not decidable"
    say(f"{count(len(claims), 'claim')}: {told}")
    return 1 if of[DISAGREES] else 0
