"""Every problem of every file at once.

What reading finds, and what arithmetic can check beyond one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from events.catalog import Catalog
from events.clock.exchanges import HOME, exchange_of, exchanges_of
from events.clock.sessions import Sessions
from events.errors import suggest
from events.files.lists.naming import Reading
from events.files.made import Announcements
from events.files.problems import Problem
from events.files.reading import Found, read_path, refuse_idle
from events.ledger import chain_total
from events.listed_on import checked_exchanges, exchange_for, on_exchanges
from events.record.amount import ROUNDING
from events.record.announcement import Announcement
from events.record.instant import local_date
from events.record.text import alike
from events.record.vocabulary import PricePoint, Timing, Trust

_OF_A_SESSION = {
    PricePoint.CLOSE,
    PricePoint.OPEN,
    PricePoint.HIGH,
    PricePoint.LOW,
    PricePoint.INTRADAY,
}
FIRST_SESSION = {
    "ARM": date(2023, 9, 14),
    "CBRS": date(2026, 5, 14),
    "CORZ": date(2024, 1, 24),  # listed again after its reorganisation
    "CRWV": date(2025, 3, 28),
    "GEV": date(2024, 3, 27),
    "NBIS": date(2024, 10, 21),  # trading resumed
    "SPCX": date(2026, 6, 12),
}


class Checked(NamedTuple):
    """Every problem, and how each table was understood, in words."""

    problems: list[Problem]
    understood: tuple[str, ...]


def check(paths: Sequence[str | Path]) -> list[Problem]:
    """List every problem of every file of these catalogs; an empty list is a good catalog.

    Beyond what reading refuses: links to announcements that do not exist or come later, stated
    totals that the linked amounts do not sum to, a time of day on a day without a session, claims
    about days without one, tickers before their listing, "verified" without a source, and file
    names that are not the id. Links may go to any of the catalogs, or to the one that comes with
    the package.
    """
    return examine(paths).problems


def examine(
    paths: Sequence[str | Path],
    reading: Reading | None = None,
    exchanges: Mapping[str, str] | None = None,
) -> Checked:
    """Do what `check` does, with what a reader says of columns and of where tickers trade."""
    refuse_idle([Path(path) for path in paths], reading)
    found = [_moved(read_path(Path(path), reading), exchanges or {}) for path in paths]
    problems = [problem for one in found for problem in one.problems]
    merged = {news.id: news for news in Catalog.bundled()}
    merged.update((news.id, news) for one in found for news in one.announcements)
    catalog = Catalog(tuple(merged.values()))
    announcements = [news for one in found for news in one.announcements]
    if exchanges and announcements:
        checked_exchanges(exchanges, {t for news in announcements for t in news.tickers})
    problems += _tickers_alike(found)
    open_days = _OpenDays(announcements)
    for one in found:
        for news in one.announcements:
            file = one.files[news.id]
            problems += [
                Problem(file, key, why) for key, why in _beyond(news, file, catalog, open_days)
            ]
    return Checked(
        sorted(problems, key=lambda problem: problem.file),
        tuple(line for one in found for line in one.understood),
    )


def _tickers_alike(found: Sequence[Found]) -> Iterator[Problem]:
    """The first two tickers that differ by case alone, told of the file that has the second."""
    two = alike(ticker for one in found for ticker in one.announcements.tickers)
    owners = {
        ticker: one.files[news.id]
        for one in found
        for news in one.announcements
        for ticker in news.tickers
    }
    if two is not None:
        first, second = two
        yield Problem(owners[second], "ticker", f"{second!r} is {first!r} but for case; write one")


def _moved(found: Found, exchanges: Mapping[str, str]) -> Found:
    """A file's announcements, its parties where the user says they trade."""
    named = exchanges_of(exchanges)
    moved = Announcements(on_exchanges(news, named) for news in found.announcements)
    return found._replace(announcements=moved)


