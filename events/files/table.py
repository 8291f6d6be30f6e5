"""A researcher's own event list: one row an event, as CSV or Parquet, checked column by column."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from events.errors import suggest
from events.files.cells import attribute_reader, cell_moment, dollars, optional, text, word
from events.files.columns import attribute_name
from events.files.problems import Problem
from events.files.table_rows import announcements_of
from events.record.announcement import Announcement
from events.record.text import identifier, one_line, ticker
from events.record.vocabulary import Kind, Role, Timing

REQUIRED = ("event_id", "ticker", "announced_at")
_ELSEWHERE = {
    "event_id": ("event_id", "id", "event", "eventid"),
    "ticker": ("ticker", "symbol", "name", "permno", "isin", "stock", "firm", "security"),
    "announced_at": (
        "announced_at",
        "when",
        "date",
        "datetime",
        "event_date",
        "announcement_date",
        "eventdate",
    ),
}
PER_EVENT = ("announced_at", "timing", "kind", "amount_usd", "headline")
MAX_COLUMNS, MAX_TOLD = 300, 200
_UNREADABLE = (OSError, ValueError, OverflowError, pd.errors.ParserError, pd.errors.ParserWarning)


def read_table(path: Path) -> tuple[list[Announcement], list[Problem]]:
    """Read an event list; give its announcements, or every problem with the numbers of its rows.

    Rows count as a spreadsheet counts them: the header is row 1. Rows with the same event_id are
    the parties of one announcement. Columns of other names become attributes.
    """
    try:
        frame = _read(path)
    except _UNREADABLE as error:
        return [], [
            Problem(
                path.name, "", f"cannot be read as a table: {' '.join(str(error).split())[:200]}"
            )
        ]
    problems = _header(path.name, [str(column) for column in frame.columns])
    if not problems and frame.empty:
        problems = [Problem(path.name, "", "an empty catalog: a header and no row")]
    if problems:
        return [], problems
    columns, problems = _check_columns(path.name, frame)
    if not problems:
        problems = _check_events(path.name, columns)
    if problems:
        return [], problems
    announcements, refused = announcements_of(columns)
    return announcements, [
        Problem(path.name, key, f"{why} ({_rows([row])})") for row, key, why in refused
    ]


def _read(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path).reset_index(drop=True)
    with path.open("rb") as file:
        header = file.readline(200_000)
    mark = (
        b";" if header.count(b";") > header.count(b",") else b","
    )  # spreadsheets of half of Europe write ";"
    if header.count(mark) >= 2 * MAX_COLUMNS:  # a million columns would take pandas minutes
        raise ValueError(f"more than {MAX_COLUMNS} columns")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "error", pd.errors.ParserWarning
        )  # a row longer than the header is no row
        return pd.read_csv(
            path,
            sep=mark.decode(),
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            skipinitialspace=True,
            index_col=False,
        )


def _header(name: str, columns: list[str]) -> list[Problem]:
    if len(columns) > MAX_COLUMNS:
        return [Problem(name, "", f"{len(columns)} columns; at most {MAX_COLUMNS} are read")]
    problems = [
        Problem(name, column, f"this column is missing{_candidate(column, columns)}")
        for column in REQUIRED
        if column not in columns
    ]
    for column in columns:
        try:
            attribute_name(column if column not in _checks() else "known")
        except ValueError as error:
            problems.append(Problem(name, "", str(error)))
    return problems


def _candidate(column: str, columns: list[str]) -> str:
    """Point at the column that may be meant, by its spelling or by what other packages call it."""
    others = [other for other in columns if other.strip().lower() in _ELSEWHERE[column]]
    return f"; rename '{others[0][:60]}' to it?" if others else suggest(column, columns)


def _checks() -> dict[str, Callable[[Any], Any]]:
    return {
        "event_id": lambda value: identifier(text(value)),
        "ticker": lambda value: ticker(text(value)),
        "announced_at": cell_moment,
        "timing": optional(partial(word, known=[word.value for word in Timing], own=False)),
        "kind": optional(partial(word, known=[word.value for word in Kind], own=True)),
        "role": optional(partial(word, known=[word.value for word in Role], own=True)),
        "amount_usd": optional(dollars),
        "headline": optional(lambda value: one_line(text(value))),
    }


def _check_columns(name: str, frame: pd.DataFrame) -> tuple[dict[str, pd.Series], list[Problem]]:
    checks = _checks()
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column in map(str, frame.columns):
        columns[column], found = _checked(name, column, frame[column], checks.get(column))
        problems.extend(found)
    return columns, problems


def _checked(
    name: str, column: str, values: pd.Series, known: Callable[[Any], Any] | None
) -> tuple[pd.Series, list[Problem]]:
    """Check each distinct value once; a problem names all its rows."""
    try:
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
    except TypeError:
        return values, [Problem(name, column, "holds lists or tables; one value a cell is wanted")]
    check = known or attribute_reader(list(distinct))
    good = np.empty(len(distinct), dtype=object)
    bad: dict[int, str] = {}
    for code, value in enumerate(distinct):
        try:
            good[code] = check(value)
        except (ValueError, OverflowError) as error:
            bad[code] = str(error)
    return pd.Series(good[codes], dtype=object), _told(name, column, codes, bad)


def _told(
    name: str, column: str, codes: np.ndarray[Any, np.dtype[np.intp]], bad: dict[int, str]
) -> list[Problem]:
    """Tell each bad value with its rows; beyond the first two hundred, the rows of all others together."""
    told, rest = list(bad)[:MAX_TOLD], list(bad)[MAX_TOLD:]
    problems = [
        Problem(name, column, f"{bad[code]} ({_rows(np.flatnonzero(codes == code))})")
        for code in told
    ]
    if rest:
        rows = np.flatnonzero(np.isin(codes, rest))
        problems.append(
            Problem(name, column, f"{len(rest)} further values are as bad ({_rows(rows)})")
        )
    return problems


def _check_events(name: str, columns: dict[str, pd.Series]) -> list[Problem]:
    ids = columns["event_id"]
    pairs = pd.DataFrame({"id": ids, "ticker": columns["ticker"]})
    problems = [
        Problem(name, "ticker", f"'{ids[row]}' has {pairs.ticker[row]} already ({_rows([row])})")
        for row in np.flatnonzero(pairs.duplicated())
    ]
    repeated = np.flatnonzero(ids.duplicated(keep=False))
    for column in PER_EVENT:
        first: dict[str, Any] = {}
        for row in repeated if column in columns else ():
            value = columns[column][row]
            if first.setdefault(ids[row], value) != value:
                problems.append(
                    Problem(name, column, f"differs within the event '{ids[row]}' ({_rows([row])})")
                )
    return problems


def _rows(positions: ArrayLike) -> str:
    """Name rows as a spreadsheet does, runs shortened: `rows 2, 5-9`."""
    numbers = np.asarray(positions) + 2
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(texts)}"
