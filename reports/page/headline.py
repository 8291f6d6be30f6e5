"""Which announcement the page opens with."""

from __future__ import annotations

from events import Catalog
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment
from reports.run.findings import Findings


def check_headline(experiment: Experiment, catalog: Catalog) -> None:
    """Refuse an announcement to open with that is not among those studied; the default's own may be missing."""
    name = experiment.headline.announcement
    if name and name not in catalog and name != Experiment.default().headline.announcement:
        near = suggest(name, [news.id for news in catalog])
        raise ExperimentError(
            f"headline.announcement: no announcement '{name}' among those studied{near}"
        )


def headline_event(findings: Findings) -> str | None:
    """The experiment's own choice where it was studied; else the latest with the headline tickers; else the latest.

    Studied means: a cumulative abnormal return in the first window for every headline ticker it
    names.
    """
    first = next(iter(findings.experiment.study.windows))
    windows = findings.of_primary("windows")
    known = windows[(windows["window"] == first) & windows["car"].notna()]
    tickers = known.groupby("event_id")["ticker"].agg(set).to_dict()
    if findings.experiment.headline.announcement in tickers:
        return findings.experiment.headline.announcement
    wanted = set(findings.experiment.headline.tickers)
    latest_first = [
        news.id for news in reversed(findings.catalog.announcements) if news.id in tickers
    ]
    for enough in (lambda there: wanted <= there, lambda there: bool(wanted & there)):
        for name in latest_first:
            if enough(tickers[name]):
                return name
    return latest_first[0] if latest_first else None


def headline_tickers(findings: Findings, event: str) -> list[str]:
    """The headline tickers the announcement names, or its first two where it names none of them."""
    events = findings.primary.events
    there = events.loc[events["event_id"] == event, "ticker"].tolist()
    wanted = [ticker for ticker in findings.experiment.headline.tickers if ticker in there]
    return wanted or there[:2]
