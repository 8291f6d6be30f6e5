"""`reactions study`: the event study alone."""

from __future__ import annotations

from pathlib import Path

import click

from reports.commands.common import by_option, factors_option, format_option, run_options
from reports.terminal import say, say_json


@click.command("study")
@run_options
@by_option
@factors_option
@format_option
@click.option(
    "--calibrate",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Simulate the tests on these prices, N times.",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, for machines.")
def command(
    experiment: Path | None,
    catalog: tuple[str, ...],
    prices: str,
    pin: Path | None,
    out: Path,
    store: Path | None,
    formats: tuple[str, ...],
    by: tuple[str, ...],
    factors: tuple[str, ...],
    as_json: bool,
    calibrate: int | None,
    **narrowed: str | None,
) -> int:
    """The event study alone: tables, and a summary here; exit status 1 where nothing could be studied."""
    from reports.commands.running import Asked, run_asked
    from reports.commands.summary import show_study, study_summary

    findings = run_asked(
        Asked(
            experiment,
            catalog,
            prices,
            pin,
            out,
            (),
            formats,
            store,
            calibrate,
            factors=factors,
            by=by,
            narrowed=narrowed,
        ),
        trade=False,
    )
    if as_json:
        say_json(study_summary(findings))
    else:
        show_study(findings)
        say(f"tables: {out / 'tables'}")
    return 0 if len(findings.primary.events) else 1
