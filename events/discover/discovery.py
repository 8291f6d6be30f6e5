"""Discovery in one call: filings or a feed, what the catalog has of them, and drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from events.arguments import one_of, place, texts
from events.catalog import Catalog
from events.clock.exchanges import exchanges_of
from events.discover.answers import AnswerStore, home
from events.discover.client import Edgar, contact
from events.discover.drafting import draft_of_filing, draft_of_item, kind_of, matches_of
from events.discover.feed import Feed, Item, fetch_feed, read_feed
from events.discover.filings import Filing, clocks, find, parse_day
from events.discover.matching import Match, matches
from events.discover.registrants import numbers_of, symbol
from events.errors import DiscoveryError
from events.files.together import put_together
from events.files.toml_files import as_toml
from events.listed_on import on_exchanges
from events.record.announcement import Announcement
from events.record.instant import NEW_YORK

_RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Discovered:
    """One filing or item: a row for the eye, the draft it would be, what the catalog has of it."""

    row: dict[str, Any]
    draft: Announcement
    known: tuple[Match, ...]


@dataclass(frozen=True)
class Discovery:
    """What was found, in the order of time, and what a user should know of it.

    >>> from tempfile import TemporaryDirectory
    >>> nothing = Discovery((), ("left out: a filing of another form",))
    >>> nothing
    <Discovery: 0 found, 0 of them near no announcement of the catalog>
    >>> len(nothing.to_frame()), nothing.drafts, nothing.on_exchanges({"VOD": "XLON"}).notes
    (0, (), ('left out: a filing of another form',))
    >>> with TemporaryDirectory() as folder:
    ...     nothing.write(folder)
    ((), ())
    """

    found: tuple[Discovered, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __repr__(self) -> str:
        new = sum(not one.known for one in self.found)
        return f"<Discovery: {len(self)} found, {new} of them near no announcement of the catalog>"

    @property
    def drafts(self) -> tuple[Announcement, ...]:
        """The drafts, everything in them unverified."""
        return tuple(one.draft for one in self.found)

    def on_exchanges(self, exchanges: Mapping[str, str]) -> Discovery:
        """The same with the exchanges (ticker -> exchange) written into the drafts' parties.

        Raises `CalendarError` for an exchange no calendar knows.
        """
        named = exchanges_of(exchanges)
        found = (replace(one, draft=on_exchanges(one.draft, named)) for one in self.found)
        return replace(self, found=tuple(found))

    def to_frame(self) -> pd.DataFrame:
        """Give one row a filing or item; `known` is the likeliest announcement of the catalog."""
        return pd.DataFrame([one.row for one in self.found])

    def write(self, folder: str | Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Write a TOML file a draft, all or none: (written, left alone because there already).

        Raises `DiscoveryError` where the folder cannot be written.
        """
        target = place("folder", folder)
        drafts = {target / f"{draft.id}.toml": as_toml(draft) for draft in self.drafts}
        try:
            kept = tuple(path for path in drafts if path.exists())
            new = {path.name: text for path, text in drafts.items() if path not in kept}
            put_together(target, new)
        except OSError as error:
            raise DiscoveryError(f"{target} cannot be written: {error.strerror}") from None
        return tuple(target / name for name in new), kept


def client(
    store: str | Path | None = None, ask: Callable[[str], str] | None = None, **settings: Any
) -> Edgar:
    """Give a client of EDGAR on the user's store; `ask` may ask a person for the contact."""
    folder = home(store)
    return Edgar(AnswerStore(folder), contact(folder, ask), **settings)


