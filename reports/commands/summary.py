"""What a run says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from backtest.study.inference import HEADLINE_TEST
from reports.findings import Findings
from reports.rows import records
from reports.words import count, equal, number, percent, pvalue


def report_lines(findings: Findings) -> Iterator[str]:
    """The answer, then study and strategies in a line each."""
    from reports.sections.answer import build
    from reports.sections.base import Context

    answer = build(Context(findings)).content
    yield from _simulated(findings)
    if answer is None:
        yield "no event could be studied; tables/dropped.csv says why"
    else:
        yield f"{answer.session} {answer.headline}"
        yield answer.verdict
    yield f"{count(len(findings.primary.events), 'event')} studied, {len(findings.tables['dropped'])} left out"
    yield from _strategies(findings)


def study_lines(findings: Findings) -> Iterator[str]:
    """The average of every window with its headline test."""
    yield from _simulated(findings)
    spec = findings.experiment.study.primary
    yield f"{spec}: {count(len(findings.primary.events), 'event')}, {len(findings.tables['dropped'])} left out"
    tests, windows = findings.of_primary("tests"), findings.of_primary("windows")
    for row in records(tests[(tests["group"] == "all") & (tests["test"] == HEADLINE_TEST)]):
        mean = windows.loc[windows["window"] == row["window"], "car"].mean()
        judged = (
            row["why_not"]
            or f"t = {number(row['statistic'])}, p {equal(row['pvalue'])} ({pvalue(row['pvalue_adjusted'])} adjusted)"
        )
        yield f"  {row['window']:<8} average abnormal return {percent(mean, 2):>8}   {judged}"


def backtest_lines(findings: Findings) -> Iterator[str]:
    """A line a strategy."""
    yield from _simulated(findings)
    yield from _strategies(findings)


def _strategies(findings: Findings) -> Iterator[str]:
    for one in findings.backtests:
        trades = one.evaluation.trades
        if trades.empty:
            yield f"{one.name}: no trade"
        else:
            mean = percent(trades["net_return"].mean(), 2)
            yield f"{one.name}: {count(len(trades), 'trade')}, {mean} each on average after costs"


def _simulated(findings: Findings) -> Iterator[str]:
    if findings.prices.simulated:
        yield "SIMULATED prices: nothing below happened in a market."
