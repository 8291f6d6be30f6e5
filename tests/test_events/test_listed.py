"""A table's announcements are columns until one is asked for: what they say is what objects say."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from events import Catalog, CatalogError
from events.files.lists.listed import Listed
from events.files.reading import read_path
from events.record.known import tally

WORDS = {
    "announced_at": [
        "2026-04-09", "2026-04-09T17:30:00-04:00", "2026-04-09T21:30:00Z",
        "2026-04-10T03:00:00+09:00", "2026-04-10", "2025-12-03",
    ],
    "kind": ["earnings", "", 'my "own" kind', "ipo"],
    "amount_usd": ["", "1e9", "2,000,000", "5.5"],
    "headline": ["", 'A \\ "quoted" é headline', "Plain"],
    "not_after": ["", "2026-12-03T20:00:00-05:00"],
}  # fmt: skip


def table(path: Path) -> Path:
    """300 rows of some 200 announcements, one or several parties each, all columns in use."""
    rng = np.random.default_rng(3)
    names = [f"e{number}" for number in rng.integers(0, 250, 300)]
    rows = pd.DataFrame({"event_id": names})
    rows["ticker"] = rng.choice(["META", "7203.T", "VOD.L", "AAA", "B&C"], len(rows))
    rows = rows.drop_duplicates(ignore_index=True)
    number = rows["event_id"].str[1:].astype(int)
    for step, (name, words) in enumerate(WORDS.items(), 1):
        rows[name] = [words[one // step % len(words)] for one in number]
    rows["role"] = rng.choice(["customer", "read_through", "", "own role é"], len(rows))
    rows["late"] = [None] * 20 + [1.5] * (len(rows) - 20)
    rows["whole"] = rng.integers(0, 5, len(rows))
    rows["exchange"] = rng.choice(["LSE", "NYSE", ""], len(rows))
    rows["nothing"] = ""
    rows.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog.read(table(tmp_path_factory.mktemp("listed") / "mine.csv"))


@pytest.fixture(scope="module")
def made(listed: Catalog) -> Catalog:
    """The same announcements, as objects."""
    return Catalog(tuple(listed))


def test_a_table_is_held_as_columns(listed: Catalog, made: Catalog) -> None:
    assert isinstance(listed.held, Listed)
    assert not isinstance(made.held, Listed)
    assert listed == made
    assert made == listed
    assert [news.id for news in listed] == [news.id for news in made] == list(listed.held.ids)
    assert listed.announcements[-1] == made.announcements[-1]
    assert listed.announcements[3:5] == made.announcements[3:5]
    assert all(listed[name] == made[name] for name in made.held.ids)


def test_its_tables_are_those_of_the_objects(listed: Catalog, made: Catalog) -> None:
    pd.testing.assert_frame_equal(listed.events(), made.events())
    pd.testing.assert_frame_equal(listed.to_frame(), made.to_frame())
    narrow = {"tickers": ("AAA", "META"), "roles": ("customer",)}
    some = Catalog(listed.announcements, **narrow).events()
    assert 0 < len(some) < len(listed.events())
    pd.testing.assert_frame_equal(some, Catalog(made.announcements, **narrow).events())


def test_its_digest_is_that_of_the_objects(listed: Catalog, made: Catalog) -> None:
    assert b"".join(listed.held.texts()) == b"".join(made.held.texts())
    assert listed.digest == made.digest


def test_what_is_asked_of_all_is_what_the_objects_say(listed: Catalog, made: Catalog) -> None:
    assert listed.exchanges == made.exchanges != {}
    assert list(listed.held.tickers) == list(made.held.tickers)
    assert set(listed.held.moments) == set(made.held.moments)
    assert tally(listed.held) == tally(made.held)
    assert not listed.held.curated
    assert pickle.loads(pickle.dumps(listed)) == made  # noqa: S301 -- just written


def test_announcements_alike_in_their_times_are_checked_once_and_refused_one_by_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "event_id,ticker,announced_at,timing\n"
        "a,META,2026-04-09T08:00:00-04:00,after_close\n"
        "b,7203.T,2026-04-09T08:00:00-04:00,after_close\n"  # another clock: nothing to refuse
        "c,NVDA,2026-04-09T08:00:00-04:00,after_close\n"
        "d,NVDA,2026-04-09,after_close\n"
    )
    read = read_path(path)
    assert [str(one).rpartition("(")[2] for one in read.problems] == ["row 2)", "row 4)"]
    assert "contradicts announced_at" in str(read.problems[0])
    assert list(read.announcements.ids) == ["b", "d"]
    with pytest.raises(CatalogError, match="row 2"):
        Catalog.read(path)


def test_ids_that_are_one_however_they_are_written_are_one_announcement(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("event_id,ticker,announced_at\n7,META,2026-04-09\n7.0,NVDA,2026-04-09\n")
    assert [news.tickers for news in Catalog.read(path)] == [("META", "NVDA")]
