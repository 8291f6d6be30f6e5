"""`reactions study`: the event study alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reports.commands.options.common import by_option, factors_option, format_option, run_options
from reports.commands.options.models import model_options
from reports.commands.options.panels import panel_options
from reports.commands.options.regress import regress_options
from reports.commands.options.spreading import calibrate_option, spread_options
from reports.terminal import say, say_json


@click.command("study")
@run_options
@panel_options
@model_options
@regress_options
@by_option
@factors_option
@format_option
@spread_options
@calibrate_option
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, for machines.")
def command(out: Path, *, as_json: bool, **options: Any) -> int:
    """The event study alone: tables, and a summary here; exit status 1 where nothing
    could be studied.
    """  # noqa: D205  # one paragraph of help
    from reports.commands.running import Asked, run_asked
    from reports.commands.terminal.summary import large_lines, show_study, study_summary

    findings = run_asked(Asked.of(out=out, **options), trade=False)
    if as_json:
        say_json(study_summary(findings))
    else:
        show_study(findings)
        for line in large_lines(findings):
            say(line)
        say(f"tables: {out / 'tables'}")
    return int(not len(findings.primary.events))
