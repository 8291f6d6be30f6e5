"""From filings to files that the ordinary reader takes; hostile words in them do no harm."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from events import Catalog, Kind
from events.discover import discover
from events.discover.client import Edgar, contact
from events.discover.drafting import kind_of
from events.discover.text import amounts_of, dateline_of, lines_of, title_of
from events.errors import DiscoveryError
from events.files.check import check

NOTES = {
    "clock": "20260917070133",
    "items": "8.01,9.01",
    "title": "CoreWeave Announces Proposed $3.0 Billion Convertible Notes Offering",
    "text": "CoreWeave intends to offer $3.0 billion of notes, "
    "and Meta Platforms buys for about $2.1bn.",
    "dateline": "September 17, 2026",
}


def drafts(edgar: Edgar, **more: Any) -> Any:
    return discover(["CRWV"], "2026-01-01", "2026-12-31", edgar=edgar, **more)


def test_a_draft_says_what_the_filing_says(
    server: Any, edgar: Edgar, fake: ModuleType, tmp_path: Path
) -> None:
    server.add(fake.Paper("0001769628-26-000001", **NOTES))
    found = drafts(edgar)
    written, kept = found.write(tmp_path / "drafts")
    assert (len(written), kept) == (1, ())
    assert check([tmp_path / "drafts"]) == []
    (news,) = Catalog.read(tmp_path / "drafts")
    assert news.headline == NOTES["title"]
    assert news.kind is Kind.FINANCING
    assert news.amount is not None
    assert news.amount.usd == 3e9
    assert [(p.name, p.ticker, p.roles[0].value, p.cik) for p in news.parties] == [
        ("CoreWeave, Inc.", "CRWV", "issuer", 1769628)
    ]
    assert news.not_after is not None
    assert news.not_before is not None
    assert news.not_after.at.isoformat() == "2026-09-17T07:01:33-04:00"
    assert news.not_before.at.isoformat() == "2026-09-17T00:00:00-04:00"
    assert "EDGAR accepted it 2026-09-17 07:01:33" in news.not_after.basis
    assert news.links[0].to == "2026-09-17-coreweave-convertible-3bn"
    assert news.sources[0].url == (
        "https://www.sec.gov/Archives/edgar/data/1769628/000176962826000001/"
        "0001769628-26-000001-index.htm"
    )
    said = news.confidence.model_dump(exclude={"note"})
    assert {str(said[name]) for name in ("date", "timing", "parties", "amount", "terms")} == {
        "unverified"
    }
    assert any("$2.1bn: " in fact and "Meta Platforms buys for" in fact for fact in news.facts)


def test_a_draft_that_is_there_stays(
    server: Any, edgar: Edgar, fake: ModuleType, tmp_path: Path
) -> None:
    server.add(fake.Paper("0001769628-26-000001", **NOTES))
    (path,), _ = drafts(edgar).write(tmp_path)
    path.write_text("corrected", encoding="utf-8")
    written, kept = drafts(edgar).write(tmp_path)
    assert (written, kept) == ((), (path,))
    assert path.read_text(encoding="utf-8") == "corrected"


def test_the_catalog_says_what_is_there(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(
        fake.Paper("0001769628-26-000001", **NOTES),
        fake.Paper(
            "0001769628-26-000002", "20261001120000", title="CoreWeave Opens An Office There"
        ),
    )
    table = drafts(edgar).to_frame()
    assert table["known"][0] == "2026-09-17-coreweave-convertible-3bn"
    assert table["known"].isna().tolist() == [False, True]
    assert "the same amount" in table["why_known"][0]
    empty = drafts(edgar, catalog=Catalog(()))
    assert [one.known for one in empty.found] == [(), ()]
    assert all(not draft.links for draft in empty.drafts)


@pytest.mark.parametrize(
    ("paper", "day", "bounds"),
    [
        (
            {"clock": "20260917173100", "filed": "2026-09-18"},
            "2026-09-17",
            ("17T00:00:00", "18T06:00:00"),
        ),
        ({"clock": "20260918080000", "form": "6-K"}, "2026-09-17", (None, "18T08:00:00")),
        ({"dateline": "June 1, 2026"}, "2026-09-17", (None, "17T07:01:33")),
        ({"dateline": "September 18, 2026"}, "2026-09-17", (None, "17T07:01:33")),
    ],
)
def test_bounds_of_drafts(
    server: Any,
    edgar: Edgar,
    fake: ModuleType,
    paper: dict[str, str],
    day: str,
    bounds: tuple[str | None, str],
) -> None:
    server.add(fake.Paper("0001769628-26-000001", **{**NOTES, **paper}))
    (news,) = drafts(edgar).drafts
    said = [b and b.at.isoformat() for b in (news.not_before, news.not_after)]
    assert str(news.announced_at) == day
    assert said == [b and f"2026-09-{b}-04:00" for b in bounds]


def test_an_amendment_is_said_to_be_one(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper("0001769628-26-000001", **{**NOTES, "form": "8-K/A"}))
    (draft,) = drafts(edgar).drafts
    assert any("amends an earlier filing" in fact for fact in draft.facts)


HOSTILE = (
    'a "quoted" \\ back\\slash', "]] [x] = 1", "'''triple''' \"\"\"double\"\"\"",
    "\x1b[2Jclear\x07", "turn‮ed", "&lt;script&gt;alert(1)&lt;/script&gt;", "=cmd|' /C calc'!A0",
    "é ü 日本 🚀",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_do_no_harm(
    server: Any, edgar: Edgar, fake: ModuleType, tmp_path: Path, words: str
) -> None:
    title = f"CoreWeave signs {words} with somebody"
    paper = {**NOTES, "title": title, "text": f"{words} for $5 billion {words}"}
    known = server.add(fake.Paper("0001769628-26-000001", **paper))
    known.name = f"CoreWeave {words}"
    (path,), _ = drafts(edgar).write(tmp_path / "drafts")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(data) <= {
        "id", "headline", "announced_at", "not_before", "not_after", "timing", "timing_basis",
        "kind", "timing_quality", "own_kind", "facts", "amount", "confidence", "parties", "links",
        "sources",
    }  # fmt: skip
    assert check([tmp_path / "drafts"]) == []


@pytest.mark.parametrize(
    ("title", "items", "kind"),
    [
        ("CoreWeave Reports Second Quarter Results", ["2.02"], "earnings"),
        ("Nebius reports second quarter 2026 financial results", [], "earnings"),
        ("CoreWeave to Acquire Core Scientific", ["1.01"], "acquisition"),
        ("Launch of convertible notes", ["8.01"], "financing"),
        ("An agreement", ["2.03"], "financing"),
        ("An agreement", ["2.01"], "acquisition"),
        ("CoreWeave signs AI cloud capacity contract with Meta", ["1.01"], "capacity_contract"),
        ("Something happened", ["7.01"], "other"),
    ],
)
def test_kinds(title: str, items: list[str], kind: str) -> None:
    assert kind_of(title, items).value == kind


def test_amounts_with_their_words() -> None:
    line = (
        "Up to $14.2 billion through 2031, about US$350 million, $2,250,000,000 of notes, "
        "C$1.5 billion, €1.2bn, $0.001 par value, $95.20 a share, and again $14.2 billion."
    )
    found = amounts_of([line])
    assert [(one.usd, one.qualifier) for one in found] == [
        (14.2e9, "up_to"), (350e6, "about"), (2.25e9, "exact"), (None, "exact"), (None, "exact"),
    ]  # fmt: skip
    assert all(one.written in line for one in found)


def test_titles_and_datelines() -> None:
    page = "<html><head><title>x</title></head><body><p>EX-99.1</p><div>FOR IMMEDIATE RELEASE</div>"
    page += (
        "<style>p{}</style><p>Meta&nbsp;and CoreWeave <b>expand</b> it</p><p>MENLO PARK, Sept. "
        "30, 2025 -- x</p>"
    )
    lines = lines_of(page)
    assert title_of(lines) == "Meta and CoreWeave expand it"
    assert str(dateline_of(lines)) == "2025-09-30"
    assert (
        dateline_of(
            [
                "It was founded long before, "
                "as everybody knows who has read the annual report of May 5, 2020"
            ]
        )
        is None
    )


@pytest.mark.parametrize("text", ["nobody", "", "a@b\r\nX: y", "é@x.org", "@x.org"])
def test_a_contact_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delenv("REACTIONS_CONTACT", raising=False)
    with pytest.raises(DiscoveryError, match="REACTIONS_CONTACT"):
        contact(tmp_path, lambda _: text)
    assert not (tmp_path / "contact.txt").exists()


def test_the_contact_is_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REACTIONS_CONTACT", raising=False)
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "Jane jane@example.org"

    assert contact(tmp_path, ask) == contact(tmp_path, ask) == contact(tmp_path)
    assert len(asked) == 1
    with pytest.raises(DiscoveryError, match="set REACTIONS_CONTACT="):
        contact(tmp_path / "other")
