"""`reactions claims`: the moves the press reported, recomputed."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import catalog_option, experiment_option, pin_option, prices_option


@click.command("claims")
@prices_option
@pin_option
@experiment_option
@catalog_option
@click.option("--all", "every", is_flag=True, help="All of them, not only those that disagree.")
def command(prices: str, pin: Path | None, experiment: Path | None, catalog: tuple[str, ...], every: bool) -> int:
    """Check the moves the press reported against prices; exit status 1 where any disagrees."""
    from backtest.study.claims import check_claims
    from reports.commands.common import experiment_prices, read_catalog, read_experiment, selected
    from reports.rows import records

    chosen = selected(read_experiment(experiment), read_catalog(catalog))
    claims = records(check_claims(chosen, experiment_prices(prices, experiment, catalog, pin)))
    wrong = [row for row in claims if row["verdict"] == "disagrees"]
    for row in claims if every else wrong:
        click.echo(f"{row['event_id']}: {row['ticker']} {row['claim']}: {row['verdict']}, {row['basis']}")
    click.echo(f"{len(claims)} claims, {len(wrong)} disagree with the prices")
    return 1 if wrong else 0
