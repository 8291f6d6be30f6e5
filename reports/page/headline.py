"""Which announcements the page opens with."""

from __future__ import annotations

from events import Catalog
from events.errors import suggest
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment
from reports.run.findings import Findings
from reports.words import count

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
    windows = findings.of_primary("windows")
    known = windows[windows["start"].ge(0) & windows["car"].notna()]
    there = list(dict.fromkeys(known.sort_values("event_session", kind="stable")["event_id"]))
    wanted = [name for name in there if name in findings.experiment.headline.announcements]
    if not wanted and len(there) == 1:
        return there
    return wanted


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
