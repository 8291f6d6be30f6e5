"""Answers for machines.

Numbers with their units, how many events or days stand behind them, flags in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from events import Announcement
from events.files.writing.preview import preview
from events.flag import count_flags
from reports.agent.desk import Desk
from reports.commands.terminal.summary import study_summary
from reports.rows import Row, least_sure, records, span
from reports.run.findings import Findings
from reports.words import SIMULATED

UNITS = {
    "returns": "fractions: 0.05 is 5%",
    "windows": "sessions of the security's exchange; session 0 is the first that could react",
    "p": "of no abnormal return: the larger of the t-test's, two-sided, and the conformal one",
    "mde80": "smallest move found with 80% power at the 5% level",
}
OF_NEWS = {
    "amount": "US dollars",
    "announced_at": "an instant with its offset from UTC, or a date where the time is not known",
}
MOST_ROWS = 200  # of a table, an answer
MOST_AVERAGES = 60  # rows of averages beside everything else of a run
NO_PROOF = "A p-value above 0.05 means not shown, not that there was no effect."
ONE_EVENT = (
    "One event: its test assumes that the days before it tell how the share moves without news."
)


def known(value: Any) -> Any:
    """A cell as JSON has it: None for what is not a finite number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if hasattr(value, "item"):
        return value.item()
    return value


def caveats(findings: Findings) -> list[str]:
    """What holds of every number of a run."""
    if findings.prices.simulated:
        simulated = [SIMULATED]
    else:
        simulated = []
    return [*simulated, *findings.notes, NO_PROOF]


def announcement(news: Announcement) -> dict[str, Any]:
    """One announcement in full, and what a study does with it."""
    told = news.model_dump(mode="json", exclude_none=True)
    return told | {"in_a_study": list(preview(news)), "units": OF_NEWS}


def brief(news: Announcement) -> dict[str, Any]:
    """One announcement in a line of a list."""
    return {
        "id": news.id, "announced_at": str(news.announced_at), "kind": news.kind_word,
        "tickers": list(news.tickers), "headline": news.headline,
        "confidence": news.confidence.studied,
    }  # fmt: skip


def reaction(desk: Desk, ticker: str, name: str) -> dict[str, Any]:
    """How one share reacted to one announcement: every window, how sure, and what else happened."""
    news = desk.find(name, ticker)
    findings = desk.findings
    windows = [row for row in records(findings.of_primary("windows")) if _is(row, news.id, ticker)]
    estimates = records(findings.of_primary("estimates"))
    days = next((row["n_obs"] for row in estimates if _is(row, news.id, ticker)), 0)
    rivals = list(_rivals(findings, news.id, ticker))
    return {
        "announcement": brief(news),
        "ticker": ticker,
        "answer": [_sentence(ticker, row, days) for row in windows if row["end"] >= 0],
        "windows": [_window(row) for row in windows],
        "ordinary_days": days,
        "normal_returns": str(findings.experiment.study.primary),
        "not_studied": [
            row["why"] for row in records(findings.tables["dropped"]) if _is(row, news.id, ticker)
        ],
        "also_happened": rivals,
        "flags": _meanings(windows),
        "caveats": [*caveats(findings), ONE_EVENT, *_not_alone(rivals)],
        "units": UNITS,
    }


def _is(row: Row, event: str, ticker: str) -> bool:
    return bool(row["event_id"] == event and row["ticker"] == ticker)


def _window(row: Row) -> dict[str, Any]:
    told = {
        "window": row["window"], "sessions": span(row), "event_session": row["event_session"],
        "return": row["raw_return"], "abnormal_return": row["car"], "p": least_sure(row),
        "low": row["car_low"], "high": row["car_high"], "df": row["df"],
        "mde80": row["mde80"], "n_sessions": row["n_valid"], "flags": row["flags"],
    }  # fmt: skip
    return {key: known(value) for key, value in told.items()}


def _sentence(ticker: str, row: Row, days: int) -> str:
    from reports.page.headline import in_words

    return f"{ticker}, {row['window']} {span(row)}: {in_words(row, days)}"


def _rivals(findings: Findings, event: str, ticker: str) -> Iterator[dict[str, Any]]:
    for row in records(findings.tables["conflicts"]):
        if _is(row, event, ticker):
            kept = ("what", "with_event", "day", "not_separable", "note")
            yield {key: known(row[key]) for key in kept}


def _not_alone(rivals: list[dict[str, Any]]) -> list[str]:
    """What cannot be told from this announcement, since it met the same session."""
    told = "The move cannot be told from that of other news of the same session: {}."
    return [told.format(one["note"] or one["what"]) for one in rivals if one["not_separable"]]


def _meanings(rows: list[Row]) -> dict[str, str]:
    """Every flag of these rows, and what it means."""
    return {flag.value: flag.meaning for flag in sorted(count_flags(row["flags"] for row in rows))}


def summary(findings: Findings, name: str) -> dict[str, Any]:
    """A run in a few numbers: averages with the headline test, and what was left out and why."""
    dropped = records(findings.tables["dropped"])
    return {
        "run": name,
        **study_summary(findings),
        **_averages(findings),
        "left_out": [_known_row(row) for row in dropped][:MOST_ROWS],
        "tables": sorted(findings.tables),
        "understood": list(findings.catalog.understood),
        "caveats": caveats(findings),
        "units": UNITS,
    }


def _averages(findings: Findings) -> dict[str, Any]:
    """The rows of averages; of very many those of all events, and where the others are."""
    rows = [_known_row(row) for row in records(findings.tables["averages"])]
    if len(rows) <= MOST_AVERAGES:
        return {"averages": rows}
    groups = list(dict.fromkeys(row["group"] for row in rows if row["group"] != "all"))
    one = "{}"
    if groups:
        one = f'{{"group": "{groups[0]}"}}'
    told = (
        f"{len(rows)} rows, also by {', '.join(groups)}: table averages of `results`, where {one}"
    )
    return {"averages": [row for row in rows if row["group"] == "all"], "more_averages": told}


def table_rows(findings: Findings, table: str, start: int, where: dict[str, str]) -> dict[str, Any]:
    """Rows of a table of a run, from `start` on.

    `where` keeps rows whose columns hold these texts.
    """
    from events import CatalogError
    from events.errors import suggest

    if table not in findings.tables:
        near = suggest(table, findings.tables)
        raise CatalogError(f"no table '{table}'{near}; there are {', '.join(findings.tables)}")
    frame = findings.tables[table]
    for column, value in where.items():
        if column not in frame:
            columns = [str(name) for name in frame.columns]
            near = suggest(column, columns)
            raise CatalogError(
                f"{table} has no column '{column}'{near}; it has {', '.join(columns)}"
            )
        frame = frame[frame[column].astype(str) == str(value)]
    rows = [_known_row(row) for row in records(frame.iloc[start : start + MOST_ROWS])]
    return {
        "rows": rows, "from": start, "n_rows": len(frame), "more": len(frame) > start + len(rows),
        "flags": _meanings(rows) if "flags" in frame else {},
        "caveats": caveats(findings), "units": UNITS,
    }  # fmt: skip


def _known_row(row: Row) -> Row:
    return {key: known(value) for key, value in row.items()}
