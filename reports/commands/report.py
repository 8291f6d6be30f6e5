"""`reactions report`: everything, and the page."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from reports.commands.options.common import (
    by_option,
    factors_option,
    format_option,
    run_options,
    strategy_option,
)
from reports.commands.options.models import model_options
from reports.commands.options.panels import panel_options
from reports.commands.options.regress import regress_options
from reports.commands.options.spreading import calibrate_option, spread_options
from reports.terminal import json_option, say, say_json

# What a process that trades loads. First what does without pandas: in a fresh installation, where
# modules are still to be compiled, the process that studies compiles pandas meanwhile.
_LOADS = (
    "ipywidgets", "numba", "backtest.trading.engine", "strategies.evaluate.evaluate",
    "strategies.evaluate.placebo", "strategies.evaluate.bridge", "strategies.evaluate.trials",
    "reports.run.trading.backtests",
)  # fmt: skip


@click.command("report")
@run_options
@panel_options
@model_options
@regress_options
@by_option
@factors_option
@strategy_option
@format_option
@calibrate_option
@spread_options
@click.option(
    "--print",
    "printed",
    type=click.Choice(["argument", "full"]),
    help="What the page prints: the argument (the default), or everything on it.",
)
@click.option(
    "--if-changed",
    is_flag=True,
    help="Do nothing where neither catalog, prices, factors, experiment nor versions changed "
    "since the run in --out.",
)
@json_option
@click.pass_obj
def command(may_spawn: bool, /, out: Path, *, as_json: bool, **options: Any) -> int:
    """Study, backtest, and write the page and the tables; exit status 1 where nothing
    could be studied.
    """  # noqa: D205  # one paragraph of help
    with _trading_process(may_spawn) as aside:  # before the imports below, which take as long
        from reports.commands.running import Asked, UnchangedError, run_asked
        from reports.commands.terminal.summary import large_lines, report_lines, report_summary

        try:
            findings = run_asked(Asked.of(out=out, **options), page=True, aside=aside)
        except UnchangedError:
            if as_json:
                say_json({"changed": False})
                return 0
            say(
                f"nothing changed since the run in {out}: "
                "catalog, prices, factors, experiment and versions are the same"
            )
            return 0
    status = int(not len(findings.primary.events))
    if as_json:
        files = {"page": str(out / "report.html"), "tables": str(out / "tables")}
        say_json({"changed": True} | report_summary(findings) | files)
        return status
    for line in report_lines(findings):
        say(line)
    for line in large_lines(findings):
        say(line)
    say(f"page:   {out / 'report.html'}")
    say(f"tables: {out / 'tables'}")
    return status


@contextmanager
def _trading_process(may_spawn: bool) -> Iterator[Executor | None]:
    """A process that loads the trade simulator and trades meanwhile.

    Loading takes a third of the wait for a report. It ends with the block at once: what nobody
    waited for is not wanted.
    """
    if not may_spawn:
        yield None
        return
    from backtest.work.workers import Workers

    with Workers(1, _LOADS) as workers:
        try:
            yield workers
        finally:
            workers.shutdown(wait=False)
