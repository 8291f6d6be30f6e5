"""Whatever an announcement may say survives being written and read."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events import Catalog
from events.files.disk import put_whole
from events.files.toml_files import as_toml, read_announcement
from events.record.announcement import Announcement
from events.record.vocabulary import Kind, Role, Timing

NASTY = st.text(st.sampled_from("ab \"'\\#=[]{}\n,é漢\U0001f600.-"), max_size=400)
LINE = NASTY.map(lambda text: " ".join(text.split())).filter(bool)
DOLLARS = st.one_of(st.integers(1, 10**13).map(float), st.floats(0.01, 1e12))
WHEN = st.one_of(
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
)


@st.composite
def announcements(draw: st.DrawFn) -> Announcement:
    when = draw(WHEN)
    said: dict[str, Any] = {
        "id": "a",
        "headline": draw(LINE),
        "summary": draw(NASTY),
        "announced_at": when,
        "kind": draw(st.sampled_from(Kind)),
        "facts": tuple(draw(st.lists(LINE, max_size=3))),
        "amount": {"usd": draw(DOLLARS), "note": draw(NASTY)},
        "parties": [
            {
                "name": draw(LINE),
                "ticker": "META",
                "roles": draw(st.lists(st.sampled_from(Role), min_size=1, max_size=3, unique=True)),
                "attributes": draw(
                    st.dictionaries(
                        st.sampled_from(["x", "y z", "_q"]),
                        st.one_of(LINE, st.floats(-1e9, 1e9), st.booleans()),
                    )
                ),
            }
        ],
    }
    if not isinstance(when, datetime):
        said["timing"] = draw(st.sampled_from(Timing))
    return Announcement.model_validate(said)


@given(announcements())
def test_written_and_read_it_is_the_same(news: Announcement) -> None:
    text = as_toml(news)
    again = Announcement.model_validate(tomllib.loads(text))
    assert again == news
    assert as_toml(again) == text
    assert Catalog((again,)).digest == Catalog((news,)).digest


def test_only_what_is_said_is_written() -> None:
    said = {
        "id": "a",
        "headline": "H",
        "announced_at": "2026-04-09",
        "parties": [{"name": "N", "roles": ["target"]}],
    }
    assert as_toml(Announcement.model_validate(said)) == (
        'id = "a"\nheadline = "H"\nannounced_at = 2026-04-09\n'
        '\n[[parties]]\nname = "N"\nroles = ["target"]\n'
    )


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.toml"
    target.write_text("before")

    def fail(self: Path, other: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        put_whole(target, "after")
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]
    assert target.read_text() == "before"


def test_an_announcement_never_changes() -> None:
    said = {
        "id": "a",
        "headline": "H",
        "announced_at": "2026-04-09",
        "parties": [{"name": "N", "roles": ["target"]}],
    }
    news = Announcement.model_validate(said)
    with pytest.raises(ValidationError, match="frozen"):
        news.headline = "other"  # wrong on purpose


def test_the_example_of_the_package_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'id = "a"\nheadline = "H"\nannounced_at = 2026-04-09\n'
        'parties = [{ name = "N", roles = ["target"] }]\n'
    )
    assert read_announcement(path).parties[0].name == "N"


def test_importing_events_is_light() -> None:
    heavy = ["exchange_calendars", "tomlkit", "scipy", "yfinance"]
    code = f"import sys, events; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_yes_is_no_amount() -> None:
    from pydantic import ValidationError

    from events.record.amount import Amount

    with pytest.raises(ValidationError, match="true is no amount of dollars"):
        Amount(usd=True)
