"""Newsrooms' feeds: stamps as bounds, and feeds that mean harm."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from events import Catalog
from events.discover import discover
from events.discover.feed import MAX_BYTES, read_feed
from events.errors import DiscoveryError, ReactionsError
from events.files.check import check

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def rss(*items: str, head: str = "") -> bytes:
    inside = "".join(f"<item>{one}</item>" for one in items)
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>CoreWeave Newsroom</title>'
        f"<link>https://example.org/</link>{inside}</channel></rss>"
    ).encode()


def item(date: str, title: str = "CoreWeave Signs $2.1 Billion Contract", more: str = "") -> str:
    return (
        f"<title>{title}</title><link>https://example.org/news/1</link>"
        f"<pubDate>{date}</pubDate><description>Words</description>{more}"
    )


STAMPS = {  # as written: (instant, day)
    "Tue, 02 Jun 2026 08:00:05 -0400": ("2026-06-02T08:00:05-04:00", "2026-06-02"),
    "Tue, 02 Jun 2026 12:00:05 GMT": ("2026-06-02T08:00:05-04:00", "2026-06-02"),
    "Tue, 13 Jan 2026 21:30:00 +0000": ("2026-01-13T16:30:00-05:00", "2026-01-13"),
    "Tue, 02 Jun 2026 08:00:00 EDT": ("2026-06-02T08:00:00-04:00", "2026-06-02"),
    "2026-06-02T12:00:05Z": ("2026-06-02T08:00:05-04:00", "2026-06-02"),
    "Wed, 03 Jun 2026 01:30:00 GMT": ("2026-06-02T21:30:00-04:00", "2026-06-02"),
    "Tue, 02 Jun 2026 08:00:05": (None, "2026-06-02"),
    "2026-06-02": (None, "2026-06-02"),
    "Tue, 02 Jun 2026 00:00:00 -0400": (None, "2026-06-02"),
    "Tue, 02 Jun 2026 00:00:00 GMT": (None, "2026-06-02"),
}


@pytest.mark.parametrize(("written", "meant"), STAMPS.items())
def test_stamps(written: str, meant: tuple[str | None, str]) -> None:
    (one,) = read_feed(rss(item(written)), "feed", NOW).items
    assert (one.stamp.isoformat() if one.stamp else None, str(one.day)) == meant
    assert one.written == written
    assert one.publisher == "CoreWeave Newsroom"


def test_atom() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Nebius</title>
    <entry><title type="html">Nebius &lt;b&gt;signs&lt;/b&gt; it</title><id>x</id>
    <link href="https://example.org/2"/><updated>2026-06-02T12:00:05Z</updated></entry></feed>"""
    (one,) = read_feed(body, "feed", NOW).items
    assert one.title == "Nebius signs it"
    assert one.odd == ("the stamp is that of its last change, not of its publication",)


LEFT_OUT = {
    "no date": ("", "has no date"),
    "no such date": ("yesterday at noon", "cannot be read"),
    "the far future": ("Tue, 02 Jun 2099 08:00:05 GMT", "is not of this time"),
    "long ago": ("Tue, 02 Jun 1066 08:00:05 GMT", "of this time"),
}


@pytest.mark.parametrize(("date", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_items_without_a_day_are_left_out_and_said(date: str, why: str) -> None:
    feed = read_feed(rss(item(date), item("Tue, 02 Jun 2026 12:00:05 GMT")), "feed", NOW)
    assert len(feed.items) == 1
    assert len(feed.left_out) == 1
    assert why in feed.left_out[0]


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, ELSEWHERE])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_anything_parses_them(head: str, coding: str) -> None:
    body = rss(item("Tue, 02 Jun 2026 12:00:05 GMT", "&x;"), head=head)
    if coding == "utf-16":
        body = body.decode().replace('"1.0"?', '"1.0" encoding="utf-16"?').encode("utf-16")
    with pytest.raises(DiscoveryError, match="declares entities"):
        read_feed(body, "feed", NOW)


