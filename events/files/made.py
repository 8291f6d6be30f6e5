"""Announcements in order, and what is asked of all of them at once.

A catalog of files holds them made. Those of a table may be a million: they stay columns there, and
one is made when somebody asks for it (`files/lists/listed.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.errors import CatalogError
from events.files.lists.listed import Listed
from events.files.rows import event_rows
from events.record.announcement import Announcement
from events.record.instant import as_instant
from events.record.party import Party

Ints = NDArray[np.int64]


class Announcements(tuple[Announcement, ...]):
    """Announcements that are there as objects."""

    __slots__ = ()

    @classmethod
    def of(cls, announcements: Sequence[Announcement]) -> Announcements:
        """Put them in order. Raises `CatalogError` where an id is there twice."""
        made = cls(sorted(announcements, key=lambda news: (as_instant(news.announced_at), news.id)))
        twice = [one for one, other in pairwise(sorted(made.ids)) if one == other]
        if twice:
            raise CatalogError(f"id '{twice[0]}' is there twice")
        return made

    @property
    def ids(self) -> Sequence[str]:
        """The id of each."""
        return [news.id for news in self]

    @property
    def tickers(self) -> Sequence[str]:
        """The tickers of the first, then those of the second, and so on."""
        return [ticker for news in self for ticker in news.tickers]

    @property
    def moments(self) -> Iterable[date]:
        """Each time of an announcement, at least once."""
        return [news.announced_at for news in self]

    @property
    def exchanges(self) -> dict[str, str]:
        """Where tickers trade whose parties say so; the latest announcement decides."""
        return {
            party.ticker: party.exchange
            for news in self
            for party in news.parties
            if party.ticker and party.exchange
        }

    @property
    def curated(self) -> Sequence[Announcement]:
        """All of them."""
        return self

    def by_time(self) -> tuple[Sequence[Announcement], Ints]:
        """Each stands for itself."""
        return self, np.arange(len(self))

    def events(self, wanted: Callable[[Party], bool]) -> pd.DataFrame:
        """One row an announcement and listed party that is wanted."""
        return event_rows(self, wanted)

    def texts(self) -> Iterator[bytes]:
        """Each as JSON in UTF-8."""
        return (news.model_dump_json().encode() for news in self)


Held = Announcements | Listed
