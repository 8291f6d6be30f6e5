"""Bring the store up to date for one ticker.

Ask for what is missing, and for a little of what is known, to compare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.sources.network.answer import accept
from backtest.prices.store import Change, Snapshot, Store, compare
from backtest.prices.store.store import Request

OVERLAP = 10  # sessions asked for again with each continuation


class Client(Protocol):
    """Who is asked: `backtest.prices.sources.network.yahoo.Yahoo`, or a stand-in for it."""

    @property
    def vendor(self) -> str:
        """The name of the source."""

    @property
    def library(self) -> str:
        """The library asked through, and its version."""

    def prepare(self) -> None:
        """Called once, before any thread asks."""

    def ask(self, ticker: str, start: str, end: str) -> pd.DataFrame:
        """Daily bars from `start` to `end`, both included; raises `VendorError`."""


class Status(StrEnum):
    """How a ticker's update ended, when it did end."""

    FETCHED = "fetched"
    CURRENT = "already there"


@dataclass(frozen=True)
class Update:
    """One ticker's update: what it needs to be done with.

    `over` is the last session that is over.
    """

    store: Store
    client: Client
    persist: Callable[[Callable[[], pd.DataFrame]], pd.DataFrame]
    over: pd.Timestamp

    def run(self, ticker: str, start: str, end: str, again: bool = False) -> tuple[Status, str]:
        """Fetch what the store lacks from a day until a session (ISO, included).

        `again` fetches all of it anew. Raises `VendorError` where there is no usable answer,
        `PriceError` where the store cannot take it.
        """
        known = _usable(self.store, ticker, self.client.vendor)
        if known is None or again or start < known.start:
            return self._whole(ticker, min(start, known.start) if known else start, end, known)
        if known.until >= end:
            return Status.CURRENT, ""
        answer = self._ask(ticker, known.overlap_from(), end)
        change, _ = compare(known.table, answer, known.overlap_from())
        if change is not Change.SAME:
            return self._whole(ticker, known.start, end, known)
        if str(answer.index[-1].date()) <= known.until:
            return Status.CURRENT, f"nothing after {known.until} yet"
        asked = self._request(ticker, known.overlap_from(), end)
        self.store.add(asked, answer, follows=known.head.id, change=Change.SAME)
        return Status.FETCHED, ""

    def _whole(self, ticker: str, start: str, end: str, known: Stored | None) -> tuple[Status, str]:
        if known:
            answer = self._ask(ticker, start, max(end, known.until))
            change, detail = compare(known.table, answer, known.start)
        else:
            answer = self._ask(ticker, start, end)
            change, detail = Change.FIRST, ""
        self.store.add(self._request(ticker, start, end), answer, change=change, detail=detail)
        return Status.FETCHED, f"{change}: {detail}" if detail else ""

    def _ask(self, ticker: str, start: str, end: str) -> pd.DataFrame:
        return self.persist(lambda: accept(self.client.ask(ticker, start, end), self.over))

    def _request(self, ticker: str, start: str, end: str) -> Request:
        return Request(ticker, start, end, self.client.vendor, self.client.library)


@dataclass(frozen=True, eq=False)
class Stored:
    """What the store has of a ticker: from the day first asked for, until its last session."""

    head: Snapshot
    start: str
    until: str
    table: pd.DataFrame

    def overlap_from(self) -> str:
        """Where a continuation begins, so that it can be compared."""
        return str(self.table.index[-min(OVERLAP, len(self.table))].date())


def _usable(store: Store, ticker: str, vendor: str) -> Stored | None:
    """What is known, or nothing where it is damaged: then all is fetched anew."""
    try:
        chain = store.chain(ticker, vendor)
        if not chain:
            return None
        table = store.history(chain)
    except PriceError:
        return None
    return Stored(chain[-1], chain[0].start, str(table.index[-1].date()), table)


def utc_now() -> datetime:
    """The clock, in one place."""
    return datetime.now(UTC)
