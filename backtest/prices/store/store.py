"""The store: a folder of snapshots that are never changed, and the manifest of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex

import pandas as pd

from backtest.errors import PriceError
from backtest.prices.store.compare import Change
from backtest.prices.store.manifest import DamagedManifestError, SnapshotList
from backtest.prices.store.place import put, store_folder, storing, sweep
from backtest.prices.store.snapshot import FACTORS, Snapshot, content_digest, from_bytes, to_bytes
from backtest.prices.tickers import checked

FACTOR_VENDOR = "Ken French library"


@dataclass(frozen=True)
class Request:
    """What was asked of whom; dates are ISO, both included."""

    ticker: str
    start: str
    end: str
    vendor: str
    library: str = ""


@dataclass(frozen=True)
class Store:
    """A price store in `root`; any number of threads and processes may use it at once."""

    root: Path

    @classmethod
    def open(cls, folder: str | Path | None = None) -> Store:
        """Open the store in `folder`, or else in `REACTIONS_HOME` or the user's data directory.

        It is made if it is new.
        """
        store = cls(store_folder(folder))
        with storing(store.root):
            store.folder.mkdir(parents=True, exist_ok=True)
            sweep(store.folder)
        store.adopt()
        return store

    @property
    def folder(self) -> Path:
        """Where the snapshots are."""
        return self.root / "snapshots"

    @cached_property
    def manifest(self) -> SnapshotList:
        """The list of snapshots, built anew from the snapshots if its file is damaged."""
        path = self.root / "manifest.sqlite"
        try:
            return SnapshotList(path)
        except DamagedManifestError:
            aside = path.with_name(
                f"manifest.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(3)}.sqlite"
            )
            with (
                storing(self.root),
                suppress(FileNotFoundError),
            ):  # another process may have seen it too
                path.rename(aside)
            return SnapshotList(path)

    def add(
        self,
        asked: Request,
        table: pd.DataFrame,
        follows: str = "",
        change: str = "first",
        detail: str = "",
    ) -> Snapshot:
        """Keep an answer for good.

        It is on the disk before it is listed, so a crash can lose it only as a whole.
        """
        checked(asked.ticker)
        return self._keep(
            _described(asked, table, follows, change, detail), table, self.manifest.add
        )

    def add_factors(self, name: str, table: pd.DataFrame) -> tuple[Snapshot, bool]:
        """Keep the table of a factor file called `name` for good, and say whether it is new.

        The same is kept once.
        """
        self.adopt()  # what a crash left unlisted is listed first, so that it counts as kept
        content = content_digest(table)
        with self.manifest.alone() as listing:
            if known := next(filter(self._readable, self.factors(content)), None):
                return known, False
            asked = Request(
                FACTORS, str(table.index[0].date()), str(table.index[-1].date()), FACTOR_VENDOR
            )
            described = _described(asked, table, "", Change.FIRST, name)
            return self._keep(described, table, listing), True

    def _keep(
        self,
        snapshot: Snapshot,
        table: pd.DataFrame,
        listing: Callable[[Snapshot, str, int], object],
    ) -> Snapshot:
        data = to_bytes(snapshot, table)
        with storing(self.root):
            put(self._path(snapshot.id), data)
        listing(snapshot, hashlib.sha256(data).hexdigest(), len(data))
        return snapshot

    def _readable(self, snapshot: Snapshot) -> bool:
        try:
            self.read(snapshot.id)
        except PriceError:
            return False
        return True

    def read(self, name: str) -> pd.DataFrame:
        """The table of a snapshot, as it was received.

        `PriceError` where its file is not the one that was stored.
        """
        found = self.manifest.find(name)
        if found is None:
            raise PriceError(f"the price store {self.root} has no snapshot {name!r}")
        try:
            data = self._path(name).read_bytes()
        except OSError as error:
            raise PriceError(f"snapshot {name} cannot be read: {error.strerror or error}") from None
        if hashlib.sha256(data).hexdigest() != found[1]:
            if found[0].ticker:
                again = f"fetch {found[0].ticker} again"
            else:
                again = f"keep {found[0].detail} again"
            raise PriceError(f"snapshot {name} is damaged (its checksum is another); {again}")
        return from_bytes(data, name)[1]

    def snapshots(self, ticker: str | None = None) -> tuple[Snapshot, ...]:
        """All snapshots of prices (of a ticker), oldest first."""
        return tuple(
            snapshot for snapshot in self.manifest.all(ticker) if snapshot.ticker != FACTORS
        )

    def factors(self, content: str | None = None) -> tuple[Snapshot, ...]:
        """All snapshots of factors (with this content), newest first."""
        known = reversed(self.manifest.all(FACTORS))
        return tuple(snapshot for snapshot in known if content in (None, snapshot.content))

    def chain(self, ticker: str, vendor: str) -> tuple[Snapshot, ...]:
        """The snapshots that together are what a vendor says of a ticker.

        A whole history, then what continued it.
        """
        known = {one.id: one for one in self.snapshots(ticker) if one.vendor == vendor}
        chain: list[Snapshot] = []
        name = next(reversed(known), "")
        while name:
            if name not in known:
                raise PriceError(
                    f"snapshot {name}, which {chain[-1].id} continues, is not in the store; "
                    f"fetch {ticker} again"
                )
            chain.append(known[name])
            name = known[name].follows
        return tuple(reversed(chain))

    def history(self, chain: Iterable[Snapshot]) -> pd.DataFrame:
        """The rows of a chain.

        Of a day that several have, the first received, so that what was read stays so.
        """
        tables = [self.read(snapshot.id) for snapshot in chain]
        joined = pd.concat(tables)
        return joined[~joined.index.duplicated()].sort_index()

    def adopt(self) -> int:
        """List complete snapshots that a crash left unlisted; how many there were."""
        listed, found = self.manifest.sizes(), 0
        for entry in os.scandir(self.folder):
            name = entry.name.removesuffix(".parquet")
            if name == entry.name or name in listed:
                continue
            with suppress(
                PriceError, FileNotFoundError
            ):  # not one of ours, or damaged: `problems` tells
                data = Path(entry.path).read_bytes()
                snapshot, _ = from_bytes(data, name)
                if snapshot.id == name:
                    self.manifest.add(snapshot, hashlib.sha256(data).hexdigest(), len(data))
                    found += 1
        return found

    def problems(self) -> tuple[str, ...]:
        """Read everything and say what is damaged or missing; empty when all is well."""
        found = []
        for snapshot in self.manifest.all():
            try:
                self.read(snapshot.id)
            except PriceError as error:
                found.append(str(error))
        listed = self.manifest.sizes()
        strangers = sorted(
            path.name for path in self.folder.glob("*.parquet") if path.stem not in listed
        )
        return (
            *found,
            *(f"{name}: not a snapshot of this store, or damaged" for name in strangers),
        )

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


def _described(
    asked: Request, table: pd.DataFrame, follows: str, change: str, detail: str
) -> Snapshot:
    now, content = datetime.now(UTC), content_digest(table)
    return Snapshot(
        id=f"{asked.ticker or 'factors'}-{now:%Y%m%dT%H%M%S%fZ}-{content[:8]}{token_hex(2)}",
        ticker=asked.ticker,
        vendor=asked.vendor,
        library=asked.library,
        fetched_at=now.isoformat(timespec="microseconds"),
        start=asked.start,
        end=asked.end,
        first_session=str(table.index[0].date()),
        last_session=str(table.index[-1].date()),
        rows=len(table),
        follows=follows,
        change=change,
        detail=detail,
        content=content,
    )
