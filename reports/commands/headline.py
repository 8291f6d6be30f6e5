"""The answer of the headline in words: each ticker over each window, how sure, and what could have been found."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reports.page.headline import headline_event, headline_tickers
from reports.rows import Row, reach, records, span
from reports.run.findings import Findings
from reports.words import count, equal, percent


def headline_lines(findings: Findings) -> Iterator[str]:
    """A line for the announcement, then one a ticker and window; none where nothing could be studied."""
    event = headline_event(findings)
    if event is None:
        return
    windows, estimates = findings.of_primary("windows"), findings.of_primary("estimates")
    yield f"{event}: {findings.catalog[event].headline}"
    for ticker in headline_tickers(findings, event):
        mine = estimates[(estimates["event_id"] == event) & (estimates["ticker"] == ticker)]
        days = int(mine["n_obs"].iloc[0]) if len(mine) else 0
        rows = windows[(windows["event_id"] == event) & (windows["ticker"] == ticker)]
        for row in records(rows[rows["end"] >= 0]):  # what came before the news is no answer
            yield f"  {ticker} {row['window']} {span(row)}: {_in_words(row, days)}"


def _in_words(row: Row, days: int) -> str:
    if not math.isfinite(row["car"]):
        return "cannot be measured: its sessions are not all there"
    told = f"moved {percent(row['raw_return'])}, abnormal return {percent(row['car'])}"
    half = reach(row)
    if not (math.isfinite(half) and math.isfinite(row["pvalue"])):
        return f"{told}; it cannot be judged for want of history"
    between = f"95% interval {percent(row['car'] - half)} to {percent(row['car'] + half)}"
    told += f" ({between}, p {equal(row['pvalue'])}, from {count(days, 'ordinary day')})"
    if math.isfinite(row["mde80"]):
        told += f"; only moves beyond ±{row['mde80']:.1%} would be found reliably"
    return told
