"""Drafts: from a filing or an item of a feed to an announcement's file.

Everything in a draft is unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from events.catalog import Catalog
from events.discover.feed import Item
from events.discover.filings import ITEMS, Filing, clocks
from events.discover.matching import Match, matches, related
from events.discover.text import NamedSum, one_line
from events.record.announcement import Announcement
from events.record.instant import NEW_YORK, local_date
from events.record.text import one_line as checked_line
from events.record.vocabulary import Kind, Role, SourceKind

_OF_WORDS = (  # the first whose words are in the title
    (
        r"\b(?:quarter|fiscal|full[- ]year|annual|interim)\b.*\bresults\b"
        r"|\bresults\b.*\bquarter",
        Kind.EARNINGS,
    ),
    (r"\b(?:acquires?|acquisition|merger|merge|takeover|to buy)\b", Kind.ACQUISITION),
    (r"\binitial public offering\b", Kind.IPO),
    (
        r"\b(?:notes|convertible|credit facility|term loan|offering|financing"
        r"|debentures?|refinanc\w+|bonds?)\b",
        Kind.FINANCING,
    ),
    (r"\b(?:strategic )?(?:equity )?investment\b|\binvests?\b", Kind.EQUITY_INVESTMENT),
    (
        r"\b(?:power purchase|nuclear|electricity|fuel cells?|energy agreement)\b",
        Kind.POWER_CONTRACT,
    ),
    (
        r"\b(?:capacity|compute|cloud|gpu|data cent(?:er|re)s?|lease|hosting|colocation"
        r"|megawatts?|mw|gw|gigawatts?)\b",
        Kind.CAPACITY_CONTRACT,
    ),
    (r"\b(?:supply|supplier|purchase agreement)\b", Kind.SUPPLY_CONTRACT),
    (r"\b(?:partner\w*|collaborat\w+|alliance)\b", Kind.PARTNERSHIP),
)  # fmt: skip
_OF_ITEMS = {"2.02": Kind.EARNINGS, "2.01": Kind.ACQUISITION, "2.03": Kind.FINANCING}
_ROLES = {
    Kind.EARNINGS: Role.REPORTER, Kind.FINANCING: Role.ISSUER, Kind.IPO: Role.ISSUER,
    Kind.ACQUISITION: Role.ACQUIRER, Kind.PARTNERSHIP: Role.PARTNER,
}  # fmt: skip
_WEEK = timedelta(7)
_NOTE = "Drafted by a program: read the source, correct, and say what is verified."


def kind_of(title: str, items: Sequence[str]) -> Kind:
    """Suggest a kind: by an item that says it, else by the words of the title, else other.

    >>> kind_of("CoreWeave Announces $2bn Convertible Notes", ["8.01"]).value
    'financing'
    """
    if "2.02" in items:
        return Kind.EARNINGS
    for words, kind in _OF_WORDS:
        if re.search(words, title, re.I):
            return kind
    return next((_OF_ITEMS[item] for item in items if item in _OF_ITEMS), Kind.OTHER)


def draft_of_filing(filing: Filing, catalog: Catalog) -> Announcement:
    """Make a draft of a filing; links go to the catalog's announcements that may be meant.

    Its acceptance is the bound it was not public after. A release dated in the week before gives
    the day of the announcement, and, where the filer reports on the forms of the United States,
    the bound it was not public before.
    """
    dated = _dated(filing)
    day = dated or filing.acceptance.stamp.date()
    kind = kind_of(filing.title, filing.items)
    near = matches_of(filing, catalog)
    facts = [_of_form(filing), *clocks(filing)]
    if filing.amends:
        facts.append("It amends an earlier filing, whose acceptance comes first")
    number = filing.accession.replace("-", "")
    data = _common(filing.title, kind, filing.amounts, filing.titles, facts)
    source = {"name": f"{filing.company}, {filing.form} {filing.accession}", "url": filing.url}
    data |= {
        "id": f"{day}-{_slug(filing.ticker)}-{_slug(filing.form)}-{number}",
        "announced_at": day,
        "not_after": _bound(filing.acceptance.public_by, filing.acceptance.basis, filing.url),
        "timing_basis": "The filing bounds it from above; a wire may have had it earlier.",
        "parties": [*_parties(filing, kind)],
        "links": _links(near, related(catalog, filing.ticker, day, filing.text), catalog, day),
        "sources": [
            source | {"kind": SourceKind.FILING, "date": filing.acceptance.stamp.date()},
        ],
    }
    if dated and not filing.form.startswith("6-K"):  # abroad the day begins before New York's
        begins = datetime.combine(dated, time(), NEW_YORK)
        data["not_before"] = _bound(begins, f"The release is dated {dated}", filing.url)
    return Announcement.model_validate(data)


def _dated(filing: Filing) -> date | None:
    """Give the day a release says it is of, where it fits the day of acceptance."""
    last = filing.acceptance.stamp.date()
    fits = filing.dateline and last - _WEEK <= filing.dateline <= last
    if fits:
        return filing.dateline
    return None


def _bound(at: datetime, basis: str, url: str | None) -> dict[str, Any]:
    return {"at": at, "basis": one_line(basis, 500)} | ({"url": url} if url else {})


def draft_of_item(item: Item, ticker: str | None, catalog: Catalog) -> Announcement:
    """Make a draft of an item of a feed.

    An item has a day at least, and often an instant: a bound.
    """
    day = item.day
    kind = kind_of(item.title, ())
    dollars = [one.usd for one in item.amounts if one.usd]
    if ticker:
        near = matches(catalog, ticker, day, item.title, dollars)
    else:
        near = ()
    named = _known_names(catalog).get(ticker or "", item.publisher or ticker or "the publisher")
    data = _common(item.title, kind, item.amounts, (), [*item.odd])
    party: dict[str, Any] = {"name": named, "roles": [_ROLES.get(kind, Role.OTHER)]}
    data |= {
        "id": f"{day}-{_slug(ticker or item.publisher or 'feed')}"
        f"-{_slug(item.title, 6)}-{item.key}",
        "announced_at": day,
        "parties": [party | ({"ticker": ticker} if ticker else {})],
        "links": _links(near, (), catalog, day),
    }
    if item.url:
        source = {"name": item.publisher or item.url, "url": item.url, "date": day}
        data["sources"] = [source | {"kind": SourceKind.PRESS_RELEASE}]
    if item.stamp is None:
        data["timing_basis"] = "The feed gives the day and no clock."
    else:
        data["not_after"] = _bound(item.stamp, f"The feed's stamp, {item.written}", item.url)
        data["timing_basis"] = (
            "The feed's stamp bounds it from above; a wire may have had it earlier."
        )
    return Announcement.model_validate(data)


def matches_of(filing: Filing, catalog: Catalog) -> tuple[Match, ...]:
    """Give the announcements that a filing may document, the likeliest first."""
    day = filing.acceptance.stamp.date()
    dollars = [one.usd for one in filing.amounts if one.usd]
    return matches(catalog, filing.ticker, day, filing.title, dollars)


def _common(
    title: str, kind: Kind, amounts: Sequence[NamedSum], titles: Sequence[str], facts: Sequence[str]
) -> dict[str, Any]:
    """What both sorts of drafts have. An amount is taken only where the title has exactly one."""
    told = [f"{one.written}: {one.words}" for one in amounts]
    more = [f"also titled: {one}" for one in titles[1:]]
    data: dict[str, Any] = {
        "headline": checked_line(one_line(title, 300) or "untitled"),
        "kind": kind,
        "facts": [one_line(fact, 1000) for fact in (*facts, *more, *told) if one_line(fact)],
        "confidence": dict.fromkeys(("date", "timing", "parties", "amount", "terms"), "unverified")
        | {"note": _NOTE},
    }
    if kind is Kind.OTHER:
        data["own_kind"] = "disclosure"
    in_title = [one for one in amounts if one.usd and one.written.lower() in title.lower()]
    if len(in_title) == 1 and in_title[0].usd is not None and in_title[0].usd <= 1e14:
        money = in_title[0]
        data["amount"] = {"usd": money.usd, "qualifier": money.qualifier, "note": money.words}
    return data


def _of_form(filing: Filing) -> str:
    items = "; ".join(f"item {item}, {ITEMS[item]}" for item in filing.items if item in ITEMS)
    return f"{filing.form} of {filing.company}" + (f": {items}" if items else "")


def _parties(filing: Filing, kind: Kind) -> Iterator[dict[str, Any]]:
    role = _ROLES.get(kind, Role.OTHER)
    if role is Role.OTHER:
        own = {"own_role": "filer"}
    else:
        own = {}
    for cik, name in filing.filers:
        if cik == filing.cik:
            ticker = {"ticker": filing.ticker}
            said = filing.company
        else:
            ticker = {}
            said = name
        yield {
            "name": one_line(said, 200) or f"CIK {cik}", **ticker, "roles": [role], **own,
            "cik": cik,
        }  # fmt: skip


def _links(
    near: Sequence[Match], older: Sequence[str], catalog: Catalog, day: date
) -> list[dict[str, str]]:
    """Candidates, said to be such; none may come later than the draft itself."""
    same = [
        {
            "to": one.id,
            "relation": "same_day",
            "note": f"This may be that very announcement ({one.why}).",
        }
        for one in near[:2]
        if local_date(catalog[one.id].announced_at) <= day
    ]
    taken = {one["to"] for one in same}
    return same + [
        {"to": one, "relation": "related", "note": "A candidate: the same parties."}
        for one in older
        if one not in taken
    ]


def _known_names(catalog: Catalog) -> dict[str, str]:
    return {p.ticker: p.name for news in catalog for p in news.parties if p.ticker}


def _slug(text: str, most: int = 8) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(word[:20] for word in words[:most]) or "untitled"
