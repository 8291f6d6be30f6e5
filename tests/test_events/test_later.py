"""What became of an announcement later.

Written, shown, in the ledger as of a date, read by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from events import Announcement, Catalog
from events.clock.place import PlacedEvents
from events.clock.sessions import Sessions
from events.conflicts import RULES, conflicts, settle
from events.describe import describe
from events.files.toml_files import json_schema
from events.ledger import ledger, with_ledger

LAUNCHED = {
    "2025-09-10-nebius-raise-3bn": (3.0e9, 3.75e9),
    "2025-10-30-meta-bonds-25bn": (25e9, 30e9),
    "2025-12-08-coreweave-convertible-2bn": (2.0e9, 2.25e9),
    "2026-08-19-nebius-convertible-4p5bn": (4.5e9, 5.0e9),
    "2026-09-17-coreweave-convertible-3bn": (3.0e9, 3.7e9),
}


def deal(name: str, day: str, usd: float, **more: object) -> Announcement:
    said: dict[str, object] = {
        "id": name,
        "headline": name,
        "announced_at": day,
        "amount": {"usd": usd, "payer": "A", "payee": "B"},
        "parties": [
            {"name": "A", "ticker": "AAA", "roles": ["customer"]},
            {"name": "B", "ticker": "BBB", "roles": ["supplier"]},
        ],
    }
    return Announcement.model_validate(said | more)


def fact(kind: str, on: str, usd: float | None = None) -> dict[str, object]:
    return {"kind": kind, "on": on, "what": "It came otherwise", "amount_usd": usd}


def forgotten(news: Announcement) -> Announcement:
    return news.model_copy(update={"later": ()})


def rewritten(news: Announcement) -> Announcement:
    """Another later life for every announcement: ended, with a sum and words no other has."""
    told = fact("cancelled", "2031-01-01", 7e13) | {"what": "zzyzx"}
    more = fact("restated", "2030-01-01", 9e13)
    return Announcement.model_validate(news.model_dump() | {"later": [told, more]})


OTHER_LIVES = pytest.mark.parametrize("change", [forgotten, rewritten])


def changed(change: Callable[[Announcement], Announcement]) -> Catalog:
    return Catalog(tuple(change(news) for news in Catalog.bundled()))


@OTHER_LIVES
def test_no_table_of_events_and_no_filter_reads_it(
    change: Callable[[Announcement], Announcement],
) -> None:
    known, other = Catalog.bundled(), changed(change)
    assert known.digest != other.digest
    pd.testing.assert_frame_equal(known.events(), other.events())
    pd.testing.assert_frame_equal(known.to_frame(), other.to_frame())
    pd.testing.assert_frame_equal(ledger(known), ledger(other))
    pd.testing.assert_frame_equal(
        with_ledger(known.events(), known), with_ledger(other.events(), other)
    )
    words = {word for news in known for one in news.later for word in one.what.split()}
    for text in ("zzyzx", "Enlarged", *words):
        found = [news.id for news in known.filter(text=text)]
        assert [news.id for news in other.filter(text=text)] == found
    assert len(other.filter(text="zzyzx")) == 0


@OTHER_LIVES
@pytest.mark.parametrize("rule", RULES)
def test_no_conflict_and_no_rank_reads_it(
    change: Callable[[Announcement], Announcement], rule: str
) -> None:
    found = []
    for catalog in (Catalog.bundled(), changed(change)):
        sessions = Sessions.exchange("XNYS", date(2025, 1, 1), date(2026, 12, 31))
        placed = PlacedEvents.on(catalog.events(), sessions)
        rivals = conflicts(placed, catalog)
        settled = settle(placed, rivals, rule)  # a rule of the list
        found.append((rivals, settled.events, settled.dropped))
    for one, other in zip(*found, strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("name", LAUNCHED)
def test_an_offering_holds_its_launch_and_its_pricing_is_later(name: str) -> None:
    news = Catalog.bundled()[name]
    launched, priced = LAUNCHED[name]
    assert news.amount is not None
    assert news.amount.usd == launched
    assert [(one.kind, one.amount_usd) for one in news.later] == [("priced", priced)]
    said = " ".join((news.id, news.headline, news.summary, news.term or "", *news.facts))
    said += news.amount.note + news.timing_basis
    size = f"{priced / 1e9:g}"
    for spelt in (f"${size}bn", f"${priced / 1e9:.1f}bn", f"-{size.replace('.', 'p')}bn"):
        assert spelt not in said


def test_it_is_written_and_read_and_shown(tmp_path: Path) -> None:
    news = deal("a", "2026-01-01", 10e9, later=[fact("priced", "2026-01-02", 12.5e9)])
    Catalog((news,)).write(tmp_path)
    assert '[[later]]\nkind = "priced"\non = 2026-01-02\n' in (tmp_path / "a.toml").read_text()
    assert Catalog.read(tmp_path)["a"] == news
    assert "later      2026-01-02 priced $12.5bn: It came otherwise" in describe(news)
    assert "later" in json_schema()["properties"]


def test_what_was_known_before_is_no_later_fact() -> None:
    with pytest.raises(ValidationError, match=r"2025-12-31 \(priced\) is before announced_at"):
        deal("a", "2026-01-01", 10, later=[fact("priced", "2025-12-31", 12)])


def rows(table: pd.DataFrame) -> list[tuple[str, float, float]]:
    shown = table[["kind", "amount_usd", "cumulative_usd"]]
    return list(shown.itertuples(index=False, name=None))


def test_the_ledger_as_of_a_date_knows_what_was_known_by_then() -> None:
    restated = fact("restated", "2026-01-05", 12)
    ended = fact("cancelled", "2026-03-01")
    catalog = Catalog(
        (
            deal("a", "2026-01-01", 10, later=[ended, restated]),
            deal("b", "2026-02-01", 5, kind="capacity_contract"),
        )
    )
    announced = [("other", 10.0, 10.0)]
    assert rows(ledger(catalog, date(2025, 12, 31))) == []
    assert rows(ledger(catalog, date(2026, 1, 4))) == announced
    grown = [*announced, ("restated", -10.0, 0.0), ("restated", 12.0, 12.0)]
    assert rows(ledger(catalog, date(2026, 1, 5))) == grown
    grown.append(("capacity_contract", 5.0, 17.0))
    assert rows(ledger(catalog, date(2026, 2, 28))) == grown
    assert rows(ledger(catalog, date(2026, 3, 1))) == [*grown, ("cancelled", -12.0, 5.0)]
    assert rows(ledger(catalog)) == [*announced, ("capacity_contract", 5.0, 15.0)]


def test_an_end_that_an_announcement_tells_is_taken_back_once_at_the_sum_that_stood() -> None:
    later = [fact("restated", "2026-01-05", 12), fact("cancelled", "2026-03-01")]
    links = [{"to": "a", "relation": "ends"}]
    first = deal("a", "2026-01-01", 10, later=later)
    end = deal("b", "2026-03-01", 1, links=links).model_copy(update={"amount": None})
    table = ledger(Catalog((first, end)), date(2026, 4, 1))
    assert table["amount_usd"].tolist() == [10.0, -10.0, 12.0, -12.0]
    assert table["cumulative_usd"].tolist()[-1] == 0.0


def test_a_later_sum_of_several_payers_has_no_known_split() -> None:
    shares = [{"payer": "A", "usd": 6}, {"payer": "B", "usd": 4}]
    amount = {"usd": 10, "payee": "B", "shares": shares}
    news = deal("a", "2026-01-01", 10, amount=amount, later=[fact("closed", "2026-01-05", 12)])
    assert ledger(Catalog((news,)), date(2026, 2, 1))["amount_usd"].tolist() == [6.0, 4.0]


def test_the_bundled_ledger_as_of_a_date() -> None:
    catalog = Catalog.bundled()
    before = ledger(catalog, date(2025, 11, 11))
    after = ledger(catalog, date(2025, 11, 12))
    pair = after[(after["payer"] == "Meta Platforms") & (after["payee"] == "Nebius Group")]
    assert pair["amount_usd"].tolist() == [3e9, -3e9, 2.9e9]
    assert len(after) == len(before) + 2
