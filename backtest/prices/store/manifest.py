"""The list of snapshots, in SQLite.

Safe under several processes, and nothing that the files could not tell again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.store.snapshot import Snapshot

_VERSION = 1
_NAMES = tuple(field.name for field in fields(Snapshot))
_COLUMNS = ", ".join((*_NAMES, "sha256", "size"))
_CREATE = f"""
CREATE TABLE IF NOT EXISTS snapshots (
    {", ".join(f"{name} {'INTEGER' if name == 'rows' else 'TEXT'} NOT NULL" for name in _NAMES)},
    sha256 TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (id)
)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS by_ticker ON snapshots (ticker, fetched_at)"
_PLACES = ", ".join("?" * (len(_NAMES) + 2))
# the names are our own
_INSERT = f"INSERT OR IGNORE INTO snapshots ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608


class DamagedManifestError(PriceError):
    """The file is no database, or a broken one.

    The snapshots themselves can tell what was in it.
    """


class SnapshotList:
    """One SQLite file.

    Each call opens its own connection, so that threads and processes need not know each other.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as connection:
            if (state := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise DamagedManifestError(f"{path} is damaged ({state})")
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found > _VERSION:
                raise PriceError(f"{path} was written by a newer version of this tool; update it")
            if found < _VERSION:
                connection.execute(_CREATE)
                connection.execute(_INDEX)
                connection.execute(f"PRAGMA user_version = {_VERSION}")

    def add(self, snapshot: Snapshot, sha256: str, size: int) -> None:
        """List a snapshot whose file is in place; listing it twice is listing it once."""
        with self._open() as connection:
            connection.execute(_INSERT, (*astuple(snapshot), sha256, size))

    @contextmanager
    def alone(self) -> Iterator[Callable[[Snapshot, str, int], object]]:
        """Keep all others from listing anything meanwhile.

        Gives what lists a snapshot as `add` does.
        """
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield lambda snapshot, sha256, size: connection.execute(
                _INSERT, (*astuple(snapshot), sha256, size)
            )
            connection.execute("COMMIT")

    def all(self, ticker: str | None = None) -> tuple[Snapshot, ...]:
        """The snapshots, oldest first."""
        where, values = ("", ()) if ticker is None else ("WHERE ticker = ?", (ticker,))
        with self._open() as connection:
            rows = connection.execute(
                # the names are our own
                f"SELECT {', '.join(_NAMES)} FROM snapshots {where} "  # noqa: S608
                "ORDER BY fetched_at, id",
                values,
            ).fetchall()
        return tuple(Snapshot(*row) for row in rows)

    def find(self, name: str) -> tuple[Snapshot, str] | None:
        """A snapshot by its id, with the checksum of its file."""
        with self._open() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM snapshots WHERE id = ?",  # noqa: S608  # own names
                (name,),
            ).fetchone()
        if row is None:
            return None
        return (Snapshot(*row[: len(_NAMES)]), str(row[-2]))

    def sizes(self) -> dict[str, int]:
        """The ids that are listed, with the bytes each takes."""
        with self._open() as connection:
            return dict(connection.execute("SELECT id, size FROM snapshots"))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            yield connection
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise DamagedManifestError(
                    f"{self.path} is damaged ({error}); "
                    "the next command builds it anew from the snapshots"
                ) from None
            raise PriceError(f"{self.path}: {error}; what was stored before is kept") from None
        finally:
            if connection is not None:
                connection.close()
