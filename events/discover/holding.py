"""A catalog held against filings.

Which bound each announcement could have, and which clock cannot be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import tomlkit

from events.catalog import Catalog
from events.discover.client import Edgar
from events.discover.filings import Filing, find_near
from events.discover.matching import matches
from events.discover.registrants import numbers_of, registrants, tickers_known
from events.record.announcement import Announcement
from events.record.instant import NEW_YORK, local_date
from events.record.vocabulary import Kind, Timing

_OPEN, _CLOSE = time(9, 30), time(16)
_LATER = timedelta(7)


@dataclass(frozen=True)
class Held:
    """What a filing says of an announcement.

    A bound it could have, or that its clock cannot be right.
    """

    id: str
    wrong: bool
    proposed: bool  # whether the bound is new to the announcement
    text: str
    not_after: datetime
    basis: str
    url: str
    why: str  # that the two belong together

    def as_data(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "id": self.id,
            "contradiction": self.wrong,
            "proposed": self.proposed,
            "text": self.text,
            "not_after": self.not_after.isoformat(),
            "basis": self.basis,
            "url": self.url,
            "why": self.why,
        }

    @property
    def toml(self) -> str:
        """The lines an announcement's file would have."""
        table = tomlkit.table()
        table.update({"at": self.not_after, "basis": self.basis, "url": self.url})
        return tomlkit.dumps({"not_after": table}).strip()


def hold(
    edgar: Edgar,
    catalog: Catalog,
    tickers: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Held, ...]:
    """Hold announcements against their parties' filings of the same days, one line an announcement.

    Only filings that share an amount or several words with the announcement count, amendments do
    not. Raises `DiscoveryError`.
    """
    wanted = [one.upper() for one in tickers]
    days: dict[str, list[Announcement]] = {}
    for news in catalog:
        for party in news.parties:
            if party.ticker and party.role != "read_through":
                days.setdefault(party.ticker, []).append(news)
    found: dict[str, tuple[Filing, str]] = {}
    numbers = numbers_of(catalog)
    said = {registrants(edgar, one, numbers)[0][0]: one for one in wanted} or {
        one: one for one in tickers_known(edgar, sorted(days), numbers)
    }
    for ticker, asked in said.items():
        about = days.get(ticker, [])
        spans = [local_date(one.announced_at) for one in about]
        for filing in find_near(edgar, asked, spans, _LATER, tell, numbers):
            for name, why in _about(filing, catalog):
                best = found.get(name)
                if best is None or filing.acceptance.public_by < best[0].acceptance.public_by:
                    found[name] = (filing, why)
    return tuple(_held(catalog[name], *found[name]) for name in sorted(found))


def _about(filing: Filing, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Give the announcements a filing documents on more evidence than the day."""
    if filing.amends:
        return
    dollars = [one.usd for one in filing.amounts if one.usd]
    day = filing.acceptance.stamp.date()
    for match in matches(catalog, filing.ticker, day, filing.title, dollars):
        results = "2.02" in filing.items and catalog[match.id].kind is Kind.EARNINGS
        if results and any(
            p.ticker == filing.ticker and p.role == "reporter" for p in catalog[match.id].parties
        ):
            yield match.id, f"{match.why}, its results"
        elif "same amount" in match.why or "like words" in match.why:
            yield match.id, match.why


def _held(news: Announcement, filing: Filing, why: str) -> Held:
    bound = filing.acceptance.public_by
    wrong = _contradiction(news, bound)
    said = None
    if news.not_after:
        said = news.not_after.at
    if wrong:
        text = f"{wrong} than {bound.isoformat()}, when a filing told of it"
    elif said and said <= bound:
        text = f"not_after {said.isoformat()} is as early as the filing's {bound.isoformat()}"
    else:
        text = f"could have not_after = {bound.isoformat()}"
    proposed = not wrong and not (said and said <= bound)
    return Held(
        news.id, bool(wrong), proposed, text, bound, filing.acceptance.basis, filing.url, why
    )


def _contradiction(news: Announcement, bound: datetime) -> str:
    """Say how the announcement comes after a filing that tells of it; empty if it does not."""
    said = news.announced_at
    if news.not_before and news.not_before.at > bound:
        return f"not_before {news.not_before.at.isoformat()} is later"
    if isinstance(said, datetime):
        if said > bound:
            return f"announced_at {said.isoformat()} is later"
        return ""
    local = bound.astimezone(NEW_YORK)
    if said > local.date():
        return f"announced_at {said} is later"
    if said == local.date():
        early = {Timing.AFTER_CLOSE: _CLOSE, Timing.DURING_SESSION: _OPEN}.get(news.timing)
        if early and local.time() < early:
            return f"announced_at {said} with timing '{news.timing.value}' is later"
    return ""
