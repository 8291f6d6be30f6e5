"""Which announcement of a catalog a filing or an item of a feed may document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from events.catalog import Catalog
from events.record.announcement import Announcement
from events.record.instant import local_date

_LITTLE = frozenset(
    [
        "about",
        "after",
        "also",
        "announces",
        "announced",
        "before",
        "from",
        "group",
        "holdings",
        "inc.",
        "into",
        "limited",
        "more",
        "over",
        "platforms",
        "says",
        "that",
        "their",
        "this",
        "today",
        "with",
        "will",
    ]
)
_BEFORE, _AFTER = timedelta(1), timedelta(6)  # an 8-K may come four business days later


@dataclass(frozen=True)
class Match:
    """An announcement, how near it is (0 to 1), and why, in words."""

    id: str
    score: float
    why: str


def matches(
    catalog: Catalog, ticker: str, day: date, title: str, dollars: Sequence[float]
) -> tuple[Match, ...]:
    """Give the announcements that name the ticker within days of a filing, the likeliest first.

    An announcement of the same amount comes before one of the same day, before one of like words.
    """
    found = [
        _match(news, ticker, day, title, dollars)
        for news in catalog
        if ticker in _tickers(news) and -_BEFORE <= day - local_date(news.announced_at) <= _AFTER
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.id)))


def related(catalog: Catalog, ticker: str, day: date, text: str, most: int = 3) -> tuple[str, ...]:
    """Give earlier announcements that share the ticker and a party named in the text.

    The party is another than the ticker's own; newest first.
    """
    lowered = text.lower()
    found = []
    for news in catalog:
        if ticker not in _tickers(news) or local_date(news.announced_at) >= day - _AFTER:
            continue
        others = [party.name for party in news.parties if party.ticker != ticker]
        if any(name.lower() in lowered for name in others if len(name) > 3):
            found.append(news.id)
    return tuple(found[::-1][:most])


def _tickers(news: Announcement) -> frozenset[str]:
    named = [p.ticker for p in news.parties if p.ticker and p.role != "read_through"]
    return frozenset(named)


def _match(
    news: Announcement, ticker: str, day: date, title: str, dollars: Sequence[float]
) -> Match:
    apart = abs((day - local_date(news.announced_at)).days)
    score, why = max(0.0, 0.4 - 0.06 * apart), [f"{apart} days apart" if apart else "the same day"]
    if apart == 1:
        why = ["a day apart"]
    if news.amount and any(abs(usd / news.amount.usd - 1) < 0.01 for usd in dollars):
        score, why = score + 0.4, [*why, "the same amount"]
    if _points(news, ticker, title) >= 3:
        score, why = score + 0.2, [*why, "like words"]
    return Match(news.id, round(score, 2), ", ".join(why))


def _points(news: Announcement, ticker: str, title: str) -> int:
    """Count what a title shares with an announcement.

    Two for another party, one for a word that is no name.
    """
    said = _words(title)
    names = [_words(party.name) for party in news.parties]
    others = [
        name
        for party, name in zip(news.parties, names, strict=True)
        if party.ticker != ticker and party.role != "read_through"
    ]
    plain = (said & _words(news.headline)) - frozenset().union(*names)
    return len(plain) + 2 * sum(bool(name & said) for name in others)


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"[a-z][a-z0-9-]{3,}", text.lower())
    return frozenset(found) - _LITTLE
