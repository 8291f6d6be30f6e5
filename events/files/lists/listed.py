"""The announcements of a table, held as its columns: one is made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from events.clock.exchanges import HOME, exchange_of
from events.files.lists.cells import ListColumn
from events.files.lists.filled import Forms, joined, quoted
from events.files.lists.table_rows import KNOWN, announcement, party
from events.record.announcement import Announcement
from events.record.instant import as_instant
from events.record.party import Party
from events.record.vocabulary import Kind, Role, Timing

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
_NAMES = ("event_id", "ticker", "headline")
_OF_TIME = ("announced_at", "timing", "not_before", "not_after")
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_AT_ONCE = 5_000  # announcements whose texts are put together
_MARK = "\u2060"  # in no text of a table: it takes no room, and such are refused


@dataclass(frozen=True, eq=False, repr=False)
class Listed(Sequence[Announcement]):
    """N announcements in `rows` of a table's `columns`, those of number i at `starts[i]` and after.

    The columns are checked cell by cell. `places` names the exchanges in the column `place`.
    """

    columns: Mapping[str, ListColumn]
    rows: Ints
    starts: Ints  # (N + 1,)
    place: str = ""
    places: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Mapping[str, ListColumn], place: str, places: Mapping[str, str]) -> Listed:
        """Make one announcement of the rows that share an id, in the order of their first rows."""
        number = columns["event_id"].numbers
        rows = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[rows], np.arange(number.max(initial=-1) + 2))
        return cls(columns, rows, starts, place, places)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> Announcement: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Announcement, ...]: ...

    def __getitem__(self, place: int | slice) -> Announcement | tuple[Announcement, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(len(self))[place])
        number = range(len(self))[place]
        return self._made(self.rows[self.starts[number] : self.starts[number + 1]].tolist())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(one == another for one, another in zip(self, other, strict=True))

    def some(self, numbers: Ints) -> Listed:
        """Those of these numbers, in this order."""
        length = np.diff(self.starts)[numbers]
        starts = np.concatenate([[0], np.cumsum(length)])
        rows = np.arange(starts[-1]) + np.repeat(self.starts[numbers] - starts[:-1], length)
        return replace(self, rows=self.rows[rows], starts=starts)

    def in_order(self) -> Listed:
        """All, by `announced_at`, then id."""
        import pyarrow as pa
        from pyarrow.compute import sort_indices

        at = self.columns["announced_at"]
        ticks = np.array([(as_instant(one) - _EPOCH) // _TICK for one in at.distinct])
        first = self.rows[self.starts[:-1]]
        keys = pa.table({"at": ticks[at.codes[first]], "id": pa.array(self.ids)})
        order = sort_indices(keys, sort_keys=[("at", "ascending"), ("id", "ascending")])
        return self.some(order.to_numpy().astype(np.int64))

    @property
    def ids(self) -> Sequence[str]:
        """The id of each."""
        return self._of_first("event_id")

    @property
    def tickers(self) -> Sequence[str]:
        """The tickers of the first, then those of the second, and so on."""
        return list(self.columns["ticker"].values[self.rows])

    @property
    def moments(self) -> Iterable[date]:
        """Each time of an announcement, at least once."""
        codes = self.columns["announced_at"].codes[self.rows]
        return list(self.columns["announced_at"].distinct[np.unique(codes)])

    @property
    def exchanges(self) -> dict[str, str]:
        """Where tickers trade whose parties say so; the latest announcement decides."""
        if not self.place:
            return {}
        named = self.columns[self.place].values[self.rows]
        return {
            ticker: self.places[name]
            for ticker, name in zip(self.tickers, named, strict=True)
            if name is not None
        }

    @property
    def curated(self) -> Sequence[Announcement]:
        """None: a row of a table has no claims, links, payers or notes."""
        return ()

    def by_time(self) -> tuple[Listed, Ints]:
        """Announcements for all ways in which a time is known, and which of them is each one's."""
        return self.alike(self._numbers(_OF_TIME)[self.rows[self.starts[:-1]]])

    def by_check(self) -> tuple[Listed, Ints]:
        """The same for all that a check of a whole announcement sees and one of cells does not.

        Its times, and the clock of its own exchange.
        """
        role, ticker = self.columns.get("role"), self.columns["ticker"]
        own = np.array([exchange_of(one) for one in ticker.distinct], object)[ticker.codes]
        if self.place:
            named = self.columns[self.place].values
            own = np.array([self.places.get(a, b) for a, b in zip(named, own, strict=True)], object)
        number = np.repeat(np.arange(len(self)), np.diff(self.starts))
        part = np.ones(len(self.rows), dtype=bool)
        if role is not None:
            part = role.values[self.rows] != Role.READ_THROUGH.value
        there, first = np.unique(number[part], return_index=True)
        exchange = np.full(len(self), HOME, object)
        exchange[there] = own[self.rows[part][first]]
        times = self._numbers(_OF_TIME)[self.rows[self.starts[:-1]]]
        return self.alike(_together([times, pd.factorize(exchange)[0]]))

    def alike(self, numbers: Ints) -> tuple[Listed, Ints]:
        """One announcement for each of these numbers (N,), and which of them is each one's."""
        _, first, of_each = np.unique(numbers, return_index=True, return_inverse=True)
        return self.some(first), of_each

    def events(self, wanted: Callable[[Party], bool]) -> pd.DataFrame:
        """One row an announcement and listed party that is wanted."""
        pairs = self._numbers(("ticker", "role"))
        _, first, pair = np.unique(pairs, return_index=True, return_inverse=True)
        rows = self.rows[
            np.array([wanted(self._party(row)) for row in first], bool)[pair[self.rows]]
        ]
        role = self._words("role", rows, "other")
        usd = self._object("amount_usd", rows)
        frame = pd.DataFrame(
            {
                "event_id": self._words("event_id", rows),
                "ticker": self._words("ticker", rows),
                "role": role,
                "roles": role,
                "kind": self._words("kind", rows, Kind.OTHER.value),
                "announced_at": pd.Series(self._object("announced_at", rows), dtype=object),
                "timing": self._words("timing", rows, Timing.UNKNOWN.value),
                "headline": self._headlines(rows),
                "amount_usd": usd.astype(np.float64),  # None is NaN
                "not_before": pd.Series(self._object("not_before", rows), dtype=object),
                "not_after": pd.Series(self._object("not_after", rows), dtype=object),
            }
        )
        return frame.join(self._attributes(rows))

    def texts(self) -> Iterator[memoryview]:
        """All as JSON in UTF-8, one after the other, some thousands at a time.

        Of rows that differ by their names alone one is written, and filled in.
        """
        kind = self._numbers(tuple(name for name in self.columns if name not in _NAMES))
        news, parties = Forms(self._form), Forms(self._form_of_party)
        for begin in range(0, len(self), _AT_ONCE):
            numbers = np.arange(begin, min(begin + _AT_ONCE, len(self)))
            starts = self.starts[begin : begin + len(numbers) + 1]
            rows, first = self.rows[starts[0] : starts[-1]], self.rows[starts[:-1]]
            ticker, name = self._arrow("ticker", rows), self._arrow("event_id", first)
            party = parties.filled(kind[rows], rows, ticker, ticker)
            headline = name
            if "headline" in self.columns:
                headline = quoted(self._arrow("headline", first)).fill_null(name)
            own = joined(party, starts - starts[0], ",")
            made = news.filled(kind[first], numbers, name, headline, own)
            yield memoryview(joined(made, [0, len(made)], "")[0].as_buffer())

    def _form(self, number: int) -> list[str]:
        """The JSON of an announcement about its id, its headline and its parties."""
        made = self[number]
        party = made.parties[0].model_copy(update={"name": _MARK})
        update = {"id": _MARK, "headline": _MARK, "parties": (party,)}
        written = made.model_copy(update=update).model_dump_json()
        return written.replace(party.model_dump_json(), _MARK).split(_MARK)

    def _form_of_party(self, row: int) -> list[str]:
        """The JSON of the party of a row about its name and its ticker."""
        update = {"name": _MARK, "ticker": _MARK}
        return self._party(row).model_copy(update=update).model_dump_json().split(_MARK)

    def _made(self, rows: list[int]) -> Announcement:
        parties = tuple(self._party(row) for row in rows)
        return announcement(partial(self._cell, row=rows[0]), parties)

    def _party(self, row: int) -> Party:
        trades = self._cell(self.place, row)
        own = {name: self._cell(name, row) for name in self._own}
        return party(partial(self._cell, row=row), own, self.places.get(trades))

    @cached_property
    def _own(self) -> list[str]:
        """The columns that are kept as attributes."""
        return [name for name in self.columns if name not in KNOWN]

    def _attributes(self, rows: Ints) -> pd.DataFrame:
        """The columns of attributes that some event has, in the order in which events have them."""
        there = {}
        for name in self._own:
            values = self._object(name, rows)
            known = np.flatnonzero(values != None)  # noqa: E711 -- by element
            if len(known):
                values[values == None] = np.nan  # noqa: E711
                there[name] = (known[0], values.tolist())
        first = sorted(there, key=lambda name: there[name][0])
        return pd.DataFrame({name: there[name][1] for name in first}, index=range(len(rows)))

    def _cell(self, name: str, row: int) -> Any:
        column = self.columns.get(name)
        return None if column is None else column.distinct[column.codes[row]]

    def _of_first(self, name: str) -> list[Any]:
        """The cells of the first row of each announcement."""
        column = self.columns[name]
        return list(column.distinct[column.codes[self.rows[self.starts[:-1]]]])

    def _object(self, name: str, rows: Ints) -> NDArray[np.object_]:
        if name not in self.columns:
            return np.full(len(rows), None, dtype=object)
        column = self.columns[name]
        return column.distinct[column.codes[rows]]

    def _arrow(self, name: str, rows: Ints) -> pa.Array:
        """The texts of a column, null where there is none."""
        import pyarrow as pa

        return pa.array(self._object(name, rows), pa.string())

    def _words(self, name: str, rows: Ints, blank: str = "") -> Any:
        """The texts of a column, `blank` where there is none."""
        if name not in self.columns:
            return pd.array([blank], dtype="str").take(np.zeros(len(rows), dtype=np.int64))
        column = self.columns[name]
        words = [blank if one is None else one for one in column.distinct]
        return pd.array(words, dtype="str").take(column.codes[rows])

    def _headlines(self, rows: Ints) -> Any:
        """The headlines, the id where there is none."""
        own = self._object("headline", rows)
        blank = own == None  # noqa: E711 -- by element
        own[blank] = self._object("event_id", rows[blank])
        return pd.array(own, dtype="str")

    def _numbers(self, names: tuple[str, ...]) -> Ints:
        """A number for each row: the same where all these columns have the same."""
        return _together([self.columns[name].codes for name in names if name in self.columns])


def _together(columns: Sequence[Ints]) -> Ints:
    """A number for what each row has in all these columns of numbers from 0."""
    found = columns[0].astype(np.int64)
    for column in columns[1:]:
        found = pd.factorize(found * (int(column.max(initial=0)) + 1) + column)[0].astype(np.int64)
    return found
