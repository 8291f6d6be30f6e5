"""A catalog held against filings: bounds proposed, clocks contradicted."""

from __future__ import annotations

import tomllib
from types import ModuleType
from typing import Any

import pytest

from events import Announcement, Catalog
from events.discover.client import Edgar
from events.discover.holding import Held, hold

PAPER = {
    "clock": "20260602080531",
    "title": "CoreWeave and Meta Expand Their Agreement",
    "text": "It is worth $2.1 billion.",
}


def entry(announced_at: str = "2026-06-02", **more: Any) -> Announcement:
    said: dict[str, Any] = {
        "id": "deal",
        "headline": "Meta and CoreWeave expand their agreement",
        "announced_at": announced_at,
        "amount": {"usd": 2.1e9},
        "parties": [
            {"name": "CoreWeave", "ticker": "CRWV", "roles": ["supplier"]},
            {"name": "Meta Platforms", "ticker": "META", "roles": ["customer"]},
        ],
    }
    return Announcement.model_validate(said | more)


def held(edgar: Edgar, *news: Announcement) -> tuple[Held, ...]:
    return hold(edgar, Catalog(news))


BOUND = "2026-06-02T08:05:31-04:00"
ENTRIES = {  # name: (entry, contradicted, proposed)
    "a date": (entry(), False, True),
    "before the open": (entry(timing="before_open"), False, True),
    "an instant before": (entry("2026-06-02T08:00:00-04:00"), False, True),
    "the same instant": (entry(BOUND), False, True),
    "an instant after": (entry("2026-06-02T08:05:32-04:00"), True, False),
    "after the close": (entry(timing="after_close"), True, False),
    "during the session": (entry(timing="during_session"), True, False),
    "the day after": (entry("2026-06-03"), True, False),
    "the day before": (entry("2026-06-01"), False, True),
    "an earlier bound": (
        entry(not_after={"at": "2026-06-02T07:00:00-04:00", "basis": "wire"}), False, False,
    ),
    "a later bound": (
        entry(not_after={"at": "2026-06-02T09:00:00-04:00", "basis": "wire"}), False, True,
    ),
    "not before, and later": (
        entry(not_before={"at": "2026-06-02T09:00:00-04:00", "basis": "wire"}), True, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("news", "wrong", "proposed"), ENTRIES.values(), ids=ENTRIES)
def test_what_a_filing_says_of_a_clock(
    server: Any, edgar: Edgar, fake: ModuleType, news: Announcement, wrong: bool, proposed: bool
) -> None:
    server.add(fake.Paper("0001769628-26-000001", **PAPER))
    (one,) = held(edgar, news)
    assert (one.wrong, one.proposed) == (wrong, proposed)
    assert BOUND in one.text
    said = tomllib.loads(one.toml)["not_after"]
    assert said["at"].isoformat() == BOUND
    if proposed:  # what is proposed can be taken as it is
        Announcement.model_validate(news.model_dump(exclude_unset=True) | {"not_after": said})


def test_the_first_of_several_filings_counts_and_amendments_do_not(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(
        fake.Paper("0001769628-26-000001", **{**PAPER, "clock": "20260602160000"}),
        fake.Paper("0001769628-26-000002", **{**PAPER, "clock": "20260602120000"}),
        fake.Paper("0001769628-26-000003", **{**PAPER, "clock": "20260602070000", "form": "8-K/A"}),
    )
    (one,) = held(edgar, entry())
    assert one.not_after.isoformat() == "2026-06-02T12:00:00-04:00"


def test_a_filing_about_something_else_says_nothing(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    other = {**PAPER, "title": "CoreWeave Opens An Office There", "text": "It is worth $9 billion."}
    server.add(fake.Paper("0001769628-26-000001", **other))
    assert held(edgar, entry()) == ()


def test_results_are_known_by_their_item(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    other = {**PAPER, "title": "CoreWeave Opens Its Books Now", "text": "x", "items": "2.02"}
    server.add(fake.Paper("0001769628-26-000001", **other))
    party = {"name": "CoreWeave", "ticker": "CRWV", "roles": ["reporter"]}
    news = entry(headline="Q1", kind="earnings", parties=[party])
    (one,) = held(edgar, news)
    assert one.why.endswith("its results")


def test_only_the_filings_of_the_days_are_asked_for(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(
        *(
            fake.Paper(f"0001769628-26-{n:06d}", **{**PAPER, "clock": f"2026{n:02d}02080531"})
            for n in range(1, 11)
        )
    )
    held(edgar, entry(), entry("2026-09-02", id="later"))
    asked = [name for name in server.asked if name.endswith("headers.html")]
    assert sorted(asked) == [f"0001769628-26-{n:06d}-index-headers.html" for n in (6, 9)]
