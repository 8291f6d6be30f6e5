"""`reactions report`: everything, and the page."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.commands.common import (
    by_option,
    factors_option,
    format_option,
    run_options,
    strategy_option,
)
from reports.terminal import say

if TYPE_CHECKING:
    from reports.run.second_process import Ask

# What a process that trades loads. First what does without pandas: in a fresh installation, where
# modules are still to be compiled, the process that studies compiles pandas meanwhile.
_LOADS = (
    "ipywidgets", "numba", "backtest.trading.engine", "strategies.evaluate", "strategies.placebo", "strategies.bridge",
    "strategies.trials", "reports.run.backtests",
)  # fmt: skip


@click.command("report")
@run_options
@by_option
@factors_option
@strategy_option
@format_option
@click.pass_obj
def command(
    may_spawn: bool,
    /,
    experiment: Path | None,
    catalog: tuple[str, ...],
    prices: str,
    pin: Path | None,
    out: Path,
    store: Path | None,
    strategies: tuple[str, ...],
    formats: tuple[str, ...],
    by: tuple[str, ...],
    factors: tuple[str, ...],
    **narrowed: str | None,
) -> None:
    """Study, backtest, and write the page and the tables."""
    with _trading_process(may_spawn) as aside:  # before the imports below, which take as long
        from reports.commands.running import Asked, run_asked
        from reports.commands.summary import report_lines

        asked = Asked(
            experiment,
            catalog,
            prices,
            pin,
            out,
            strategies,
            formats,
            store,
            factors=factors,
            by=by,
            narrowed=narrowed,
        )
        findings = run_asked(asked, page=True, aside=aside)
    for line in report_lines(findings):
        say(line)
    say(f"page:   {out / 'report.html'}")
    say(f"tables: {out / 'tables'}")


def _trading_process(may_spawn: bool) -> AbstractContextManager[Ask | None]:
    if not may_spawn:
        return nullcontext()
    from reports.run.second_process import second_process

    return second_process(*_LOADS)
