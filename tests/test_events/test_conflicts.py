"""What else falls in an event's windows, and the three rules."""

from __future__ import annotations

import pandas as pd
import pytest

from events import Announcement, Catalog, CatalogError, PlacedEvents, Sessions
from events.conflicts import RULES, conflicts, settle


def news(
    name: str, day: str, role: str = "supplier", kind: str = "other", **more: object
) -> Announcement:
    said: dict[str, object] = {
        "id": name,
        "headline": name.upper(),
        "announced_at": day,
        "timing": "before_open",
        "kind": kind,
        "parties": [{"name": "CoreWeave", "ticker": "CRWV", "roles": [role]}],
    }
    return Announcement.model_validate(said | more)


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions.exchange("XNYS", "2026-01-02", "2026-12-31")


def found(
    catalog: Catalog, sessions: Sessions, window: tuple[int, int] = (-5, 20)
) -> tuple[PlacedEvents, pd.DataFrame]:
    placed = PlacedEvents.on(catalog.events(), sessions)
    return placed, conflicts(placed, catalog, window)


def test_the_notes_of_2026_04_09_cannot_be_told_from_the_contract() -> None:
    catalog = Catalog.bundled()
    calendar = Sessions.exchange("XNYS", "2025-01-02", "2026-12-31")
    _, table = found(catalog, calendar, (0, 20))
    own = table[
        (table["event_id"] == "2026-04-09-meta-coreweave-21bn") & (table["ticker"] == "CRWV")
    ]
    notes = own[own["with_event"] == "2026-04-09-coreweave-notes-4p25bn"].iloc[0]
    assert (notes["what"], notes["day"], notes["not_separable"]) == ("offering", 0.0, True)
    anthropic = own[own["with_event"] == "2026-04-10-anthropic-coreweave"].iloc[0]
    assert (anthropic["day"], anthropic["not_separable"]) == (1.0, False)
    meta = table[
        (table["event_id"] == "2026-04-09-meta-coreweave-21bn") & (table["ticker"] == "META")
    ]
    assert not meta["not_separable"].any()


def test_days_are_counted_in_sessions_and_both_ways(sessions: Sessions) -> None:
    catalog = Catalog(
        (news("a", "2026-04-02"), news("b", "2026-04-06", kind="earnings"), news("c", "2026-06-01"))
    )
    _, table = found(catalog, sessions)
    assert table[["event_id", "with_event", "day", "what"]].values.tolist() == [
        ["a", "b", 1.0, "earnings"],
        ["b", "a", -1.0, "announcement"],
    ]
    assert found(catalog, sessions, (0, 0))[1].empty


@pytest.mark.parametrize(
    ("own", "other", "separable"),
    [
        ("supplier", "supplier", False),
        ("supplier", "read_through", True),
        ("read_through", "supplier", False),
        ("read_through", "read_through", False),
    ],
)
def test_own_news_outweighs_a_read_through(
    sessions: Sessions, own: str, other: str, separable: bool
) -> None:
    _, table = found(
        Catalog((news("a", "2026-04-09", own), news("b", "2026-04-09", other))), sessions
    )
    assert table[table["event_id"] == "a"]["not_separable"].tolist() == [not separable]


def test_a_note_counts_for_its_tickers(sessions: Sessions) -> None:
    note = {"type": "leak", "note": "N", "tickers": ["META"], "not_separable": True}
    one = news("a", "2026-04-09", contamination=[note])
    assert found(Catalog((one,)), sessions)[1].empty
    other = news("a", "2026-04-09", contamination=[note | {"tickers": []}])
    assert found(Catalog((other,)), sessions)[1][["what", "not_separable"]].values.tolist() == [
        ["leak", True]
    ]


@pytest.fixture
def three() -> Catalog:
    big = {"usd": 5.0}
    return Catalog(
        (
            news("a", "2026-04-09"),
            news("b", "2026-04-09", amount=big),
            news("c", "2026-04-09", "read_through"),
            news("d", "2026-05-01"),
        )
    )


def test_keep_marks(three: Catalog, sessions: Sessions) -> None:
    placed, table = found(three, sessions)
    kept = settle(placed, table, "keep")
    assert kept.events["not_separable"].tolist() == [True, True, True, False]
    assert kept.dropped.empty


def test_exclude_says_why(three: Catalog, sessions: Sessions) -> None:
    placed, table = found(three, sessions)
    left = settle(placed, table, "exclude")
    assert left.events["event_id"].tolist() == ["d"]
    assert left.dropped["event_id"].tolist() == ["a", "b", "c"]
    assert left.dropped["why"].tolist()[0] == "not separable from announcement: b: B"


def test_merge_lets_the_largest_stand_for_all(three: Catalog, sessions: Sessions) -> None:
    placed, table = found(three, sessions)
    merged = settle(placed, table, "merge")
    assert merged.events[["event_id", "merged"]].values.tolist() == [["b", "a;c"], ["d", ""]]
    assert merged.dropped.values.tolist() == [
        ["a", "CRWV", "merged into b"],
        ["c", "CRWV", "merged into b"],
    ]


@pytest.mark.parametrize("rule", RULES)
def test_no_event_is_lost_or_made(three: Catalog, sessions: Sessions, rule: str) -> None:
    placed, table = found(three, sessions)
    after = settle(placed, table, rule)  # parametrised over the rules
    assert sorted([*after.events["event_id"], *after.dropped["event_id"]]) == ["a", "b", "c", "d"]
    assert "merged" not in placed.frame.columns
    assert "not_separable" not in placed.frame.columns


def test_an_event_outside_the_calendar_conflicts_with_none(sessions: Sessions) -> None:
    placed, table = found(Catalog((news("a", "2027-06-01"), news("b", "2027-06-01"))), sessions)
    assert table.empty
    assert len(settle(placed, table, "merge").events) == 2


def test_an_unknown_rule(three: Catalog, sessions: Sessions) -> None:
    placed, table = found(three, sessions)
    with pytest.raises(CatalogError, match=r"no rule 'exlude'.*did you mean 'exclude'"):
        settle(placed, table, "exlude")  # wrong on purpose


def test_what_is_hard_for_one_party_is_not_for_another(sessions: Sessions) -> None:
    both = [
        {"name": "CoreWeave", "ticker": "CRWV", "roles": ["supplier"]},
        {"name": "Meta", "ticker": "META", "roles": ["customer"]},
    ]
    catalog = Catalog((news("a", "2026-04-02", parties=both), news("b", "2026-04-02")))
    placed, table = found(catalog, sessions)
    events = settle(placed, table, "keep").events
    marks = events.set_index(["event_id", "ticker"])["not_separable"].to_dict()
    assert marks == {("a", "CRWV"): True, ("a", "META"): False, ("b", "CRWV"): True}
