"""`reactions backtest`: the strategies alone."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import run_options, strategy_option
from reports.terminal import say


@click.command("backtest")
@run_options
@strategy_option
def command(
    experiment: Path | None,
    catalog: tuple[str, ...],
    prices: str,
    pin: Path | None,
    out: Path,
    store: Path | None,
    strategies: tuple[str, ...],
    **narrowed: str | None,
) -> None:
    """The strategies alone: tables, and a summary here."""
    from reports.commands.running import Asked, run_asked
    from reports.commands.summary import backtest_lines

    findings = run_asked(
        Asked(experiment, catalog, prices, pin, out, strategies, (), store, narrowed=narrowed),
        study=False,
    )
    for line in backtest_lines(findings):
        say(line)
    say(f"tables: {out / 'tables'}")
