"""Whose filings a ticker means where its number changed.

By the map, by a succession, by names, by the catalog.
"""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import Any

import pytest

from events import Announcement, Catalog
from events.discover.client import Edgar
from events.discover.discovery import discover
from events.discover.filings import find
from events.discover.holding import hold
from events.discover.registrants import numbers_of
from events.errors import DiscoveryError

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
OLD, NEW = "0000000001-26-000001", "0000000002-26-000001"


def two(server: Any, fake: ModuleType, old: str, new: str, **more: Any) -> tuple[Any, Any]:
    """An old registrant with a filing of February, and the new one with a filing of June."""
    one = server.add(fake.Paper(OLD, "20260202160531"), cik=1, name=old, ticker="OLDX")
    other = server.add(
        *more.pop("papers", ()), fake.Paper(NEW, "20260602160531"), cik=2, name=new, ticker="CRWV"
    )
    return one, other


def found(edgar: Edgar, *tickers: str) -> list[tuple[str, int]]:
    return [(one.ticker, one.cik) for one in find(edgar, tickers or ["CRWV"], SINCE, UNTIL)]


def test_a_ticker_that_the_map_has_twice(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    one, _ = two(server, fake, "Old", "Quite Other")
    one.tickers = ("CRWV",)
    assert found(edgar) == [("CRWV", 1), ("CRWV", 2)]
    assert "CRWV: EDGAR's map has CIK 1 and 2; all are followed" in edgar.notes


@pytest.mark.parametrize(
    ("old", "new", "former"),
    [
        ("Hut Works Corp.", "HUT WORKS, INC. /DE/", ()),  # the same name, in another form
        ("Iris Power Ltd", "IREN Ltd", ("Iris Power Limited",)),  # a former name
    ],
)
def test_another_registrant_of_the_name_is_followed(
    server: Any, edgar: Edgar, fake: ModuleType, old: str, new: str, former: tuple[str, ...]
) -> None:
    _, other = two(server, fake, old, new)
    other.former = former
    assert found(edgar) == [("CRWV", 1), ("CRWV", 2)]
    said = "CRWV: CIK 2 has filed since 2026-06-02 only; CIK 1 is followed too, OLDX in"
    assert edgar.notes[0].startswith(said)


@pytest.mark.parametrize("form", ["8-K12B", "8-K12G3", "8-K12B/A"])
def test_a_notice_of_a_successor_names_the_one_before(
    server: Any, edgar: Edgar, fake: ModuleType, form: str
) -> None:
    notice = fake.Paper(
        "0000000002-26-000009", "20260601080000", form=form, items="3.03",
        filers=((2, "Fresh Holdings"), (1, "Stale Industries")),
    )  # fmt: skip
    two(server, fake, "Stale Industries", "Fresh Holdings", papers=(notice,))
    assert found(edgar) == [("CRWV", 1), ("CRWV", 2)]
    assert f"{form} of 2026-06-01 names it" in edgar.notes[0]


def test_nobody_is_followed_without_need_or_by_likeness_alone(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    one, other = two(server, fake, "Old Names", "Old Name")
    assert found(edgar) == [("CRWV", 2)]
    assert "an earlier registrant's filings want its own number (CRWV=CIK)" in edgar.notes[0]
    one.name = "Old Name"
    other.papers.insert(0, fake.Paper("0000000002-25-000001", "20251202160531"))
    again = Edgar(edgar.answers, edgar.contact, pace=edgar.pace)
    assert found(again) == [("CRWV", 2)]  # it has filed before the span began: nothing is missing
    assert not again.notes


def test_a_number_that_is_said_is_that_one_alone(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    two(server, fake, "Same", "Same")
    assert found(edgar, "CRWV=2") == [("CRWV", 2)]
    assert found(edgar, "CRWV=CIK0000000001") == [("CRWV", 1)]
    assert found(edgar, "CRWV", "CRWV=1") == [("CRWV", 1), ("CRWV", 2)]


def test_circles_end(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    one, other = two(server, fake, "Same", "Same")
    one.former, other.former = ("Same Inc",), ("Same Ltd",)
    assert found(edgar) == [("CRWV", 1), ("CRWV", 2)]


def catalog(cik: int, ticker: str = "CRWV") -> Catalog:
    said = {
        "id": "2026-02-02-news",
        "headline": "CoreWeave and Meta Expand Their Agreement",
        "announced_at": "2026-02-02",
        "parties": [{"name": "Old", "ticker": ticker, "roles": ["supplier"], "cik": cik}],
    }
    return Catalog((Announcement.model_validate(said),))


def test_the_numbers_of_the_catalog_count_beside_the_map(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    two(server, fake, "Old", "Quite Other")
    mine = catalog(1)
    assert numbers_of(mine) == {"CRWV": (1,)}
    got = discover(["CRWV"], SINCE, UNTIL, catalog=mine, edgar=edgar)
    assert [row["cik"] for row in got.to_frame().to_dict("records")] == [1, 2]
    assert "CRWV: EDGAR's map has CIK 2, the catalog CIK 1; all are followed" in got.notes
    (held,) = hold(edgar, mine)
    assert (held.id, held.not_after.isoformat()) == ("2026-02-02-news", "2026-02-02T16:05:31-05:00")


def test_a_ticker_the_map_has_lost_is_found_by_the_catalogs_number(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    two(server, fake, "Old", "Quite Other")
    mine = catalog(1, "GONE")
    assert len(discover(["GONE"], SINCE, UNTIL, catalog=mine, edgar=edgar)) == 1
    assert [one.id for one in hold(edgar, mine, ["gone"])] == ["2026-02-02-news"]
    with pytest.raises(DiscoveryError, match=r"no ticker 'GONF'.*write TICKER=CIK"):
        discover(["GONF"], SINCE, UNTIL, catalog=mine, edgar=edgar)