class _OpenDays:
    """The days on which exchanges were open around all that is checked.

    They are looked up once an exchange.
    """

    def __init__(self, announcements: Sequence[Announcement]) -> None:
        self.days = [local_date(news.announced_at) for news in announcements]
        self.days += [claim.on for news in announcements for claim in news.claims if claim.on]
        self.known: dict[str, frozenset[date]] = {}

    def had(self, day: date, exchange: str) -> bool:
        """Whether the exchange had a session on that day."""
        if exchange not in self.known:
            first, last = min(self.days) - timedelta(10), max(self.days) + timedelta(10)
            self.known[exchange] = frozenset(Sessions.exchange(exchange, first, last).dates.date)
        return day in self.known[exchange]


def _beyond(
    news: Announcement, file: str, catalog: Catalog, open_days: _OpenDays
) -> Iterator[tuple[str, str]]:
    if file.endswith(".toml") and file != f"{news.id}.toml":
        yield "id", f"the file of '{news.id}' must be named {news.id}.toml"
    yield from _links(news, catalog)
    yield from _total(news, catalog)
    yield from _days(news, open_days)
    if file.endswith(".toml"):  # a table has no place to say "listed"
        yield from _listings(news)
    if (
        Trust.VERIFIED in (news.confidence.date, news.confidence.amount, news.confidence.terms)
        and not news.sources
    ):
        yield "confidence", "verified, but no source is given"


def _links(news: Announcement, catalog: Catalog) -> Iterator[tuple[str, str]]:
    for number, link in enumerate(news.links, start=1):
        key = f"links #{number}: to"
        if link.to == news.id:
            yield key, "an announcement cannot link to itself"
        elif link.to not in catalog:
            yield (
                key,
                f"no announcement '{link.to}'{suggest(link.to, (other.id for other in catalog))}",
            )
        elif local_date(catalog[link.to].announced_at) > local_date(news.announced_at):
            yield key, f"'{link.to}' comes later; let the later one link to the earlier"


def _total(news: Announcement, catalog: Catalog) -> Iterator[tuple[str, str]]:
    stated = None
    if news.amount:
        stated = news.amount.total_usd
    summed = chain_total(news, catalog)
    if stated is not None and abs(summed - stated) > ROUNDING * stated:
        yield (
            "amount: total_usd",
            f"{stated:,.0f} is stated, but it and what it adds to sum to {summed:,.0f}",
        )


def _days(news: Announcement, open_days: _OpenDays) -> Iterator[tuple[str, str]]:
    day = local_date(news.announced_at)
    listed = [exchange_for(party) for party in news.parties if party.ticker] or [HOME]
    dated = not isinstance(news.announced_at, datetime)
    during = dated and news.timing == Timing.DURING_SESSION
    if during and not any(open_days.had(day, exchange) for exchange in listed):
        where = _named(dict.fromkeys(listed))
        yield "timing", f"during_session, but {day} had no session ({where})"
    own = {party.ticker: exchange_for(party) for party in news.parties if party.ticker}
    for number, claim in enumerate(news.claims, start=1):
        exchange = own.get(claim.ticker) or exchange_of(claim.ticker)
        if claim.on and claim.at in _OF_A_SESSION and not open_days.had(claim.on, exchange):
            yield f"claims #{number}: on", f"{claim.on} had no session ({_named([exchange])})"


def _named(exchanges: Iterable[str]) -> str:
    return ", ".join("New York" if name == HOME else name for name in exchanges)


def _listings(news: Announcement) -> Iterator[tuple[str, str]]:
    for number, party in enumerate(news.parties, start=1):
        key = f"parties #{number}: listed"
        first = FIRST_SESSION.get(party.ticker or "")
        if first and news.day < first and party.listed != first:
            yield (
                key,
                f"{party.ticker} had no price before {first}; write listed = {first} to say so",
            )
        elif party.listed and party.listed <= news.day:
            yield key, f"{party.listed} is not after the announcement; leave the key out"
