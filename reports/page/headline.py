"""Which announcements the page opens with, and their answer in words: each ticker, each window."""

from __future__ import annotations

import math
from collections.abc import Iterator

from events import Catalog
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment
from reports.page.phrases import two_tests
from reports.rows import Row, lacking, least_sure, records, span
from reports.run.findings import Findings
from reports.words import count, equal, percent

_MOST = 6  # tickers of a first screen


def check_headline(experiment: Experiment, catalog: Catalog) -> None:
    """Refuse an announcement to open with that is not among those studied.

    The default's own may be missing.
    """
    usual = Experiment.default().headline.announcements
    for name in experiment.headline.announcements:
        if name not in catalog and name not in usual:
            near = suggest(name, [news.id for news in catalog])
            raise ExperimentError(
                f"headline.announcements: no announcement '{name}' among those studied{near}"
            )


def headline_events(findings: Findings) -> list[str]:
    """The experiment's announcements that were studied, earliest first.

    A lone one leads by itself; else none. Studied means: a cumulative abnormal return in a window
    from day 0 on for one of its tickers.
    """
    windows = findings.of_primary("windows", "event_id", "event_session", "start", "car")
    known = windows[windows["start"].ge(0) & windows["car"].notna()]
    wanted = known[known["event_id"].isin(findings.experiment.headline.announcements)]
    if wanted.empty and known["event_id"].nunique() == 1:
        wanted = known
    return list(wanted.sort_values("event_session", kind="stable")["event_id"].unique())


def headline_tickers(findings: Findings, names: list[str]) -> list[str]:
    """The headline tickers that the experiment's own announcements name, or their first two.

    An announcement that leads because it is the only one has all of its own.
    """
    events = findings.primary.events
    there = list(dict.fromkeys(events.loc[events["event_id"].isin(names), "ticker"]))
    if not set(names) & set(findings.experiment.headline.announcements):
        return there[:_MOST]
    wanted = [ticker for ticker in findings.experiment.headline.tickers if ticker in there]
    return (wanted or there[:2])[:_MOST]


def page_title(findings: Findings) -> str:
    """The experiment's title; the default's, which is of its own announcements, only over these."""
    title, usual = findings.experiment.title, Experiment.default()
    own = set(headline_events(findings)) & set(usual.headline.announcements)
    if title != usual.title or own:
        return title
    return f"Price reactions to {count(len(findings.catalog), 'announcement')}"


def headline_lines(findings: Findings) -> Iterator[str]:
    """A line for each announcement, then one a ticker and window; last, what the p-values are.

    None where there is no headline.
    """
    shown: list[Row] = []
    names = headline_events(findings)
    if not names:
        return
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
                shown.append(row)
                yield f"  {ticker} {row['window']} {span(row)}: {in_words(row, days)}"
    if told := two_tests(shown):
        yield told


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
