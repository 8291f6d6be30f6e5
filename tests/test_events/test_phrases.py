"""What analysts write when they add an announcement: times, sums and tickers of any market."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from events import Catalog, CatalogError
from events.files.times import when
from events.files.writing.adding import complete
from events.files.writing.phrases import amount
from events.files.writing.preview import preview

PARTIES = ["META:customer", "CRWV:supplier"]

WHEN: dict[str, dict[str, Any]] = {
    "2026-05-20": {"announced_at": "2026-05-20"},
    "2026-05-20 8am ET": {"announced_at": "2026-05-20T08:00:00-04:00"},
    "2026-01-20 8 a.m. ET": {"announced_at": "2026-01-20T08:00:00-05:00"},
    "2026-05-20 08:00 ET": {"announced_at": "2026-05-20T08:00:00-04:00"},
    "2026-05-20 12:00 CEST": {"announced_at": "2026-05-20T12:00:00+02:00"},
    "2026-01-20 12:00 CET": {"announced_at": "2026-01-20T12:00:00+01:00"},
    "2026-05-20 10:30 JST": {"announced_at": "2026-05-20T10:30:00+09:00"},
    "2026-05-20 4:05:30 pm ET": {"announced_at": "2026-05-20T16:05:30-04:00"},
    "2026-05-20 noon ET": {"announced_at": "2026-05-20T12:00:00-04:00"},
    "2026-05-20 07:00 BST": {"announced_at": "2026-05-20T07:00:00+01:00"},
    "2026-05-20T08:00:00-04:00": {"announced_at": "2026-05-20T08:00:00-04:00"},
}


@pytest.mark.parametrize("text", WHEN)
def test_times_with_a_zone_become_instants(text: str) -> None:
    assert when(text) == WHEN[text]


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        ("2026-05-20 after hours", "after_close"), ("2026-05-20 After the close", "after_close"),
        ("2026-05-20 premarket", "before_open"), ("2026-05-20 intraday", "during_session"),
    ],
)  # fmt: skip
def test_parts_of_a_day_become_timing(text: str, timing: str) -> None:
    said = when(text)
    assert (said["announced_at"], said["timing"]) == ("2026-05-20", timing)
    assert said["timing_quality"] == "stated"


def test_around_a_time_becomes_bounds_half_an_hour_to_each_side() -> None:
    said = when("2026-05-20 around noon ET")
    assert said["announced_at"] == "2026-05-20"
    assert said["not_before"]["at"] == "2026-05-20T11:30:00-04:00"
    assert said["not_after"]["at"] == "2026-05-20T12:30:00-04:00"
    assert said["not_after"]["basis"] == "As given: around noon ET"


@pytest.mark.parametrize(
    ("text", "day0"),
    [
        ("2026-05-20 around noon JST", "2026-05-20"),
        ("2026-05-20 around 7am JST", "2026-05-20"),
        ("2026-05-20 around 4pm JST", "2026-05-21"),
    ],
)
def test_around_a_time_of_tokyo_is_placed_by_tokyos_date(text: str, day0: str) -> None:
    said = {"headline": "Toyota orders", "announced_at": text, "parties": ["7203.T:customer"]}
    (line,) = preview(complete(said, Catalog.bundled()).news)
    assert line.startswith(f"7203.T (XTKS): event session {day0} (day 0)")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-05-20 8am", "add its zone"), ("2026-05-20 around noon", "add its zone"),
        ("2026-05-20 8am XYZ", "no zone 'XYZ'"),
        ("2026-05-20 9:00 CST", "Chicago .write CT. or Shanghai"),
        ("2026-05-20 25:00 ET", "no such time"), ("2026-05-20 13pm ET", "no such time"),
        ("2026-03-08 02:30 ET", "the clocks went forward"), ("2026-13-20 8am ET", "no such time"),
    ],
)  # fmt: skip
def test_times_that_do_not_exist_or_mean_two_things_are_told(text: str, told: str) -> None:
    with pytest.raises(CatalogError, match=told):
        when(text)


SUMS: dict[str, dict[str, Any]] = {
    "21bn": {"usd": 21e9, "qualifier": "exact"},
    "about $350m": {"usd": 350e6, "qualifier": "about"},
    "$3-4bn": {"usd": 3e9, "qualifier": "at_least", "high_usd": 4e9},
    "$3bn to $4bn": {"usd": 3e9, "qualifier": "at_least", "high_usd": 4e9},
    "$900m–1.1bn": {"usd": 900e6, "qualifier": "at_least", "high_usd": 1.1e9},
    "€1.2bn @ 1.08 (2026-05-19)": {
        "currency": "EUR", "local": 1.2e9, "usd": 1.296e9, "rate": 1.08, "rate_on": "2026-05-19",
        "qualifier": "exact",
    },
    "¥200bn @ 0.0065": {
        "currency": "JPY", "local": 200e9, "usd": 1.3e9, "rate": 0.0065, "qualifier": "exact",
    },
    "about 1.2bn EUR": {"currency": "EUR", "local": 1.2e9, "qualifier": "about"},
    "NT$5bn": {"currency": "TWD", "local": 5e9, "qualifier": "exact"},
}  # fmt: skip


@pytest.mark.parametrize("text", SUMS)
def test_sums_keep_their_range_and_their_currency(text: str) -> None:
    assert amount(text) == SUMS[text]


@pytest.mark.parametrize("text", ["lots", "$", "5 bananas", "$3bn-€4bn", "1.2.3.4bn x", "4-3"])
def test_sums_that_cannot_be_read_are_told(text: str) -> None:
    said = {"headline": "A deal", "announced_at": "2026-05-20", "parties": PARTIES, "amount": text}
    with pytest.raises(CatalogError, match=r"amount|high_usd"):
        complete(said, Catalog.bundled())


def test_all_complaints_come_at_once() -> None:
    said = {
        "headline": "", "announced_at": "2026-05-20 8am", "parties": ["META", "CRWV:suplier"],
        "amount": "lots", "links": ["x:ads_to"], "kind": "earning",
    }  # fmt: skip
    with pytest.raises(CatalogError) as caught:
        complete(said, Catalog.bundled())
    told = str(caught.value)
    for part in (
        "add its zone", "party 'META'", "did you mean 'supplier'", "amount 'lots'",
        "did you mean 'adds_to'", "did you mean 'earnings'", "headline: is missing",
    ):  # fmt: skip
        assert part in told


def test_a_foreign_sum_without_a_rate_makes_up_no_dollars() -> None:
    said = {
        "headline": "A deal",
        "announced_at": "2026-05-20",
        "parties": PARTIES,
        "amount": "€1.2bn",
    }
    news = complete(said, Catalog.bundled()).news
    assert news.amount is None
    assert "Amount: €1.2bn (EUR 1,200,000,000); no rate to dollars given" in news.facts
    with_rate = complete(said | {"amount": "€1.2bn @ 1.08 (2026-05-19)"}, Catalog.bundled()).news
    assert with_rate.amount is not None
    assert (with_rate.amount.usd, with_rate.amount.currency) == (1.296e9, "EUR")


def test_tickers_of_any_market_are_shown_on_their_own_exchange() -> None:
    tickers = ("7203.T", "0700.HK", "2330.TW", "ENR.DE", "BRK-B", "META")
    said = {
        "headline": "A deal of many", "announced_at": "2026-05-20 10:30 JST",
        "parties": [f"{ticker}:partner" for ticker in tickers],
    }  # fmt: skip
    news = complete(said, Catalog.bundled()).news
    assert news.tickers == tickers
    lines = dict(zip(tickers, preview(news), strict=True))
    assert lines["7203.T"].startswith("7203.T (XTKS): event session 2026-05-20")
    assert "first tradable open 2026-05-21" in lines["7203.T"]  # Tokyo was open
    assert lines["ENR.DE"].startswith("ENR.DE (XETR): event session 2026-05-20")
    assert "first tradable open 2026-05-20" in lines["ENR.DE"]  # Frankfurt was not
    assert lines["META"].startswith("META: event session 2026-05-20")


@pytest.mark.parametrize(
    ("text", "write", "meant"),
    [
        ("2026-07-20 8am EST", "EDT (or New York time)", "2026-07-20T08:00:00-05:00"),
        ("2026-01-20 8am EDT", "EST (or New York time)", "2026-01-20T08:00:00-04:00"),
        ("2026-01-20 8am PDT", "PST (or Los Angeles time)", "2026-01-20T08:00:00-07:00"),
        ("2026-01-20 12:00 CEST", "CET (or Paris time)", "2026-01-20T12:00:00+02:00"),
        ("2026-07-20 12:00 CET", "CEST (or Paris time)", "2026-07-20T12:00:00+01:00"),
        ("2026-01-20 09:00 BST", "GMT (or London time)", "2026-01-20T09:00:00+01:00"),
        ("2026-07-20 09:00 AEDT", "AEST (or Sydney time)", "2026-07-20T09:00:00+11:00"),
    ],
)
def test_a_zone_word_of_the_other_season_is_refused(text: str, write: str, meant: str) -> None:
    """An hour lies between the two readings, which may be the hour of an open."""
    with pytest.raises(CatalogError) as refused:
        when(text)
    assert f"write {write}, or {meant} if" in str(refused.value)
    day = text[:10]
    clock = text.split(" ", 1)[1].rsplit(" ", 1)[0]
    for advice in (write.split(" (")[0], write.split("(or ")[1].removesuffix(")")):
        followed = when(f"{day} {clock} {advice}")["announced_at"]
        assert followed[:19] == meant[:19]
        assert followed != meant
    assert when(meant) == {"announced_at": meant}


def test_a_zone_word_of_the_other_season_in_a_list(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("ticker,date\nMETA,2026-07-20 08:00 EST\n")
    with pytest.raises(CatalogError, match=r"EST is not what clocks in New York show .* \(row 2\)"):
        Catalog.read(tmp_path / "list.csv")
