"""What a run says on the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from reports.commands.headline import headline_lines
from reports.rows import Row, records
from reports.run.findings import Findings
from reports.terminal import say, say_table
from reports.words import SIMULATED, count, number, percent, pvalue

_TOLD = 5  # reasons listed on the terminal


def report_lines(findings: Findings) -> Iterator[str]:
    """The answer, then study and strategies in a line each."""
    from reports.page.sections.answer import build
    from reports.page.sections.base import Context

    answer = build(Context(findings)).content
    yield from _simulated(findings)
    if answer is None:
        yield from _nothing(findings)
    else:
        yield f"{answer.session} {answer.headline}"
        yield answer.verdict
        yield from headline_lines(findings)
    yield from _notes(findings)
    yield f"{count(len(findings.primary.events), 'event')} studied, {len(findings.left_out)} left out"
    yield from _strategies(findings)


def _notes(findings: Findings) -> Iterator[str]:
    """What the run had to leave out or change."""
    yield from (f"note: {note}" for note in findings.notes)


def _nothing(findings: Findings) -> Iterator[str]:
    """Why no event could be studied."""
    yield "no event could be studied:"
    why = list(_reasons(findings))
    yield from (f"  {line}" for line in why[:_TOLD])
    if len(why) > _TOLD:
        yield f"  and {len(why) - _TOLD} more in tables/dropped.csv"


def _reasons(findings: Findings) -> Iterator[str]:
    for row in records(findings.tables["dropped"]):
        yield f"{row['event_id']}, {row['ticker']}: {row['why']}"


def study_summary(findings: Findings) -> dict[str, Any]:
    """The study in a few numbers: every window's average with its headline test; None where it cannot be given."""
    tests, windows = (
        findings.of_primary("tests"),
        findings.of_primary("windows").dropna(subset=["scar"]),
    )
    told = []
    for row in records(tests[(tests["group"] == "all") & (tests["test"] == HEADLINE_TEST)]):
        cars = windows.loc[windows["window"] == row["window"], "car"]
        numbers = {
            "caar": cars.mean(),
            **{key: row[key] for key in ("statistic", "pvalue", "pvalue_adjusted", "n_eff")},
        }
        known = {
            key: float(value) if math.isfinite(value) else None for key, value in numbers.items()
        }
        told.append(
            {
                "window": row["window"],
                "n_events": int(row["n_events"]),
                **known,
                "why_not": row["why_not"],
            }
        )
    return {
        "simulated_prices": findings.prices.simulated,
        "model": findings.experiment.study.primary.model,
        "benchmark": findings.experiment.study.primary.benchmark,
        "test": HEADLINE_TEST,
        "events": len(findings.primary.events),
        "dropped": len(findings.left_out),
        "why_nothing": [] if len(findings.primary.events) else list(_reasons(findings)),
        "headline": list(headline_lines(findings)),
        "windows": told,
    }


def show_study(findings: Findings) -> None:
    """A table on a terminal; the same numbers as plain lines in a pipe."""
    summary = study_summary(findings)
    for line in _simulated(findings):
        say(line)
    for line in _notes(findings):
        say(line)
    if not summary["events"]:
        for line in _nothing(findings):
            say(line)
    for line in headline_lines(findings):
        say(line)
    head = f"{findings.experiment.study.primary}: {count(summary['events'], 'event')}, {summary['dropped']} left out"
    rows = [_row(window) for window in summary["windows"]]
    say_table(
        head,
        ("window", "average abnormal return", "t", "p", "p adjusted", "events"),
        rows,
        ("window",),
    )
    if any(
        window["statistic"] and window["statistic"] * window["caar"] < 0
        for window in summary["windows"]
    ):
        say("t weighs each event by its precision, so its sign can differ from the plain average's")
    if "calibration" in findings.tables:
        say_table(*_calibration(findings.tables["calibration"]), ("window", "test"))


def _calibration(table: pd.DataFrame) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """How often each test rejects on placebo dates: without an effect at 1, 5 and 10%, then at 5% with each effect."""
    asked = [(0.0, level) for level in (0.01, 0.05, 0.10)]
    asked += [(effect, 0.05) for effect in sorted(set(table["effect"])) if effect]
    names = tuple(
        f"{percent(effect, 1)} at {level:.0%}" if effect else f"no effect at {level:.0%}"
        for effect, level in asked
    )
    rows = []
    for (window, test), part in table.groupby(["window", "test"], sort=False):
        cells = {(row["effect"], row["level"]): row for row in records(part)}
        found = [cells[key] for key in asked]
        rows.append((str(window), str(test), *map(_rate, found)))
    n = int(table["n_replications"].max())
    title = f"how often each test rejects on {n} placebo catalogs (± Monte Carlo error)"
    if table["rejected"].isna().all():
        title += f"; {table['why_not'].iloc[0]}"
    return title, ("window", "test", *names), rows


def _rate(row: Row) -> str:
    """A rejection rate with its Monte Carlo error, which three draws do not give."""
    if not math.isfinite(row["rejected"]):
        return "–"
    return f"{row['rejected']:.1%}" + (
        f" ±{row['mc_error']:.1%}" if math.isfinite(row["mc_error"]) else ""
    )


def _row(window: dict[str, Any]) -> tuple[str, ...]:
    caar, t, p, adjusted = (
        math.nan if window[key] is None else window[key]
        for key in ("caar", "statistic", "pvalue", "pvalue_adjusted")
    )
    judged = (
        (number(t), pvalue(p), pvalue(adjusted))
        if not window["why_not"]
        else (window["why_not"], "", "")
    )
    return (window["window"], percent(caar, 2), *judged, str(window["n_events"]))


def backtest_lines(findings: Findings) -> Iterator[str]:
    """A line a strategy."""
    yield from _simulated(findings)
    yield from _strategies(findings)


def _strategies(findings: Findings) -> Iterator[str]:
    for one in findings.backtests:
        judged = one.evaluation.judgement
        if judged.n_trades:
            mean = f"{percent(judged.mean_net, 2)} each after costs, {one.against(2)}"
            still = f"; {judged.n_open} still open" if judged.n_open else ""
            yield f"{one.name}: {count(judged.n_trades, 'trade')}, {mean}{still}"
        else:
            yield f"{one.name}: no completed trade, {judged.n_open} open, account {percent(judged.total_return, 2)}"


def _simulated(findings: Findings) -> Iterator[str]:
    if findings.prices.simulated:
        yield SIMULATED
