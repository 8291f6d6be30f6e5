"""A researcher's own event list: one row an event, of any format read, checked column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pydantic import ValidationError

from events.errors import table_fault
from events.files.lists.cells import (
    ListColumn,
    attribute_reader,
    cell_moment,
    dollars,
    id_text,
    optional,
    text,
    word,
)
from events.files.lists.dates import DateOrder
from events.files.lists.listed import Listed
from events.files.lists.nameless import match_nameless
from events.files.lists.naming import Reading, lacking, match
from events.files.lists.raw import MAX_COLUMNS, RepeatedColumnError, read_raw
from events.files.lists.table_rows import KNOWN
from events.files.lists.trading_places import exchange_column
from events.files.lists.understood import Understood, made_ids
from events.files.problems import Problem, problems_of
from events.record.announcement import Announcement
from events.record.columns import attribute_name
from events.record.text import identifier, one_line, ticker
from events.record.vocabulary import Kind, Role, Timing

Refused = tuple[int, str, str]  # row (from 0), key, why
PER_EVENT = (
    "announced_at", "timing", "kind", "amount_usd", "headline", "not_before", "not_after",
)  # fmt: skip
MAX_TOLD = 200
_PLAIN_ID = "[A-Za-z0-9][A-Za-z0-9_-]{0,119}"  # most ids: without a dot, no number of a spreadsheet
_UNREADABLE = (OSError, ValueError, OverflowError, pd.errors.ParserError, pd.errors.ParserWarning)


class EventTable(NamedTuple):
    """What a table gives: announcements, or every problem; and what was understood, in words."""

    announcements: Sequence[Announcement]
    problems: list[Problem]
    understood: str = ""


def read_table(path: Path, reading: Reading | None = None) -> EventTable:
    """Read an event list; give its announcements, or every problem with the numbers of its rows.

    Rows count as a spreadsheet counts them: the header is row 1. Rows with the same event_id are
    the parties of one announcement; without that column each row is an event, and ids are made.
    Columns of other names become attributes. `reading` says what a reader knows of the columns.
    """
    reading = reading or Reading()
    try:
        raw = read_raw(path)
    except RepeatedColumnError as error:
        return EventTable([], [Problem(path.name, "", str(error))])
    except _UNREADABLE as error:
        why = f"cannot be read as a table: {table_fault(error)}"
        return EventTable([], [Problem(path.name, "", why)])
    names = list(map(str, raw.frame.columns))
    try:
        headed = raw.first_row > 1
        if headed:
            taken = match(names, reading)
        else:
            taken = match_nameless(raw.frame, reading)
    except ValueError as error:
        return EventTable([], [Problem(path.name, "", str(error))])
    frame = raw.frame.set_axis(pd.Index(_renamed(names, taken), dtype=object), axis="columns")
    problems = _header(path.name, names, taken, list(frame.columns))
    if not problems and frame.empty:
        problems = [Problem(path.name, "", "an empty catalog: a header and no row")]
    if problems:
        return EventTable([], problems)
    at = _File(path.name, raw.first_row)
    return _read_rows(at, frame, reading, Understood(raw.shape, taken, frame))


class _File(NamedTuple):
    """A file's name, and the number of its first row below the header."""

    name: str
    first: int

    def rows(self, positions: ArrayLike) -> str:
        """Name rows as a spreadsheet does, runs shortened: `rows 2, 5-9`."""
        numbers = np.asarray(positions) + self.first
        gaps = np.flatnonzero(np.diff(numbers) > 1) + 1
        texts = []
        for run in np.split(numbers, gaps):
            first, last = run[0], run[-1]
            texts.append(f"{first}-{last}" if len(run) > 1 else str(first))
        if len(numbers) > 1:
            rows = "rows"
        else:
            rows = "row"
        return f"{rows} {', '.join(texts)}"


def _read_rows(at: _File, frame: pd.DataFrame, reading: Reading, said: Understood) -> EventTable:
    try:
        order = DateOrder(frame["announced_at"].unique().tolist(), reading.dayfirst)
    except ValueError as error:
        return EventTable([], [Problem(at.name, "announced_at", str(error))])
    except TypeError:  # lists have no hash; the check of the column says so
        order = DateOrder([])
    columns, problems = _check_columns(at, frame, order)
    if not problems and "event_id" not in columns:
        made = made_ids(columns["ticker"].series, columns["announced_at"].series)
        columns = {"event_id": ListColumn.of(made)} | columns
    if not problems:
        problems = _check_events(at, columns)
    if problems:
        return EventTable([], problems)
    announcements, refused = _announcements_of(columns)
    problems = [Problem(at.name, key, f"{why} ({at.rows([row])})") for row, key, why in refused]
    series = {name: cells.series for name, cells in columns.items()}
    return EventTable(announcements, problems, said.words(at.name, order, series))


def _announcements_of(columns: Mapping[str, ListColumn]) -> tuple[Listed, list[Refused]]:
    """Make one announcement of the rows that share an event_id, in the order of their first rows.

    What a check of single cells cannot see (a time of day that contradicts the instant) is refused
    by row: of announcements that are alike in all that decides it, one is made and checked.
    """
    own = {name: cells.series for name, cells in columns.items() if name not in KNOWN}
    listed = Listed.of(columns, *exchange_column(own))
    kinds, kind = listed.by_check()
    wrong: dict[int, list[tuple[str, str]]] = {}
    for number in range(len(kinds)):
        try:
            kinds[number]
        except ValidationError as error:
            wrong[number] = [(one.key, one.message) for one in problems_of("", error)]
    bad = np.isin(kind, list(wrong))
    refused = [
        (int(listed.rows[listed.starts[number]]), *why)
        for number in np.flatnonzero(bad)
        for why in wrong[kind[number]]
    ]
    return listed.some(np.flatnonzero(~bad)), refused


