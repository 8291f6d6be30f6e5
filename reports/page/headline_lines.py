"""The answer of the headline in words.

Each ticker over each window, how sure, and what could have been found.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from reports.page.headline import headline_events, headline_tickers
from reports.rows import Row, lacking, least_sure, records, span
from reports.run.findings import Findings
from reports.words import count, equal, percent


def headline_lines(findings: Findings) -> Iterator[str]:
    """A line for each announcement, then one a ticker and window.

    None where there is no headline.
    """
    names = headline_events(findings)
    windows, estimates = findings.of_primary("windows"), findings.of_primary("estimates")
    for event in names:
        title = findings.catalog[event].headline
        if title == event:
            yield event
        else:
            yield f"{event}: {title}"
        for ticker in headline_tickers(findings, names):
            mine = estimates[(estimates["event_id"] == event) & (estimates["ticker"] == ticker)]
            days = 0
            if len(mine):
                days = int(mine["n_obs"].iloc[0])
            rows = windows[(windows["event_id"] == event) & (windows["ticker"] == ticker)]
            for row in records(rows[rows["end"] >= 0]):  # what came before the news is no answer
                yield f"  {ticker} {row['window']} {span(row)}: {in_words(row, days)}"


def in_words(row: Row, days: int) -> str:
    """One share over one window.

    How it moved, how sure, from how many days, and what could have been found. The p is that of the
    page's first screen: the larger of the t-test's and the conformal one.
    """
    if not math.isfinite(row["car"]):
        return "cannot be measured: its sessions are not all there"
    told = f"moved {percent(row['raw_return'])}, abnormal return {percent(row['car'])}"
    part = lacking(row)
    if not (math.isfinite(row["car_low"]) and math.isfinite(row["pvalue"])):
        return f"{told}; it cannot be judged for want of history{part}"
    between = f"95% interval {percent(row['car_low'])} to {percent(row['car_high'])}"
    told += f" ({between}, p {equal(least_sure(row))}, from {count(days, 'ordinary day')})"
    if math.isfinite(row["mde80"]):
        told += f"; only moves beyond ±{row['mde80']:.1%} would be found reliably"
    return told + part
