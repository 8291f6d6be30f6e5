"""The announcements that a large page does not show one by one, for its search to find."""

from __future__ import annotations

from reports.draw.chart import Json
from reports.page.sections.base import Context
from reports.words import day, moment, short

_LENGTH = 120  # characters of a headline


def not_shown(context: Context) -> Json:
    """Id, headline (empty where it is the id) and session of each, latest first.

    An announcement that was not studied has its date.
    """
    events = context.findings.primary.events
    sessions = dict(zip(events["event_id"], events["event_session"], strict=True))
    rest = [
        news
        for news in reversed(context.findings.catalog.announcements)
        if news.id not in context.few.names
    ]
    return {
        "id": [news.id for news in rest],
        "title": [_title(news.headline, news.id) for news in rest],
        "date": [
            day(sessions[news.id]) if news.id in sessions else moment(news.announced_at)[:10]
            for news in rest
        ],
    }


def _title(headline: str, name: str) -> str:
    told = short(headline, _LENGTH)
    if told == name:
        return ""
    return told
