"""An announcement is on the day of its own exchange.

In its id, its first public day, and what is held against it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from events import Announcement, Catalog, CatalogError
from events.clock.exchanges import BY_SUFFIX, HOME, ZONES, zone_of
from events.clock.sessions import calendar_zone
from events.files.check import check
from events.files.writing.adding import complete, warnings, write_new
from events.files.writing.preview import preview

NONE = Catalog(())
ADDED = {  # party, as typed: (its day, the session shown)
    ("7203.T", "2026-05-20 10:30 JST"): ("2026-05-20", "event session 2026-05-20"),
    ("7203.T", "2026-05-20 08:00 JST"): ("2026-05-20", "event session 2026-05-20"),
    ("7203.T", "2026-05-19 21:30 ET"): ("2026-05-20", "event session 2026-05-20"),
    ("0700.HK", "2026-05-20 8am HKT"): ("2026-05-20", "event session 2026-05-20"),
    ("2330.TW", "2026-05-20T09:00:00+08:00"): ("2026-05-20", "event session 2026-05-20"),
    ("ENR.DE", "2026-05-20 23:30 CEST"): ("2026-05-20", "event session 2026-05-21"),
    ("BRK-B", "2026-05-20 10:30 JST"): ("2026-05-19", "event session 2026-05-20"),
}


@pytest.mark.parametrize(("ticker", "typed"), ADDED)
def test_an_added_announcement_has_the_day_of_its_exchange(ticker: str, typed: str) -> None:
    day, session = ADDED[ticker, typed]
    said = {"headline": "News of the day", "announced_at": typed, "parties": [f"{ticker}:issuer"]}
    news = complete(said, NONE).news
    assert (news.id, str(news.first_public), str(news.day)) == (f"{day}-news-day", day, day)
    assert session in preview(news)[0]


def test_a_read_through_and_the_unlisted_are_nobodys_exchange() -> None:
    parties = ["7203.T:read_through", "OpenAI:customer", "MSFT:supplier"]
    at = "2026-05-20 08:00 JST"
    news = complete({"headline": "News", "announced_at": at, "parties": parties}, NONE).news
    assert news.id == "2026-05-19-news"
    alone = complete({"headline": "News", "announced_at": at, "parties": parties[1:2]}, NONE).news
    assert alone.id == "2026-05-19-news"


def test_an_exchange_that_is_said_comes_before_the_suffix() -> None:
    party = {"name": "A", "ticker": "ABC", "roles": ["issuer"], "exchange": "XTKS"}
    said = {"headline": "News", "announced_at": "2026-05-20 08:00 JST", "parties": [party]}
    assert complete(said, NONE).news.id == "2026-05-20-news"


def test_dates_are_held_against_that_day() -> None:
    said = {
        "id": "a", "headline": "A", "announced_at": "2026-05-20T08:30:00+09:00",
        "first_public": "2026-05-20", "signed": "2026-05-20", "timing": "before_open",
        "parties": [{"name": "Toyota", "ticker": "7203.T", "roles": ["issuer"]}],
    }  # fmt: skip
    assert Announcement.model_validate(said).day == date(2026, 5, 20)
    with pytest.raises(
        ValueError, match="first_public 2026-05-21 is after announced_at 2026-05-20"
    ):
        Announcement.model_validate(said | {"first_public": "2026-05-21"})


def test_a_session_is_looked_for_on_the_own_exchange(tmp_path: Path) -> None:
    for day in ("2026-07-03", "2026-05-05"):  # closed in New York, and in Tokyo
        said = {
            "headline": f"News of {day}", "announced_at": day, "timing": "during_session",
            "parties": ["7203.T:issuer"],
        }  # fmt: skip
        write_new(complete(said, NONE).news, tmp_path)
    (problem,) = check([tmp_path])
    assert "during_session, but 2026-05-05 had no session (XTKS)" in str(problem)


def test_ids_made_of_a_table_have_it_too(tmp_path: Path) -> None:
    rows = {"ticker": ["7203.T", "META"], "announced_at": ["2026-05-20T08:00:00+09:00"] * 2}
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    found = {news.id for news in Catalog.read(tmp_path / "mine.csv")}
    assert found == {"7203.T-2026-05-20", "META-2026-05-19"}


def test_the_zones_are_those_of_the_calendars() -> None:
    assert set(BY_SUFFIX.values()) | {HOME} <= set(ZONES)
    hours = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=6 * n) for n in range(2920)]
    for code, zone in ZONES.items():  # a calendar may name a neighbour's clock
        theirs, ours = ZoneInfo(calendar_zone(code)), ZoneInfo(zone)
        assert all(
            one.astimezone(theirs).utcoffset() == one.astimezone(ours).utcoffset() for one in hours
        ), code
    assert zone_of("XKAR").key == "Asia/Karachi"  # one that is not in the list


def test_complaints_come_all_at_once_where_a_party_is_wrong_too() -> None:
    said = {"headline": "N", "announced_at": "2026-05-20 25:00 JST", "parties": ["7203.T:boss"]}
    with pytest.raises(CatalogError, match="no such time") as told:
        complete(said, NONE)
    assert "boss" in str(told.value)


@pytest.mark.parametrize(
    ("ticker", "low", "where"),
    [
        ("BRK-B", "2026-05-20T11:30:00-04:00", "XNYS"),
        ("7203.T", "2026-05-20T11:30:00+09:00", "XTKS"),
        ("ENR.DE", "2026-05-20T11:30:00+02:00", "XETR"),
    ],
)
def test_a_rough_time_is_by_the_clock_of_the_own_exchange(
    ticker: str, low: str, where: str
) -> None:
    at = "2026-05-20 around noon"
    draft = complete({"headline": "N", "announced_at": at, "parties": [f"{ticker}:issuer"]}, NONE)
    assert draft.news.not_before is not None
    assert draft.news.not_before.at.isoformat() == low
    said = f"not_before = {low} (As given: around noon (by the clock of {where}))"
    assert said in draft.taken
    with pytest.raises(CatalogError, match="add its zone"):  # nobody's clock, and no rough time
        complete({"headline": "N", "announced_at": at, "parties": ["OpenAI:customer"]}, NONE)
    precise = {"headline": "N", "announced_at": "2026-05-20 8am", "parties": ["META:issuer"]}
    with pytest.raises(CatalogError, match="add its zone"):
        complete(precise, NONE)


def test_a_sum_without_a_rate_keeps_its_words_and_says_so() -> None:
    said = {
        "headline": "N", "announced_at": "2026-05-20", "amount": "up to €1-2bn",
        "parties": ["ENR.DE:issuer"],
    }  # fmt: skip
    draft = complete(said, NONE)
    assert draft.news.amount is None
    kept = "Amount: up to €1-2bn (EUR 1,000,000,000); no rate to dollars given"
    assert (draft.taken[0], draft.news.facts) == (kept, (kept,))


def test_tickers_that_are_numbers_are_no_misspellings_of_each_other() -> None:
    said = {"headline": "N", "announced_at": "2026-05-20", "parties": ["7203.T:issuer"]}
    known = Catalog((complete(said, NONE).news,))
    other = complete(said | {"headline": "Else", "parties": ["2330.TW:issuer"]}, known).news
    assert warnings(other, known) == ()
