"""What must hold of the bundled announcements.

Whose they are, what was known when, and on what it rests.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from events import Announcement, Catalog
from events.clock.exchanges import HOME, exchange_of
from events.record.instant import local_date
from events.record.vocabulary import SourceKind, Trust

ALL = Catalog.bundled()
SECOND_HAND = {SourceKind.DIGEST, SourceKind.DATASET}
# How shares took the news: nobody knew it when the news came.
AFTERWARDS = re.compile(
    r"\b(?:shares?|stock|stocks|CoreWeave|Meta|NVIDIA|Nebius|Alphabet|Bloom|IREN) (?:\w+ )?"
    r"(?:rose|rises|fell|falls|jumps?|jumped|plunges?|slips|slipped|rallied|opened|opens"
    r"|soars?|gains?)\b"
    r"|\bsell-off\b|\bsold off\b|\bfirst day: open\b|\blater (?:priced|enlarged|closed)\b",
    re.I,
)


@pytest.fixture(params=list(ALL), ids=lambda news: news.id)
def news(request: pytest.FixtureRequest) -> Announcement:
    found: Announcement = request.param
    return found


def words(news: Announcement) -> str:
    return "\n".join((news.id, news.headline, news.summary, *news.facts))


def test_there_are_a_hundred() -> None:
    assert len(ALL) >= 100


def test_the_id_begins_with_the_day(news: Announcement) -> None:
    day = date.fromisoformat(news.id[:10])
    assert timedelta(0) <= day - local_date(news.announced_at) <= timedelta(1)  # or its reaction's
    assert news.first_public is not None


def test_every_listed_party_has_its_exchange_and_its_number(news: Announcement) -> None:
    for party in news.parties:
        abroad = party.ticker is not None and exchange_of(party.ticker) != HOME
        files = party.ticker is not None and not abroad
        assert (party.cik is not None) == files, party  # a share of Tokyo files nothing at the SEC
        assert party.exchange is None  # the suffix says it, or there is none: New York


def test_a_number_is_of_one_party() -> None:
    of_ticker: dict[str, set[int]] = {}
    of_number: dict[int, set[str]] = {}
    for news in ALL:
        for party in news.parties:
            if party.ticker and party.cik:
                of_ticker.setdefault(party.ticker, set()).add(party.cik)
                of_number.setdefault(party.cik, set()).add(party.ticker)
    assert {len(numbers) for numbers in of_ticker.values()} == {1}
    assert {len(tickers) for tickers in of_number.values()} == {1}
    assert of_ticker["CRWV"] == {1769628}
    assert of_ticker["NBIS"] == {1513845}


def test_verified_rests_on_a_source_with_an_address(news: Announcement) -> None:
    said = news.confidence.model_dump(exclude={"note"})
    read = [source for source in news.sources if source.url and source.kind not in SECOND_HAND]
    if Trust.VERIFIED in said.values():
        assert read, "verified, and no document of its own"
    if not read:
        assert set(said.values()) == {Trust.UNVERIFIED}


def test_the_announcement_holds_no_later_words(news: Announcement) -> None:
    assert not (found := AFTERWARDS.search(words(news))), found


def test_later_facts_come_later_and_give_nothing_away(news: Announcement) -> None:
    for fact in news.later:
        assert fact.on >= local_date(news.announced_at)
        if fact.amount_usd is None:
            continue
        assert news.amount is not None
        assert news.amount.usd != fact.amount_usd
        billions = f"{fact.amount_usd / 1e9:g}"
        given = rf"\${re.escape(billions)}bn|-{billions.replace('.', 'p')}bn"
        assert not re.search(given, words(news))


# id: (day, timing, dollars, qualifier, tickers that take part, a part of a source's address)
FACTS = {
    "2026-05-07-hut8-beacon-point-9p8bn":
        ("2026-05-07", "unknown", 9.8e9, "about", "HUT", "blockainews.com"),
    "2026-05-20-nvidia-q1-fy27":
        ("2026-05-20", "after_close", None, "", "NVDA", "themenonlab.com"),
    "2026-05-20-anthropic-spacex-45bn":
        ("2026-05-20", "unknown", 45e9, "about", "SPCX", "aiinsightlab.cloud"),
    "2026-05-26-iren-dell-1p6bn":
        ("2026-05-26", "unknown", 1.6e9, "about", "IREN DELL NVDA", "racetoagi.org"),
    "2026-06-01-iren-financing-3p6bn":
        ("2026-06-01", "before_open", 3.6e9, "about", "IREN MSFT", "0001140361-26-023427"),
    "2026-06-05-google-spacex-compute":
        ("2026-06-05", "unknown", None, "", "GOOGL SPCX", "ai-market-watch.com"),
    "2026-06-10-oracle-q4-fy26-backlog-638bn":
        ("2026-06-10", "after_close", None, "", "ORCL", "0001193125-26-265848"),
    "2026-06-23-reflection-spacex-6p3bn":
        ("2026-06-23", "unknown", 6.3e9, "up_to", "SPCX", "forwardfuture.ai"),
    "2026-06-30-brookfield-bloom-25bn":
        ("2026-06-30", "after_close", 25e9, "up_to", "BAM BE", "gmteight.com"),
    "2026-07-02-softbank-sb-neo-10gw":
        ("2026-07-02", "unknown", None, "", "9984.T CRWV", "type0.ai"),
    "2026-04-06-anthropic-google-broadcom-tpu":
        ("2026-04-06", "unknown", None, "", "AVGO GOOGL NVDA", "derricklin.net"),
    "2025-07-15-coreweave-lancaster-6bn":
        ("2025-07-15", "before_open", 6e9, "at_least", "CRWV NVDA", "econwatcher.com"),
    "2026-03-11-nvidia-nebius-2bn":
        ("2026-03-11", "before_open", 2e9, "exact", "NVDA NBIS", "businesstimes.com.sg"),
    "2026-07-01-meta-compute-report":
        ("2026-07-01", "unknown", None, "", "META CRWV NBIS IREN", "thethings.ai"),
    "2025-11-03-microsoft-iren-9p7bn":
        ("2025-11-03", "before_open", 9.7e9, "about", "MSFT IREN DELL NVDA",
         "business-standard.com"),
    "2025-12-08-coreweave-convertible-2bn":
        ("2025-12-08", "before_open", 2e9, "exact", "CRWV", "sherwood.news"),
    "2026-08-19-nebius-convertible-4p5bn":
        ("2026-08-19", "unknown", 4.5e9, "exact", "NBIS", ""),
    "2026-09-17-coreweave-convertible-3bn":
        ("2026-09-17", "before_open", 3e9, "exact", "CRWV", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_facts_and_corrections_are_as_researched(name: str) -> None:
    day, timing, usd, qualifier, tickers, address = FACTS[name]
    news = ALL[name]
    assert (str(news.announced_at), news.timing.value) == (day, timing)
    said = (news.amount.usd, news.amount.qualifier.value) if news.amount else (None, "")
    assert said == (usd, qualifier)
    taking_part = {p.ticker for p in news.parties if p.ticker and p.role != "read_through"}
    assert taking_part == set(tickers.split())
    assert any(address in str(source.url) for source in news.sources)


BOUNDS = {
    "2025-07-15-coreweave-lancaster-6bn": "2025-07-15T06:59:00-04:00",
    "2025-11-03-microsoft-iren-9p7bn": "2025-11-03T06:37:00-05:00",
    "2026-06-01-iren-financing-3p6bn": "2026-06-01T07:06:02-04:00",
    "2026-06-10-oracle-q4-fy26-backlog-638bn": "2026-06-10T16:13:46-04:00",
    "2026-07-01-meta-compute-report": "2026-07-01T15:59:59-04:00",
}


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_are_those_of_the_documents(name: str) -> None:
    bound = ALL[name].not_after
    assert bound is not None
    assert bound.at.isoformat() == BOUNDS[name]
    assert bound.basis


def test_signatures_and_first_sessions() -> None:
    assert ALL["2025-11-03-microsoft-iren-9p7bn"].signed == date(2025, 11, 2)
    assert ALL["2026-04-09-meta-coreweave-21bn"].signed == date(2026, 3, 31)
    early = [p.listed for p in ALL["2026-05-20-anthropic-spacex-45bn"].parties if p.ticker]
    assert early == [date(2026, 6, 12), None]
