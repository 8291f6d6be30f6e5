"""`reactions backtest`: the strategies alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reports.commands.options.common import run_options, strategy_option
from reports.commands.options.spreading import workers_options
from reports.terminal import json_option, say, say_json


@click.command("backtest")
@run_options
@strategy_option
@click.option(
    "--over",
    multiple=True,
    metavar="FIELD=VALUES",
    help="Try every combination of these values of the strategy's fields: --over hold=1,5,20; "
    "may be repeated.",
)
@click.option(
    "--splits",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="Walk the choice forward: made on the past, judged on what came after, N times.",
)
@workers_options
@json_option
def command(out: Path, *, as_json: bool, **options: Any) -> None:
    """The strategies alone: tables, and a summary here."""
    from reports.commands.running import Asked, run_asked
    from reports.commands.terminal.summary import backtest_lines, backtest_summary

    findings = run_asked(Asked.of(out=out, **options), study=False)
    if as_json:
        say_json(backtest_summary(findings) | {"tables": str(out / "tables")})
        return
    for line in backtest_lines(findings):
        say(line)
    say(f"tables: {out / 'tables'}")
