"""Bounds of the time an announcement became public: what they are, and where they place it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from events import Announcement, Catalog, CatalogError, Sessions, place_events
from events.files.toml_files import as_toml
from events.files.writing.preview import preview
from events.record.known import counts, how_known, known
from strategies.base import entry_session

PARTY = [{"name": "Meta", "ticker": "META", "roles": ["customer"]}]
SESSIONS = Sessions.exchange("XNYS", "2026-03-01", "2026-11-15")


def _news(day: str, low: str = "", high: str = "", **more: object) -> Announcement:
    said = {"id": "a", "headline": "A", "announced_at": day, "parties": PARTY, **more}
    for name, at in (("not_before", low), ("not_after", high)):
        if at:
            said[name] = {"at": at, "basis": "a wire's stamp"}
    return Announcement.model_validate(said)


def _placed(news: Announcement) -> pd.Series:
    return place_events(Catalog((news,)).events(), SESSIONS).iloc[0]


# day of April, not before, not after (New York without an offset), timing: day 0, first tradable
# open, end of the first day, flag
UNSURE = "bounds_disagree"
PLACES = {
    "both before the open": ("09", "06:00", "08:30", "", "09", "09", 0, ""),
    "both during the session": ("09", "10:00", "11:00", "", "09", "10", 0, ""),
    "both after the close": ("09", "16:00", "18:00", "", "10", "10", 0, ""),
    "across the open": ("09", "09:00", "10:00", "", "09", "10", 0, ""),
    "across the close": ("09", "15:00", "17:00", "", "09", "10", 1, UNSURE),
    "up to the bell itself": ("09", "15:00", "15:59:59", "", "09", "10", 0, ""),
    "the bell is after the close": ("09", "15:00", "16:00", "", "09", "10", 1, UNSURE),
    "only not after, before the open": ("09", "", "08:30", "", "09", "09", 0, ""),
    "only not after, in the session": ("09", "", "12:00", "", "09", "10", 0, ""),
    "only not after, in the evening": ("09", "", "17:31", "", "09", "10", 1, UNSURE),
    "only not before, in the evening": ("09", "16:05", "", "", "10", "10", 0, ""),
    "only not before, in the session": ("09", "12:00", "", "", "09", "10", 1, UNSURE),
    "a weekend": ("11", "08:00", "20:00", "", "13", "13", 0, ""),
    "friday evening": ("10", "17:00", "", "", "13", "13", 0, ""),
    "before the open, narrowed by nothing": ("09", "05:00", "", "before_open", "09", "09", 0, ""),
    "in the session, not after noon": ("09", "", "12:00", "during_session", "09", "10", 0, ""),
    "bounds prevail over a part they leave": (
        "09", "16:30", "17:00", "before_open", "10", "10", 0, "",
    ),
    "in another zone": ("09", "11:00+02:00", "14:00+02:00", "", "09", "09", 0, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_day_0_is_what_both_bounds_say_and_orders_wait_for_the_later(name: str) -> None:
    date, *edges, timing, day0, tradable, end, flag = PLACES[name]
    day = f"2026-04-{date}"
    low, high = (f"{day}T{at}" + ("" if "+" in at else "-04:00") if at else "" for at in edges)
    placed = _placed(_news(day, low, high, **({"timing": timing} if timing else {})))
    assert placed["event_session"] == pd.Timestamp(f"2026-04-{day0}")
    assert placed["tradable_open"] == pd.Timestamp(f"2026-04-{tradable}")
    assert placed["first_day_end"] == end
    assert placed["timing_flags"].replace("not_a_session", "") == flag


@pytest.mark.parametrize(
    ("day", "opens_at"),
    [("2026-03-06", 14), ("2026-03-09", 13), ("2026-10-30", 13), ("2026-11-02", 14)],
)
def test_the_open_is_new_yorks_before_and_after_the_clocks_change(day: str, opens_at: int) -> None:
    before = _placed(_news(day, high=f"{day}T{opens_at}:29:59+00:00"))
    at = _placed(_news(day, high=f"{day}T{opens_at}:30:00+00:00"))
    assert before["tradable_open"] == pd.Timestamp(day)
    assert at["tradable_open"] > pd.Timestamp(day)
    assert before["event_session"] == at["event_session"] == pd.Timestamp(day)


def test_the_first_close_after_unsure_news_is_that_of_the_later_session() -> None:
    unsure = _placed(_news("2026-04-09", "2026-04-09T15:00:00-04:00", "2026-04-09T17:00:00-04:00"))
    sure = _placed(_news("2026-04-09", "2026-04-09T10:00:00-04:00", "2026-04-09T11:00:00-04:00"))
    assert entry_session(unsure, "close") == pd.Timestamp("2026-04-10")
    assert entry_session(sure, "close") == pd.Timestamp("2026-04-09")


@pytest.mark.parametrize(
    ("day", "low", "high", "said"),
    [
        ("2026-04-09", "2026-04-09T10:00:00-04:00", "2026-04-09T09:00:00-04:00",
         "is after not_after"),
        ("2026-04-09", "", "2026-04-08T09:00:00-04:00", "is before announced_at"),
        ("2026-04-09", "2026-04-10T09:00:00-04:00", "", "is after announced_at"),
        ("2026-04-09T08:00:00-04:00", "2026-04-09T09:00:00-04:00", "", "is before not_before"),
        ("2026-04-09T08:00:00-04:00", "", "2026-04-09T07:00:00-04:00", "is after not_after"),
        ("2026-04-09", "2026-04-09", "", "an instant with its offset is wanted"),
    ],
)  # fmt: skip
def test_contradictions_are_refused(day: str, low: str, high: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _news(day, low, high)


# edges of an announcement of Friday the 3rd of April in Tokyo; New York is closed that day
ELSEWHERE = {
    "morning in Tokyo": ("06:30", "07:30", "XTKS", "03", "03", ""),
    "around noon in Tokyo": ("11:30", "12:30", "XTKS", "03", "06", ""),
    "the evening before in New York": ("06:30", "07:30", "XNYS", "06", "06", ""),
    "the session before in New York": ("03:00", "04:30", "XNYS", "02", "06", ""),
    "only an upper edge, before the date in New York": ("", "07:30", "XNYS", "02", "06", UNSURE),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_date_is_also_that_of_where_its_edges_are_written(name: str) -> None:
    *edges, exchange, day0, tradable, flag = ELSEWHERE[name]
    low, high = (f"2026-04-03T{at}+09:00" if at else "" for at in edges)
    sessions = Sessions.exchange(exchange, "2026-03-02", "2026-05-15")
    placed = place_events(Catalog((_news("2026-04-03", low, high),)).events(), sessions).iloc[0]
    assert placed["event_session"] == pd.Timestamp(f"2026-04-{day0}")
    assert placed["tradable_open"] == pd.Timestamp(f"2026-04-{tradable}")
    assert placed["timing_flags"].replace("not_a_session", "").strip(";") == flag


def test_an_edge_of_the_evening_in_new_york_is_the_next_day_in_tokyo() -> None:
    sessions = Sessions.exchange("XTKS", "2026-03-02", "2026-05-15")
    news = _news("2026-04-09", low="2026-04-09T16:05:00-04:00")
    placed = place_events(Catalog((news,)).events(), sessions).iloc[0]
    assert placed["event_session"] == pd.Timestamp("2026-04-10")
    assert placed["tradable_open"] == pd.Timestamp("2026-04-13")
    assert placed["timing_flags"] == UNSURE


def test_a_file_keeps_its_bounds_and_says_how_day_0_is_known(tmp_path: Path) -> None:
    news = _news("2026-04-09", "2026-04-09T15:00:00-04:00", "2026-04-09T17:00:00-04:00")
    (tmp_path / "a.toml").write_text(as_toml(news))
    (again,) = Catalog.read(tmp_path)
    assert again == news
    assert known(again).value == "bounded"
    assert "not after 2026-04-09 17:00:00-04:00 (a wire's stamp)" in how_known(again)
    (line,) = preview(again)
    assert "2026-04-09 or 2026-04-10" in line


def test_a_table_may_have_bounds(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "ticker,date,not_after\nMETA,2026-04-09,2026-04-09T08:30:00-04:00\nCRWV,2026-04-09,\n"
    )
    placed = place_events(Catalog.read(path).events(), SESSIONS).set_index("ticker")
    assert placed.loc["META", "tradable_open"] == pd.Timestamp("2026-04-09")
    assert placed.loc["CRWV", "tradable_open"] == pd.Timestamp("2026-04-10")
    path.write_text("ticker,date,not_after\nMETA,2026-04-09,soon\n")
    with pytest.raises(CatalogError, match="not_after: 'soon' is no ISO date or instant"):
        Catalog.read(path)


def test_a_catalog_is_filtered_by_how_its_times_are_known() -> None:
    catalog = Catalog.bundled()
    parts = {how: catalog.filter(timing=how) for how in ("exact", "bounded", "part", "dated")}
    assert sum(map(len, parts.values())) == len(catalog)
    assert all(known(news).value == how for how, part in parts.items() for news in part)
    assert f"{len(parts['part'])} by the part of the day" in counts(catalog.held)
    with pytest.raises(CatalogError, match="did you mean 'dated'"):
        catalog.filter(timing="date")
