"""What a reader of event lists understood, in one line; and the ids of events that come without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from events.clock.exchanges import exchange_of, zone_of
from events.files.lists.dates import DateOrder
from events.files.lists.trading_places import exchange_words
from events.record.instant import local_date
from events.record.text import alike
from events.words import count

_NO_ID = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class Understood:
    """How a file was read: its shape, which columns are ours (ours -> theirs), and its rows."""

    shape: str
    taken: Mapping[str, str]
    frame: pd.DataFrame

    def words(self, file: str, order: DateOrder, columns: Mapping[str, pd.Series]) -> str:
        """Say it in one line."""
        parts = [f"{count(len(self.frame), 'row')} ({self.shape})"]
        parts += [
            ours if ours == name else f"{ours} = {name!r}" for ours, name in self.taken.items()
        ]
        parts.append(f"dates {order.words}")
        if "event_id" not in self.taken:
            parts.append("ids made of ticker and date")
            again = _repeated(columns)
            if again:
                parts += [f"rows that repeat a ticker and date: {again}"]
        others = {name: columns[name] for name in columns if name not in self.taken}
        if words := exchange_words(others):
            parts += [words]
        own = [repr(name) for name in map(str, self.frame.columns) if name not in self.taken]
        parts.append(f"kept as attributes: {', '.join(own) if own else 'none'}")
        parts += [
            f"{name!r} has {two[0]!r} and {two[1]!r}, two groups"
            for name, cells in others.items()
            if (two := alike(cell for cell in cells.unique() if isinstance(cell, str)))
        ]
        return f"{file}: {'; '.join(parts)}"


def made_ids(tickers: pd.Series, moments: pd.Series) -> pd.Series:
    """Name each event by its ticker and day, and by a running number where that is there already.

    >>> from datetime import date
    >>> made_ids(pd.Series(["META", "META"]), pd.Series([date(2026, 4, 9)] * 2)).tolist()
    ['META-2026-04-09', 'META-2026-04-09-2']
    """
    stems = []
    for ticker, when in zip(tickers, moments, strict=True):
        name = _NO_ID.sub("_", str(ticker)).lstrip("_.-") or "event"
        stems.append(f"{name}-{_day(ticker, when).isoformat()}")
    number = pd.Series(stems, dtype=object).groupby(stems).cumcount() + 1
    ids = [stem if n == 1 else f"{stem}-{n}" for stem, n in zip(stems, number, strict=True)]
    return pd.Series(ids, dtype=object)


def _repeated(columns: Mapping[str, pd.Series]) -> int:
    tickers, moments = columns["ticker"], columns["announced_at"]
    days = [_day(ticker, when) for ticker, when in zip(tickers, moments, strict=True)]
    return int(pd.DataFrame({"ticker": tickers, "day": days}).duplicated().sum())


def _day(ticker: object, when: date | datetime) -> date:
    """The day of an event where its security trades."""
    return local_date(when, zone_of(exchange_of(str(ticker))))
