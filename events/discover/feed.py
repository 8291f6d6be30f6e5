"""RSS and Atom of a newsroom: items with their stamp; the only importer of feedparser.

A feed is a stranger's file: its size is bounded, entities are refused before anything parses it,
marks are taken out of its text, and a stamp without a zone is a day and no instant.
"""

from __future__ import annotations

import hashlib
import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate
from pathlib import Path
from typing import Any

from events.discover.text import NamedSum, amounts_of, lines_of, one_line
from events.errors import DiscoveryError
from events.files.disk import read_bounded
from events.record.instant import FIRST_YEAR, NEW_YORK
from events.record.text import web_address

MAX_BYTES = 10_000_000
MOST_ITEMS = 2_000
_ENTITY = re.compile(rb"<!\s*(?:ENTITY|DOCTYPE[^>]*(?:\[|SYSTEM|PUBLIC))", re.I)
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UTC?|E[SD]T|C[SD]T|M[SD]T|P[SD]T))\s*$")
_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """An item: its `day` is that of New York, its `stamp` an instant where the feed gives one.

    `why_not` is filled where it is no use.
    """

    title: str
    url: str | None
    publisher: str
    written: str  # the stamp as the feed has it
    stamp: datetime | None
    day: date
    amounts: tuple[NamedSum, ...]
    odd: tuple[str, ...]
    key: str  # six letters that tell it from others


@dataclass(frozen=True)
class Feed:
    """A feed's items, the newest first, and what was left out, in words."""

    publisher: str
    items: tuple[Item, ...]
    left_out: tuple[str, ...]


def fetch_feed(place: str) -> bytes:
    """Read a feed's bytes from a file or a web address. Raises `DiscoveryError`."""
    if re.match(r"https?://", place, re.I):
        from events.discover.web import download

        return download(place, MAX_BYTES)
    if "://" in place:
        raise DiscoveryError(
            f"--feed {place[:80]!r}: a file, or an address that begins with https://"
        )
    try:
        path = Path(place)
        if path.stat().st_size > MAX_BYTES:
            raise DiscoveryError(f"{place}: larger than {MAX_BYTES / 1e6:.0f} MB; no feed is")
        return read_bounded(path, MAX_BYTES)
    except OSError as error:
        raise DiscoveryError(f"{place}: cannot be read: {error.strerror}") from None


def read_feed(body: bytes, place: str, now: datetime | None = None) -> Feed:
    """Read a feed. Raises `DiscoveryError` where it is none, or no harmless one."""
    import feedparser

    if len(body) > MAX_BYTES:
        raise DiscoveryError(f"{place}: larger than {MAX_BYTES / 1e6:.0f} MB; no feed is")
    if _ENTITY.search(_ascii(body)):
        raise DiscoveryError(f"{place}: declares entities, which no newsroom's feed needs; refused")
    found: Any = feedparser.parse(body, sanitize_html=True, resolve_relative_uris=False)
    if not found.get("version"):
        why = ""
        if found.bozo:
            why = f" ({one_line(str(found.get('bozo_exception', '')), 100)})"
        raise DiscoveryError(f"{place}: is no RSS or Atom feed{why}")
    publisher = _plain(found.feed.get("title"))[:200]
    items: list[Item] = []
    left = [f"{len(found.entries) - MOST_ITEMS} items beyond the first {MOST_ITEMS}"] * (
        len(found.entries) > MOST_ITEMS
    )
    for number, entry in enumerate(found.entries[:MOST_ITEMS], start=1):
        one = _item(entry, publisher, now or datetime.now(UTC))
        if isinstance(one, Item):
            items.append(one)
        else:
            left.append(f"item {number} ({_plain(entry.get('title'))[:60] or 'untitled'}): {one}")
    if found.bozo and not items:
        left.append(one_line(str(found.bozo_exception), 100))
    items.sort(key=lambda one: (one.day, one.written), reverse=True)
    return Feed(publisher, tuple(items), tuple(left))


def _ascii(body: bytes) -> bytes:
    """Bytes in which a declaration is seen whatever the width of their letters."""
    return body.replace(b"\x00", b"")


def _item(entry: Any, publisher: str, now: datetime) -> Item | str:
    title = one_line(_plain(entry.get("title")), 300)
    if not title:
        return "it has no title"
    if dict.get(entry, "published"):
        which = "published"
    else:
        which = "updated"
    written = one_line(str(dict.get(entry, which) or ""), 60)
    if not written:
        return "it has no date"
    instant = _instant(dict.get(entry, f"{which}_parsed"), written)
    if instant is None:
        return f"its date {written!r} cannot be read"
    if instant.year < FIRST_YEAR or instant > now + _AHEAD:
        return f"its date {written!r} is not of this time"
    odd = []
    if which == "updated":
        odd.append("the stamp is that of its last change, not of its publication")
    has_clock = re.search(r"\d:\d\d", written) is not None
    zoned = has_clock and _ZONE.search(written) is not None
    if has_clock and not zoned:
        odd.append("the stamp names no zone of time: its day alone is taken")
    local = instant.astimezone(NEW_YORK)
    midnight = re.search(r"(?<![\d:])00:00(?::00)?(?![\d:])", written) is not None
    if zoned and midnight:
        odd.append("the stamp's midnight is taken for a day without a clock")
    stamp = None
    if zoned and not midnight:
        stamp, day = local, local.date()
    elif zoned:
        day = _own_day(written, instant)
    else:
        day = instant.date()
    lines = [title, *lines_of(_plain(entry.get("summary"))[:20_000])]
    url = _address(entry.get("link"))
    key = hashlib.sha256(f"{entry.get('id')}|{url}|{title}".encode("utf-8", "replace")).hexdigest()
    return Item(
        title,
        url,
        publisher,
        written,
        stamp,
        day,
        amounts_of(lines),
        tuple(odd),
        key[:6],
    )


def _instant(parsed: Any, written: str) -> datetime | None:
    """Give the instant as the library read it; without a zone, the wall clock as if it were UTC."""
    clock: Any = parsed or parsedate(written)
    try:
        return datetime.fromtimestamp(timegm(clock), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _own_day(written: str, instant: datetime) -> date:
    """Give the day a stamp names in its own zone, where its clock says nothing."""
    offset = re.search(r"([+-])(\d{2}):?(\d{2})\s*$", written)
    if not offset:
        return instant.date()
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return (instant + (shift if offset[1] == "+" else -shift)).date()


def _address(link: Any) -> str | None:
    try:
        text = web_address(str(link or "").strip())
    except ValueError:
        return None
    if len(text) <= 2000:
        return text
    return None


def _plain(value: Any) -> str:
    text = str(value or "")
    return one_line(" ".join(lines_of(f"<p>{text}</p>")) if "<" in text else text, 20_000)
