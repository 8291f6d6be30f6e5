"""An ordered, unique set of announcements."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import pandas as pd

from events.arguments import one_of, place, texts, yes_no
from events.arguments import text as said
from events.errors import ArgumentError, CatalogError, suggest
from events.files.lists.listed import Listed
from events.files.made import Announcements, Held
from events.files.rows import announcement_rows
from events.listed_on import checked_exchanges, on_exchanges
from events.record.announcement import Announcement
from events.record.instant import day, local_date
from events.record.known import Known, known
from events.record.party import Party
from events.record.text import as_written
from events.record.vocabulary import Trust

_BUNDLED = Path(__file__).parent / "announcements"


@dataclass(frozen=True, repr=False)
class Catalog:
    """Announcements ordered by `announced_at`, then id; each id once.

    `tickers` and `roles`, where given, narrow what `events()` gives to those parties. `understood`
    says how each table it was read from was taken, a line each.

    >>> catalog = Catalog.bundled()
    >>> catalog["2026-04-09-meta-coreweave-21bn"].tickers[:2]
    ('META', 'CRWV')
    >>> catalog.events().columns[:4].tolist(), len(catalog.to_frame()) == len(catalog)
    (['event_id', 'ticker', 'role', 'roles'], True)
    >>> catalog.exchanges, len(catalog.digest)
    ({}, 64)

    Raises `CatalogError` where an id is there twice.
    """

    announcements: Sequence[Announcement]
    tickers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    understood: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Put the announcements in order."""
        given = self.announcements
        texts("tickers", self.tickers, "('META',)")
        texts("roles", self.roles, "('supplier',)")
        if isinstance(given, Listed):
            object.__setattr__(self, "announcements", given.in_order())
            return
        one_of("announcements", given, (tuple, list), "Catalog.read(PATH)")
        for news in given:
            one_of("announcements", news, (Announcement,), "Catalog.read(PATH)")
        object.__setattr__(self, "announcements", Announcements.of(given))

    @classmethod
    def bundled(cls) -> Catalog:
        """Give the announcements that come with the package.

        >>> len(Catalog.bundled()) > 100
        True
        """
        return _bundled()

    @classmethod
    def read(
        cls,
        path: str | Path,
        *more: str | Path,
        columns: Mapping[str, str] | None = None,
        dayfirst: bool | None = None,
    ) -> Catalog:
        """Read a folder of TOML files, one TOML file, or a table.

        A table is .csv, .xlsx, .ods, .dta or .parquet. Of several paths the later ones add
        announcements, or replace those with the same id. For tables, `columns` says which column is
        ours (`{"announced_at": "Deal date"}`), `dayfirst` what 03/04/2023 means. Raises
        `CatalogError` with the first problem and the number of the others; `check` lists them all.

        >>> Catalog.read("deals.xlxs")
        Traceback (most recent call last):
        events.errors.CatalogError: deals.xlxs: no such file or folder
        """
        # reading builds catalogs' parts, so it comes after
        from events.files.lists.naming import Reading
        from events.files.reading import read_paths

        if dayfirst is not None:
            yes_no("dayfirst", dayfirst)
        named = {} if columns is None else columns
        if not isinstance(named, Mapping):
            raise ArgumentError("columns: write {'announced_at': 'Deal date'}")
        paths = [place("path", path), *(place("more", one) for one in more)]
        announcements, understood = read_paths(paths, Reading(named, dayfirst))
        return cls(announcements, understood=understood)

    def __len__(self) -> int:
        return len(self.announcements)

    def __iter__(self) -> Iterator[Announcement]:
        return iter(self.announcements)

    def __contains__(self, name: object) -> bool:
        return name in self._place

    def __getitem__(self, name: str) -> Announcement:
        """Look an announcement up by its id; a miss names the nearest."""
        said("id", name, "the id of an announcement")
        if name not in self._place:
            raise CatalogError(f"no announcement '{name}'{suggest(name, self._place)}")
        return self.held[self._place[name]]

    def __repr__(self) -> str:
        if not self.announcements:
            return "<Catalog: empty>"
        first, last = (local_date(self.announcements[end].announced_at) for end in (0, -1))
        return f"<Catalog: {len(self)} announcements, {first} to {last}>"

    @property
    def held(self) -> Held:
        """The announcements, and what is asked of all of them at once.

        >>> Catalog.bundled().held.tickers[:2]
        ['9984.T', 'ORCL']
        """
        return cast("Held", self.announcements)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.held.ids)}

    @property
    def exchanges(self) -> dict[str, str]:
        """Where tickers trade whose parties say so (`exchange`).

        The latest announcement decides.
        """
        return self.held.exchanges

    def on_exchanges(self, exchanges: Mapping[str, str]) -> Catalog:
        """The catalog whose parties trade where `exchanges` ({"VOD": "XLON"}) says.

        Raises `CalendarError` for an unknown exchange, `CatalogError` for a ticker no party has.

        >>> Catalog.bundled().on_exchanges({"META": "XETR"}).exchanges
        {'META': 'XETR'}
        """
        named = checked_exchanges(exchanges, set(self.held.tickers))
        moved = tuple(on_exchanges(news, named) for news in self)
        return replace(self, announcements=moved)

    @cached_property
    def digest(self) -> str:
        """The sha256 of what the catalog says (hex).

        The same for the same facts in any files, in any order.
        """
        total = hashlib.sha256(repr((self.tickers, self.roles)).encode())
        for text in self.held.texts():
            total.update(text)
        return total.hexdigest()

    def events(self) -> pd.DataFrame:
        """Give one row an event, the unit of a study: an announcement x a listed party.

        Columns: event_id, ticker, role (the first), roles ("a;b"), kind, announced_at (datetime or
        date objects), timing, headline, amount_usd (dollars, NaN unknown), then the parties'
        attributes.
        """
        return self.held.events(self._wanted)

    def to_frame(self) -> pd.DataFrame:
        """Give one row an announcement.

        Columns: id, announced_at (datetime or date objects), timing, kind, headline, tickers
        ("A;B"), amount_usd (dollars, NaN unknown), amount_qualifier, confidence.
        `rx.describe(catalog.to_frame())` says the unit and meaning of each.
        """
        return announcement_rows(self.announcements)

    def filter(
        self,
        *,
        tickers: Sequence[str] = (),
        roles: Sequence[str] = (),
        kinds: Sequence[str] = (),
        since: str | date | None = None,
        until: str | date | None = None,
        ids: Sequence[str] = (),
        confidence: str | None = None,
        text: str = "",
        timing: str = "",
    ) -> Catalog:
        """Keep the announcements that meet every condition given.

        Days count in New York, both included. `tickers` and `roles` must hold for one and the same
        party, and `events()` then gives such parties only. `confidence="verified"` leaves out what
        rests on a memory or a copy; `text` must occur in the id, headline, summary or facts, in any
        case; `timing` is how the time is known: exact, bounded, part or dated. Raises
        `CatalogError`, with a near match, for a ticker, role, kind or id that nothing here has.

        >>> catalog = Catalog.bundled().filter(tickers=["CRWV"], roles=["supplier"])
        >>> sorted(catalog.events()["ticker"].unique())
        ['CRWV']
        """
        lists = {"tickers": tickers, "roles": roles, "kinds": kinds, "ids": ids}
        for name, given in lists.items():
            if not isinstance(given, str):  # a text is told below, as the list it should be in
                texts(name, given, "['META']" if name == "tickers" else "a list of words")
        if not isinstance(text, str):
            raise ArgumentError(f"text: {as_written(text)} is no text")
        if confidence is not None and not isinstance(confidence, str):
            said("confidence", confidence, "'verified'")
        self._known("ticker", tickers, set(self.held.tickers))
        self._known(
            "role",
            roles,
            {word for news in self for party in news.parties for word in party.role_words},
        )
        self._known("kind", kinds, {news.kind_word for news in self})
        self._known("id", ids, self._place)
        self._known("timing", [timing] if timing else [], [how.value for how in Known])
        self._known(
            "confidence", [confidence] if confidence else [], [trust.value for trust in Trust]
        )
        narrowed = replace(
            self, tickers=tuple(tickers) or self.tickers, roles=tuple(roles) or self.roles
        )
        first, last = (_day(since) or date.min), (_day(until) or date.max)
        conditions: tuple[Callable[[Announcement], bool], ...] = (
            lambda news: not kinds or news.kind_word in kinds,
            lambda news: not ids or news.id in ids,
            lambda news: first <= local_date(news.announced_at) <= last,
            lambda news: not timing or known(news).value == timing,
            lambda news: confidence is None or news.confidence.studied == confidence,
            lambda news: not (tickers or roles) or any(map(narrowed._wanted, news.parties)),
            lambda news: (
                text.lower()
                in "\n".join((news.id, news.headline, news.summary, *news.facts)).lower()
            ),
        )
        kept = [news for news in self if all(holds(news) for holds in conditions)]
        return replace(narrowed, announcements=tuple(kept))

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write every announcement as `<id>.toml` into a folder, all of them or none.

        What is there under such a name is replaced. Gives the files' paths. Raises `CatalogError`
        where the folder cannot be written.

        >>> from tempfile import TemporaryDirectory
        >>> one = Catalog.bundled().filter(ids=["2026-04-09-meta-coreweave-21bn"])
        >>> with TemporaryDirectory() as folder:
        ...     Catalog.read(one.write(folder)[0]).digest == one.digest
        True
        """
        from events.files.toml_files import write_all

        return write_all(place("folder", folder), self)

    def _wanted(self, party: Party) -> bool:
        in_tickers = not self.tickers or party.ticker in self.tickers
        return in_tickers and (not self.roles or bool(set(party.role_words) & set(self.roles)))

    def _known(self, what: str, asked: Sequence[str], there: Iterable[str]) -> None:
        if isinstance(asked, str):
            raise CatalogError(f"{what}s: give a list, not the text '{asked}'")
        known = set(there)
        for word in asked:
            if word not in known:
                raise CatalogError(f"no announcement has {what} '{word}'{suggest(word, known)}")


@cache
def _bundled() -> Catalog:
    return Catalog.read(_BUNDLED)


def _day(value: str | date | None) -> date | None:
    try:
        if value is None:
            return None
        return day(value)
    except ValueError as error:
        raise CatalogError(f"since/until: {error}") from None
