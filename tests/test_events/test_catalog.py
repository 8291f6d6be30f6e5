"""Order, uniqueness, lookup, filters, digest and the round trip of a catalog."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import Announcement, Catalog, CatalogError, ReactionsError


def news(name: str = "a", when: str = "2026-04-09", **more: object) -> Announcement:
    said: dict[str, object] = {
        "id": name,
        "headline": "Something happened",
        "announced_at": when,
        "parties": [{"name": "CoreWeave", "ticker": "CRWV", "roles": ["supplier"]}],
    }
    return Announcement.model_validate(said | more)


@pytest.fixture(scope="module")
def bundled() -> Catalog:
    return Catalog.bundled()


def test_the_bundled_catalog_is_whole(bundled: Catalog) -> None:
    assert len(bundled) == 106
    assert repr(bundled) == "<Catalog: 106 announcements, 2025-01-21 to 2026-09-17>"


def test_the_announcement_of_2026_04_09(bundled: Catalog) -> None:
    news = bundled["2026-04-09-meta-coreweave-21bn"]
    assert (news.announced_at, news.timing, news.signed) == (
        date(2026, 4, 9),
        "before_open",
        date(2026, 3, 31),
    )
    assert news.amount is not None
    assert (news.amount.usd, news.amount.total_usd, news.amount.qualifier) == (
        21e9,
        35.2e9,
        "about",
    )
    assert [party.role for party in news.parties[:2]] == ["customer", "supplier"]


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.dates(date(2020, 1, 1), date(2026, 1, 1))),
        unique_by=lambda pair: pair[0],
    )
)
def test_order_and_digest_do_not_depend_on_the_order_given(pairs: list[tuple[int, date]]) -> None:
    made = [news(f"n{number}", day.isoformat()) for number, day in pairs]
    shuffled = made[1::2] + made[::2][::-1]
    one, other = Catalog(tuple(made)), Catalog(tuple(shuffled))
    assert one.announcements == other.announcements
    assert one.digest == other.digest
    keys = [(item.announced_at, item.id) for item in one]
    assert keys == sorted(keys)


def test_digest_changes_with_a_fact() -> None:
    assert Catalog((news(),)).digest != Catalog((news(headline="Something else"),)).digest


def test_a_date_sorts_before_the_instants_of_its_day() -> None:
    made = (
        news("b", "2026-04-09T00:00:01-04:00"),
        news("a", "2026-04-09"),
        news("c", "2026-04-09T03:00:00Z"),
    )
    assert [item.id for item in Catalog(made)] == ["c", "a", "b"]


def test_an_id_twice_is_an_error() -> None:
    with pytest.raises(CatalogError, match="id 'a' is there twice"):
        Catalog((news("a"), news("a", "2026-04-10")))


def test_a_miss_names_the_nearest(bundled: Catalog) -> None:
    with pytest.raises(CatalogError, match="did you mean '2026-04-09-meta-coreweave-21bn'"):
        bundled["2026-04-09-meta-corewave-21bn"]


def test_events_have_one_row_a_listed_party(bundled: Catalog) -> None:
    events = bundled.events()
    assert not events.duplicated(["event_id", "ticker"]).any()
    assert list(events["event_id"].drop_duplicates()) == [
        item.id for item in bundled if item.tickers
    ]
    amazon = events[(events["event_id"] == "2026-04-20-amazon-anthropic-25bn")]
    assert amazon[["ticker", "role", "roles"]].values.tolist() == [
        ["AMZN", "investor", "investor;supplier"]
    ]


def test_events_of_an_empty_catalog_have_their_columns() -> None:
    events = Catalog(()).events()
    assert events.empty
    assert list(events.columns)[:3] == ["event_id", "ticker", "role"]


def test_attributes_become_columns() -> None:
    party = {
        "name": "A",
        "ticker": "A",
        "roles": ["target"],
        "attributes": {"market_value_usd": 5e9},
    }
    catalog = Catalog((news("x", parties=[party]), news("y")))
    assert catalog.events()["market_value_usd"].tolist()[0] == 5e9
    assert pd.isna(catalog.events()["market_value_usd"].tolist()[1])


def test_filters_narrow_announcements_and_parties(bundled: Catalog) -> None:
    found = bundled.filter(
        tickers=["CRWV"], roles=["supplier"], kinds=["capacity_contract"], since="2026-04-01"
    )
    assert {item.id for item in found} == {
        "2026-04-09-meta-coreweave-21bn",
        "2026-04-10-anthropic-coreweave",
        "2026-04-15-jane-street-coreweave-6bn",
        "2026-08-20-hudson-river-coreweave",
    }
    assert set(found.events()["ticker"]) == {"CRWV"}
    assert found.digest != bundled.digest
    assert len(bundled.filter(until=date(2025, 1, 27))) == 2
    assert [item.id for item in bundled.filter(ids=["2026-04-10-anthropic-coreweave"])] == [
        "2026-04-10-anthropic-coreweave"
    ]


def test_text_is_looked_for_in_any_case(bundled: Catalog) -> None:
    found = [item.id for item in bundled.filter(text="vera rubin")]
    assert "2026-04-09-meta-coreweave-21bn" in found
    assert len(found) < 10
    assert len(bundled.filter(text="no such words")) == 0


def test_role_and_ticker_must_hold_for_one_party(bundled: Catalog) -> None:
    found = bundled.filter(tickers=["META"], roles=["supplier"])
    assert [item.id for item in found] == ["2026-07-01-meta-compute-report"]


def test_unverified_announcements_can_be_left_out(bundled: Catalog) -> None:
    kept = bundled.filter(confidence="verified")
    assert 0 < len(kept) < len(bundled)
    assert "2025-06-03-meta-constellation" not in kept
    assert "2026-04-09-meta-coreweave-21bn" in kept


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"tickers": ["CRVW"]}, "no announcement has ticker 'CRVW'; did you mean 'CRWV'"),
        ({"roles": ["suplier"]}, "did you mean 'supplier'"),
        ({"kinds": ["earning"]}, "did you mean 'earnings'"),
        ({"ids": ["2025-01-21-stargat"]}, "did you mean '2025-01-21-stargate'"),
        ({"confidence": "verifyed"}, "did you mean 'verified'"),
        ({"since": "next week"}, "no ISO date"),
        ({"tickers": "META"}, "give a list, not the text 'META'"),
    ],
)
def test_a_filter_that_cannot_match_is_an_error(
    bundled: Catalog, condition: dict[str, object], says: str
) -> None:
    with pytest.raises(CatalogError, match=says):
        bundled.filter(**condition)  # wrong on purpose


def test_read_write_read_gives_the_same(bundled: Catalog, tmp_path: Path) -> None:
    written = bundled.write(tmp_path)
    again = Catalog.read(tmp_path)
    assert again.announcements == bundled.announcements
    assert again.digest == bundled.digest
    assert {path.name for path in written} == {f"{item.id}.toml" for item in bundled}
    texts = {path.name: path.read_bytes() for path in written}
    again.write(tmp_path)
    assert {path.name: path.read_bytes() for path in written} == texts
    assert {path.name for path in tmp_path.iterdir()} == set(texts)


def test_the_bundled_files_are_formatted_as_the_tool_writes_them(
    bundled: Catalog, tmp_path: Path
) -> None:
    folder = Path(__import__("events").__file__).parent / "announcements"
    for path in bundled.write(tmp_path):
        assert (folder / path.name).read_text() == path.read_text(), path.name


def test_later_paths_add_and_replace_by_id(tmp_path: Path) -> None:
    for folder, headline in (("one", "first"), ("two", "second")):
        Catalog((news("a", headline=headline), news(folder))).write(tmp_path / folder)
    both = Catalog.read(tmp_path / "one", tmp_path / "two")
    assert {item.id: item.headline for item in both} == {
        "a": "second",
        "one": "Something happened",
        "two": "Something happened",
    }


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such file or folder"),
        (lambda path: os.mkfifo(path), "is neither a file nor a folder"),
        (lambda path: path.mkdir(), "an empty catalog: no .toml file in this folder"),
    ],
)
def test_missing_and_empty_paths(tmp_path: Path, make: object, says: str) -> None:
    path = tmp_path / "mine"
    make(path)  # parametrised over callables
    with pytest.raises(CatalogError, match=says):
        Catalog.read(path)


def test_a_name_that_cannot_be_a_path() -> None:
    with pytest.raises(ReactionsError, match="has over 255 bytes"):
        Catalog.read("a" * 5000)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "mine.docx"
    path.touch()
    with pytest.raises(CatalogError, match=r"mine.docx: a catalog is a folder of .toml files"):
        Catalog.read(path)


def test_two_files_with_one_id(tmp_path: Path) -> None:
    Catalog((news("a"),)).write(tmp_path)
    (tmp_path / "b.toml").write_text((tmp_path / "a.toml").read_text())
    with pytest.raises(CatalogError, match=r"b.toml: id: 'a' is the id of a.toml already"):
        Catalog.read(tmp_path)
