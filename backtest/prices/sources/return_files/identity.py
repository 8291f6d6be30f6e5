"""Whose row is whose: ids as text, one row a security and day, and the sessions of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import PriceError
from backtest.prices.sources.files.cells import Places
from backtest.prices.sources.files.numbers import Floats
from backtest.prices.sources.return_files.roles import Roles
from backtest.prices.tickers import other_spelling
from events.files.lists.cells import id_text, is_blank

Ints = NDArray[np.int64]
_WIDTHS = {"gvkey": 6, "cusip": 8, "ncusip": 8, "permno": 5}  # a spreadsheet drops leading zeros


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a file that are read (`kept`), each with its `row` and `column` of the panel.

    `by` is the column of ids they are told apart by.
    """

    kept: Ints
    row: Ints
    column: Ints
    names: tuple[str, ...]
    sessions: pd.DatetimeIndex
    by: str
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Sessions and securities."""
        return len(self.sessions), len(self.names)

    def grid(self, values: Floats) -> Floats:
        """Values of the kept rows at their places in the panel, (T, K)."""
        out = np.full(self.shape, np.nan)
        out[self.row, self.column] = values
        return out


def rows_of(
    body: pd.DataFrame,
    roles: Roles,
    dates: pd.DatetimeIndex,
    places: Places,
    wanted: tuple[str, ...] | None,
    values: Mapping[str, Floats],
) -> Rows:
    """Choose the column of ids, and refuse what has two readings: a security twice on one day.

    The ids are those that meet most of `wanted`, the first in the order PERMNO, gvkey, ticker ...
    where several do. Rows that repeat another one in every number are left out and counted.
    """
    ids = {name: _texts(body[at]) for name, at in roles.ids.items()}
    by = _chosen(ids, wanted)
    names, notes = ids[by], list[str]()
    for at in np.flatnonzero(names == "")[:1]:
        raise PriceError(f"{places[int(at)]}: {by} is empty; every row needs one")
    kept = np.arange(len(names))
    if by == "gvkey" and "issue" in roles.fields:
        kept = _first_issues(names, _texts(body[roles.fields["issue"]]), notes, places.file)
    sessions = pd.DatetimeIndex(np.unique(dates.to_numpy()))
    column, unique = pd.factorize(names[kept], sort=True)
    row = sessions.get_indexer(dates[kept])
    again = pd.Series(row * len(unique) + column).duplicated().to_numpy()
    if again.any():
        again = _repeats(kept, row, column, again, values, names, dates, places, by)
        lost = int(again.sum())
        if lost == 1:
            told = "row repeats another one and is"
        else:
            told = "rows repeat another one and are"
        notes.append(f"{places.file}: {lost:,} {told} left out")
        kept, row, column = kept[~again], row[~again], column[~again]
    return Rows(kept, row, column, tuple(map(str, unique)), sessions, by, tuple(notes))


def _texts(column: pd.Series) -> NDArray[np.object_]:
    """Ids as text, so that 10001, "10001" and 10001.0 meet."""
    codes, cells = pd.factorize(column.astype(object), use_na_sentinel=False)
    texts = ["" if is_blank(cell) else id_text(cell).strip() for cell in cells]
    return np.array(texts, dtype=object)[codes]


def _chosen(ids: Mapping[str, NDArray[np.object_]], wanted: tuple[str, ...] | None) -> str:
    if not wanted or len(ids) == 1:
        return next(iter(ids))
    met = {name: len(meeting(wanted, set(there), name)) for name, there in ids.items()}
    return max(met, key=lambda name: met[name])  # the first of equals


def _first_issues(
    names: NDArray[np.object_], issues: NDArray[np.object_], notes: list[str], file: str
) -> Ints:
    """The rows of each company's first issue, where it has several."""
    table = pd.DataFrame({"name": names, "issue": issues})
    first = table.groupby("name")["issue"].transform("min")
    several = int(table.groupby("name")["issue"].nunique().gt(1).sum())
    if several:
        notes.append(f"{file}: {several} companies have several issues; the first iid is taken")
    return np.flatnonzero((table["issue"] == first).to_numpy())


def _repeats(
    kept: Ints,
    row: Ints,
    column: Ints,
    again: NDArray[np.bool_],
    values: Mapping[str, Floats],
    names: NDArray[np.object_],
    dates: pd.DatetimeIndex,
    places: Places,
    by: str,
) -> NDArray[np.bool_]:
    """The rows that say again what an earlier one says; one that says otherwise is refused."""
    key = pd.Series(row * (column.max() + 1) + column)
    frame = pd.DataFrame({name: array[kept] for name, array in values.items()})
    first = frame.groupby(key.to_numpy()).transform("first")
    same = ((frame == first) | (frame.isna() & first.isna())).all(axis=1).to_numpy()
    for at in np.flatnonzero(again & ~same)[:1]:
        line = int(kept[at])
        raise PriceError(
            f"{places[line]}: {by} {names[line]} has another row for {dates[line].date()}, with "
            "other numbers; keep one, or key events and returns by an id that is one security"
        )
    return again


def meeting(wanted: Iterable[str], there: Iterable[str], by: str) -> Mapping[str, str]:
    """The ids wanted that a file has, each with its name there.

    BRK.B meets BRK-B, and 1690 meets the gvkey 001690, whose zeros a spreadsheet has dropped.

    >>> meeting(["BRK.B", "1690", "X"], ["BRK-B", "001690"], "gvkey")
    {'BRK.B': 'BRK-B', '1690': '001690'}
    """
    names = set(there)
    found = {}
    for one in dict.fromkeys(wanted):
        ways = (one, other_spelling(one), one.zfill(_WIDTHS.get(by, 0)), one.lstrip("0"))
        name = next((way for way in ways if way in names), None)
        if name is not None:
            found[one] = name
    return found
