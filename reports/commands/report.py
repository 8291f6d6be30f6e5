"""`reactions report`: everything, and the page."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import factors_option, format_option, run_options, strategy_option


@click.command("report")
@run_options
@factors_option
@strategy_option
@format_option
def command(
    experiment: Path | None,
    catalog: tuple[str, ...],
    prices: str,
    pin: Path | None,
    out: Path,
    store: Path | None,
    strategies: tuple[str, ...],
    formats: tuple[str, ...],
    factors: tuple[str, ...],
    **narrowed: str | None,
) -> None:
    """Study, backtest, and write the page and the tables."""
    from reports.commands.running import Asked, run_asked
    from reports.commands.summary import report_lines

    findings = run_asked(
        Asked(experiment, catalog, prices, pin, out, strategies, formats, store, factors=factors, narrowed=narrowed),
        page=True,
    )
    for line in report_lines(findings):
        click.echo(line)
    click.echo(f"page:   {out / 'report.html'}")
    click.echo(f"tables: {out / 'tables'}")