def discover(
    tickers: Sequence[str] | str = (),
    since: str | date | None = None,
    until: str | date | None = None,
    *,
    catalog: Catalog | None = None,
    feed: str | Path | None = None,
    store: str | Path | None = None,
    edgar: Edgar | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Discovery:
    """Find filings of these tickers, or items of a newsroom's feed, that could be announcements.

    Days count in New York, both included; without `since` the last 30 days. `catalog` (the bundled
    one if left out) says what is there already. With `feed`, a file or an address of RSS or Atom,
    only the feed is read, and one ticker may say whose it is. Filings need a contact in
    `REACTIONS_CONTACT`. Raises `DiscoveryError`.

    >>> from tempfile import TemporaryDirectory
    >>> feed = '''<rss version="2.0"><channel><item><title>Meta and CoreWeave Expand</title>
    ... <pubDate>Thu, 09 Apr 2026 12:00:00 GMT</pubDate></item></channel></rss>'''
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "feed.xml")
    ...     _ = path.write_text(feed, encoding="utf-8")
    ...     discover("META", "2026-04-01", "2026-04-30", feed=path)
    <Discovery: 1 found, 0 of them near no announcement of the catalog>
    """
    names = [tickers] if isinstance(tickers, str) else list(texts("tickers", tickers, "['CRWV']"))
    if catalog is not None:
        one_of("catalog", catalog, (Catalog,), "Catalog.read(PATH)")
    known = Catalog.bundled() if catalog is None else catalog
    today = datetime.now(NEW_YORK).date()
    last = parse_day(until, "until", today)
    if feed is not None:
        first = parse_day(since, "since", date(1900, 1, 1))
        one_of("feed", feed, (str, Path), "'news.xml' or 'https://example.org/rss'")
        return _of_feed(str(feed), names, first, last, known)
    if not names:
        raise DiscoveryError("whose filings? Name a ticker (--ticker CRWV), or a feed (--feed URL)")
    first = parse_day(since, "since", last - _RECENT)
    asked = edgar or client(store)
    filings = find(asked, names, first, last, tell, numbers_of(known))
    found = tuple(_found(filing, known) for filing in filings)
    return Discovery(found, tuple(dict.fromkeys(asked.notes)))


def _found(filing: Filing, catalog: Catalog) -> Discovered:
    near = matches_of(filing, catalog)
    row = {
        "accepted": filing.acceptance.stamp.isoformat(),
        "public_by": filing.acceptance.public_by.isoformat(),
        "ticker": filing.ticker,
        "cik": filing.cik,
        "form": filing.form,
        "items": ",".join(filing.items),
        "kind": kind_of(filing.title, filing.items).value,
        "title": filing.title,
        "titles": list(filing.titles),
        "amounts": [f"{one.written}: {one.words}" for one in filing.amounts],
        **_known_as(near),
        "odd": list(clocks(filing)),
        "basis": filing.acceptance.basis,
        "accession": filing.accession,
        "url": filing.url,
    }
    return Discovered(row, draft_of_filing(filing, catalog), near)


def _known_as(near: Sequence[Match]) -> dict[str, str | None]:
    """The announcement that is nearest, and why it is thought to be the same."""
    if not near:
        return {"known": None, "why_known": None}
    return {"known": near[0].id, "why_known": near[0].why}


def _of_feed(
    place: str, names: Sequence[str], first: date, last: date, catalog: Catalog
) -> Discovery:
    if len(names) > 1:
        raise DiscoveryError(f"a feed is of one newsroom; name one ticker, not {', '.join(names)}")
    feed: Feed = read_feed(fetch_feed(place), place)
    ticker = None
    if names:
        ticker = symbol(names[0])
    inside = [one for one in feed.items if first <= one.day <= last]
    found = tuple(_found_item(one, ticker, catalog) for one in reversed(inside))
    return Discovery(found, tuple(f"left out: {why}" for why in feed.left_out))


def _found_item(item: Item, ticker: str | None, catalog: Catalog) -> Discovered:
    dollars = [one.usd for one in item.amounts if one.usd]
    near: tuple[Match, ...] = ()
    if ticker:
        near = matches(catalog, ticker, item.day, item.title, dollars)
    stamp = item.stamp and item.stamp.isoformat()
    row = {
        "accepted": stamp or str(item.day),
        "public_by": stamp,
        "ticker": ticker,
        "form": "feed",
        "items": "",
        "kind": kind_of(item.title, ()).value,
        "title": item.title,
        "amounts": [f"{one.written}: {one.words}" for one in item.amounts],
        **_known_as(near),
        "odd": list(item.odd),
        "url": item.url,
    }
    return Discovered(row, draft_of_item(item, ticker, catalog), near)