@pytest.mark.parametrize("body", [b"", b"<html><p>not found</p></html>", b"\x00\x01", b"{}"])
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(DiscoveryError, match="is no RSS or Atom feed"):
        read_feed(body, "feed", NOW)


def test_a_feed_without_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DiscoveryError, match="larger than 10 MB"):
        discover(feed=path)


def test_marks_and_unseen_letters_in_titles(tmp_path: Path) -> None:
    title = (
        "<![CDATA[<script>alert(1)</script>Core<b>Weave</b> signs\u202e <img src=x onerror=y> it]]>"
    )
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item("Tue, 02 Jun 2026 12:00:05 GMT", title)))
    found = discover("CRWV", feed=path)
    (draft,) = found.drafts
    assert draft.headline == "CoreWeave signs it"
    found.write(tmp_path / "drafts")
    assert check([tmp_path / "drafts"]) == []


def test_links_that_are_none_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    one = item("Tue, 02 Jun 2026 12:00:05 GMT").replace(
        "https://example.org/news/1", "javascript:x"
    )
    path.write_bytes(rss(one))
    assert discover("CRWV", feed=path).drafts[0].sources == ()


def test_drafts_of_a_feed(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(
        rss(
            item("Tue, 02 Jun 2026 12:00:05 GMT"),
            item("Tue, 02 Jun 2026 12:00:05 GMT", "Another one of the day"),
            item("2026-05-01", "Long before"),
        )
    )
    found = discover("CRWV", "2026-06-01", feed=path)
    written, _ = found.write(tmp_path / "drafts")
    assert len(written) == 2
    assert check([tmp_path / "drafts"]) == []
    drafts = {news.headline: news for news in Catalog.read(tmp_path / "drafts")}
    news = drafts["CoreWeave Signs $2.1 Billion Contract"]
    assert news.amount is not None
    assert news.amount.usd == 2.1e9
    assert [(p.name, p.ticker) for p in news.parties] == [("CoreWeave", "CRWV")]
    assert news.not_after is not None
    assert news.not_after.at.isoformat() == "2026-06-02T08:00:05-04:00"
    assert news.sources[0].kind == "press_release"


def test_a_feed_of_the_web(server: Any, fake: ModuleType) -> None:
    body = rss(item("Tue, 02 Jun 2026 12:00:05 GMT"))
    server.behave["feed.xml"] = lambda handler, _: bool(fake.send(handler, body)) or True
    handled = server.answer
    server.answer = lambda handler: (
        fake.send(handler, body) if handler.path == "/feed.xml" else handled(handler)
    )
    assert len(discover("CRWV", feed=f"{server.url}/feed.xml")) == 1
    with pytest.raises(DiscoveryError, match="answered 40"):
        discover("CRWV", feed=f"{server.url}/nothing.xml")


def test_what_cannot_be_meant(tmp_path: Path) -> None:
    with pytest.raises(DiscoveryError, match="one newsroom"):
        discover(["CRWV", "META"], feed=tmp_path / "x.xml")
    with pytest.raises(DiscoveryError, match="cannot be read: No such file"):
        discover(feed=tmp_path / "x.xml")
    with pytest.raises(DiscoveryError, match="begins with https"):
        discover(feed="ftp://example.org/feed")
    with pytest.raises(DiscoveryError, match="Name a ticker"):
        discover()
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item("Tue, 02 Jun 2026 12:00:05 GMT")))
    with pytest.raises(DiscoveryError, match="is no ticker"):
        discover("../x", feed=path)
    wrong: Any = 5
    with pytest.raises(ReactionsError, match="tickers: '5' is no list of texts"):
        discover(wrong)
    with pytest.raises(ReactionsError, match="catalog: '5' is of another kind"):
        discover("CRWV", catalog=wrong)