def _renamed(names: list[str], taken: Mapping[str, str]) -> list[str]:
    """Give our names to the columns taken; one of theirs that --map passes over makes way."""
    ours = {theirs: name for name, theirs in taken.items()}
    out_of_the_way = {name: f"file_{name}" for name in taken}
    return [ours.get(name, out_of_the_way.get(name, name)) for name in names]


def _header(
    file: str, names: list[str], taken: Mapping[str, str], columns: list[str]
) -> list[Problem]:
    if len(columns) > MAX_COLUMNS:
        return [Problem(file, "", f"{len(columns)} columns; at most {MAX_COLUMNS} are read")]
    problems = [Problem(file, ours, why) for ours, why in lacking(taken, names)]
    for column in columns:
        try:
            attribute_name(column if column not in taken else "known")
        except ValueError as error:
            problems.append(Problem(file, "", str(error)))
    return problems


def _checks(order: DateOrder) -> dict[str, Callable[[Any], Any]]:
    return {
        "event_id": lambda value: identifier(id_text(value)),
        "ticker": lambda value: ticker(id_text(value).strip()),
        "announced_at": lambda value: cell_moment(order.iso(value)),
        "timing": optional(partial(word, known=[word.value for word in Timing], own=False)),
        "kind": optional(partial(word, known=[word.value for word in Kind], own=True)),
        "role": optional(partial(word, known=[word.value for word in Role], own=True)),
        "amount_usd": optional(dollars),
        "not_before": optional(lambda value: cell_moment(order.iso(value))),
        "not_after": optional(lambda value: cell_moment(order.iso(value))),
        "headline": optional(lambda value: one_line(text(value))),
    }


def _check_columns(
    at: _File, frame: pd.DataFrame, order: DateOrder
) -> tuple[dict[str, ListColumn], list[Problem]]:
    checks = _checks(order)
    columns: dict[str, ListColumn] = {}
    problems: list[Problem] = []
    for column in map(str, frame.columns):
        columns[column], found = _checked(at, column, frame[column], checks.get(column))
        problems.extend(found)
    return columns, problems


def _checked(
    at: _File, column: str, values: pd.Series, known: Callable[[Any], Any] | None
) -> tuple[ListColumn, list[Problem]]:
    """Check each distinct value once; a problem names all its rows."""
    try:
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
    except TypeError:
        return ListColumn.of(pd.Series(dtype=object)), [
            Problem(at.name, column, "holds lists or tables; one value a cell is wanted")
        ]
    plain = np.zeros(len(distinct), dtype=bool)  # what its check would give as it is
    if isinstance(distinct.dtype, pd.StringDtype):  # its cells one by one take long
        if column == "event_id":
            plain = np.asarray(distinct.str.fullmatch(_PLAIN_ID, na=False), dtype=bool)
        distinct = pd.Index(distinct.to_numpy(dtype=object), dtype=object)
    check = known or attribute_reader(list(distinct))
    good = np.empty(len(distinct), dtype=object)
    good[plain] = distinct[plain]
    bad: dict[int, str] = {}
    for code, value in zip(np.flatnonzero(~plain).tolist(), distinct[~plain], strict=True):
        try:
            good[code] = check(value)
        except (ValueError, OverflowError) as error:
            bad[code] = str(error)
    return ListColumn(codes, good), _told(at, column, codes, bad)


def _told(
    at: _File, column: str, codes: np.ndarray[Any, np.dtype[np.intp]], bad: dict[int, str]
) -> list[Problem]:
    """Tell each bad value with its rows.

    Beyond the first two hundred, the rows of all others together.
    """
    told, rest = list(bad)[:MAX_TOLD], list(bad)[MAX_TOLD:]
    problems = [
        Problem(at.name, column, f"{bad[code]} ({at.rows(np.flatnonzero(codes == code))})")
        for code in told
    ]
    if rest:
        rows = np.flatnonzero(np.isin(codes, rest))
        problems.append(
            Problem(at.name, column, f"{len(rest)} further values are as bad ({at.rows(rows)})")
        )
    return problems


def _check_events(at: _File, columns: Mapping[str, ListColumn]) -> list[Problem]:
    ids, tickers = columns["event_id"].values, columns["ticker"].values
    number = pd.Series(columns["event_id"].numbers)
    pairs = pd.DataFrame({"id": number, "ticker": columns["ticker"].numbers})
    problems = [
        Problem(at.name, "ticker", f"'{ids[row]}' has {tickers[row]} already ({at.rows([row])})")
        for row in np.flatnonzero(pairs.duplicated())
    ]
    repeated = np.flatnonzero(number.duplicated(keep=False))
    for column in PER_EVENT:
        first: dict[str, Any] = {}
        values = columns[column].values if column in columns else ()
        for row in repeated if column in columns else ():
            value = values[row]
            if first.setdefault(ids[row], value) != value:
                problems.append(
                    Problem(
                        at.name, column, f"differs within the event '{ids[row]}' ({at.rows([row])})"
                    )
                )
    return problems
