"""What a run says on the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from backtest.study.inference import HEADLINE_TEST
from events.record.known import counts, tally
from reports.commands.options.regress import show_asked
from reports.commands.terminal.trading_lines import searched_lines, strategy_lines
from reports.page.headline import headline_lines
from reports.rows import Row, records
from reports.run.findings import Findings
from reports.run.sentences import drift_in_words
from reports.terminal import say, say_table
from reports.words import SIMULATED, count, number, percent, pvalue

_NOTED = 12  # notes on prices
_TOLD = 5  # reasons listed on the terminal


def report_lines(findings: Findings) -> Iterator[str]:
    """The answer, then study and strategies in a line each."""
    from reports.page.built import built

    answer = built(findings)[0].content
    yield from _simulated(findings)
    if answer is None:
        yield from _nothing(findings)
    else:
        yield answer.verdict
        yield from headline_lines(findings)
        if answer.lead == "average":
            yield from (text for _, text in answer.words.sentences)
        yield from filter(None, [findings.own_size_words])
        yield from _drifts(findings)
    yield from _notes(findings)
    yield (
        f"{count(len(findings.primary.events), 'event')} studied, {len(findings.left_out)} left out"
    )
    yield _times(findings)
    yield from strategy_lines(findings)


def _times(findings: Findings) -> str:
    return f"times of the announcements: {counts(findings.catalog.held)}"


def _drifts(findings: Findings) -> tuple[str, ...]:
    """What models find where nothing was announced, those over 0.3 points."""
    if "placebo_drift" not in findings.tables:
        return ()
    windows = findings.experiment.study.windows
    return drift_in_words(findings.tables["placebo_drift"], windows, over=True)


def _notes(findings: Findings) -> Iterator[str]:
    """What the run had to leave out or change."""
    yield from (f"note: {note}" for note in findings.notes)
    if findings.prices.understood:
        told = _together(findings.prices.notes)
    else:
        told = ()
    yield from (f"note: {note}" for note in told[:_NOTED])
    if len(told) > _NOTED:
        yield f"note: and {len(told) - _NOTED} more on the prices in manifest.json"


def large_lines(findings: Findings) -> Iterator[str]:
    """The tables too large for CSV."""
    from reports.export.tables import large_tables

    for name, rows in large_tables(findings).items():
        yield f"tables/{name}.parquet: {rows:,} rows, too many for CSV"


def _together(notes: tuple[str, ...]) -> tuple[str, ...]:
    """What is true of several tickers in one line."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        of, colon, text = note.partition(": ")
        alike.setdefault(text if colon else note, []).append(of if colon else "")
    lines = []
    for text, tickers in alike.items():
        named = [one for one in dict.fromkeys(tickers) if one]
        more = ""
        if len(named) > _TOLD:
            more = f" and {len(named) - _TOLD} more"
        lines.append(f"{', '.join(named[:_TOLD])}{more}: {text}" if named else text)
    return tuple(lines)


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
    """The study in a few numbers: every window's average with its headline test.

    None where it cannot be given.
    """
    tests, windows = (
        findings.of_primary("tests"),
        findings.of_primary("windows", "window", "car", "scar").dropna(subset=["scar"]),
    )
    told = []
    sizes, means = _own_sizes(findings), _weighted_means(findings)
    for row in records(tests[(tests["group"] == "all") & (tests["test"] == HEADLINE_TEST)]):
        cars = windows.loc[windows["window"] == row["window"], "car"]
        numbers = {
            "caar": cars.mean(),
            "weighted_mean": means.get(row["window"], math.nan),
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
                "own_size": sizes.get(row["window"]),
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
        "times_known": tally(findings.catalog.held),
        "why_nothing": [] if len(findings.primary.events) else list(_reasons(findings)),
        "headline": list(headline_lines(findings)),
        "windows": told,
    }


def _weighted_means(findings: Findings) -> dict[str, float]:
    """The average of all events that the headline test is of, by window, as the page has it."""
    table = findings.of_primary("averages")
    rows = records(table[table["group"] == "all"])
    return {row["window"]: float(row["weighted_mean"]) for row in rows}


def _own_sizes(findings: Findings) -> dict[str, float]:
    """Share of drawn studies without an effect that the headline test rejects, by window."""
    if "own_size" not in findings.tables:
        return {}
    known = findings.tables["own_size"].dropna(subset=["rejected"])
    return dict(zip(known["window"], known["rejected"].astype(float), strict=True))


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
    head = (
        f"{findings.experiment.study.primary}: {count(summary['events'], 'event')}, "
        f"{summary['dropped']} left out"
    )
    rows = [_row(window) for window in summary["windows"]]
    say(_times(findings))
    say_table(
        head,
        ("window", "average abnormal return", "plain mean", "t", "p", "p adjusted", "events"),
        rows,
        ("window",),
    )
    if summary["events"]:
        say("the average and its t and p weigh events by their precision, the plain mean does not")
    if findings.own_size_words:
        say(findings.own_size_words)
    for line in _drifts(findings):
        say(line)
    show_asked(findings)
    if "calibration" in findings.tables:
        say_table(*_calibration(findings.tables["calibration"]), ("window", "test"))


def _calibration(table: pd.DataFrame) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """How often each test rejects on placebo dates.

    Without an effect at 1, 5 and 10%, then at 5% with each effect.
    """
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
    drawn = count(n, "placebo catalog")
    title = f"how often each test rejects on {drawn} (± Monte Carlo error)"
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
    keys = ("weighted_mean", "caar", "statistic", "pvalue", "pvalue_adjusted")
    mean, caar, t, p, adjusted = (math.nan if window[key] is None else window[key] for key in keys)
    if not window["why_not"]:
        judged = (number(t), pvalue(p), pvalue(adjusted))
    else:
        judged = (window["why_not"], "", "")
    return (window["window"], percent(mean, 2), percent(caar, 2), *judged, str(window["n_events"]))


def report_summary(findings: Findings) -> dict[str, Any]:
    """What `study_summary` has, and the strategies."""
    return study_summary(findings) | backtest_summary(findings)


def backtest_summary(findings: Findings) -> dict[str, Any]:
    """A strategy's row of summary.csv each.

    With what was searched in words, and what the run left out or changed.
    """
    return {
        "simulated_prices": findings.prices.simulated,
        "strategies": [
            {"name": one.name} | records(one.evaluation.summary)[0] for one in findings.backtests
        ],
        "searched": list(searched_lines(findings)),
        "notes": list(_notes(findings)),
    }


def backtest_lines(findings: Findings) -> Iterator[str]:
    """What the run had to leave out or change, then a line a strategy."""
    yield from _simulated(findings)
    yield from _notes(findings)
    yield from strategy_lines(findings)


def _simulated(findings: Findings) -> Iterator[str]:
    if findings.prices.simulated:
        yield SIMULATED
