"""Every problem of every file at once: what reading finds, and what arithmetic can check beyond one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from events.catalog import Catalog
from events.clock.listings import FIRST_SESSION
from events.clock.sessions import Sessions
from events.errors import suggest
from events.files.naming import Reading
from events.files.problems import Problem
from events.files.reading import read_path, refuse_idle
from events.ledger import chain_total
from events.record.amount import ROUNDING
from events.record.announcement import Announcement
from events.record.instant import local_date
from events.record.vocabulary import PricePoint, Timing, Trust

_OF_A_SESSION = {
    PricePoint.CLOSE,
    PricePoint.OPEN,
    PricePoint.HIGH,
    PricePoint.LOW,
    PricePoint.INTRADAY,
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


def examine(paths: Sequence[str | Path], reading: Reading | None = None) -> Checked:
    """Do what `check` does, with what a reader says of the columns of tables."""
    refuse_idle([Path(path) for path in paths], reading)
    found = [read_path(Path(path), reading) for path in paths]
    problems = [problem for one in found for problem in one.problems]
    merged = {news.id: news for news in Catalog.bundled()}
    merged.update((news.id, news) for one in found for news in one.announcements)
    catalog = Catalog(tuple(merged.values()))
    open_days = _open_days([news for one in found for news in one.announcements])
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


def _open_days(announcements: Sequence[Announcement]) -> frozenset[date]:
    days = [local_date(news.announced_at) for news in announcements]
    days += [claim.on for news in announcements for claim in news.claims if claim.on]
    if not days:
        return frozenset()
    return frozenset(
        Sessions.exchange("XNYS", min(days) - timedelta(10), max(days) + timedelta(10)).dates.date
    )


def _beyond(
    news: Announcement, file: str, catalog: Catalog, open_days: frozenset[date]
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
    stated = news.amount.total_usd if news.amount else None
    summed = chain_total(news, catalog)
    if stated is not None and abs(summed - stated) > ROUNDING * stated:
        yield (
            "amount: total_usd",
            f"{stated:,.0f} is stated, but it and what it adds to sum to {summed:,.0f}",
        )


def _days(news: Announcement, open_days: frozenset[date]) -> Iterator[tuple[str, str]]:
    day = local_date(news.announced_at)
    if (
        not isinstance(news.announced_at, datetime)
        and news.timing == Timing.DURING_SESSION
        and day not in open_days
    ):
        yield "timing", f"during_session, but {day} had no session (New York)"
    for number, claim in enumerate(news.claims, start=1):
        if (
            claim.on
            and claim.at in _OF_A_SESSION
            and claim.on not in open_days
            and "." not in claim.ticker
        ):
            yield f"claims #{number}: on", f"{claim.on} had no session (New York)"


def _listings(news: Announcement) -> Iterator[tuple[str, str]]:
    for number, party in enumerate(news.parties, start=1):
        key = f"parties #{number}: listed"
        first = FIRST_SESSION.get(party.ticker or "")
        if first and local_date(news.announced_at) < first and party.listed != first:
            yield (
                key,
                f"{party.ticker} had no price before {first}; write listed = {first} to say so",
            )
        elif party.listed and party.listed <= local_date(news.announced_at):
            yield key, f"{party.listed} is not after the announcement; leave the key out"
