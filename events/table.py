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

from events.amount import Amount
from events.announcement import Announcement
from events.cells import attribute, cell_moment, dollars, optional, text, word
from events.errors import suggest
from events.party import Party
from events.problems import Problem
from events.text import identifier, one_line, ticker
from events.vocabulary import Kind, Role, Timing

REQUIRED = ("event_id", "ticker", "announced_at")
OPTIONAL = ("timing", "kind", "role", "amount_usd", "headline")
MAX_COLUMNS = 300
_ROLES, _KINDS = ({word.value for word in words} for words in (Role, Kind))
_PER_EVENT = ("announced_at", "timing", "kind", "amount_usd", "headline")


def read_table(path: Path) -> tuple[list[Announcement], list[Problem]]:
    """Read an event list; give its announcements, or every problem with the numbers of its rows.

    Rows count as a spreadsheet counts them: the header is row 1. Rows with the same event_id are the parties of
    one announcement. Columns of other names become attributes.
    """
    try:
        frame = _read(path)
    except (OSError, ValueError, OverflowError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        return [], [Problem(path.name, "", f"cannot be read as a table: {' '.join(str(error).split())[:200]}")]
    missing = _missing_columns(path.name, frame)
    if missing:
        return [], missing
    if frame.empty:
        return [], [Problem(path.name, "", "an empty catalog: a header and no row")]
    columns, problems = _check_columns(path.name, frame)
    if not problems:
        problems = _check_events(path.name, columns)
    return ([], problems) if problems else (_announcements(columns), [])


def _read(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path).reset_index(drop=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header is no row
        return pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True, index_col=False
        )


def _missing_columns(name: str, frame: pd.DataFrame) -> list[Problem]:
    columns = [str(column) for column in frame.columns]
    if len(columns) > MAX_COLUMNS:
        return [Problem(name, "", f"{len(columns)} columns; at most {MAX_COLUMNS} are read")]
    return [
        Problem(name, column, f"this column is missing{suggest(column, columns)}")
        for column in REQUIRED
        if column not in columns
    ]


def _check_columns(name: str, frame: pd.DataFrame) -> tuple[dict[str, pd.Series], list[Problem]]:
    checks: dict[str, Callable[[Any], Any]] = {
        "event_id": lambda value: identifier(text(value)),
        "ticker": lambda value: ticker(text(value)),
        "announced_at": cell_moment,
        "timing": optional(partial(word, known=[word.value for word in Timing], own=False)),
        "kind": optional(partial(word, known=[word.value for word in Kind], own=True)),
        "role": optional(partial(word, known=[word.value for word in Role], own=True)),
        "amount_usd": optional(dollars),
        "headline": optional(lambda value: one_line(text(value))),
    }
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column in frame.columns:
        check = checks.get(str(column), optional(attribute))
        columns[str(column)], found = _checked(name, str(column), frame[column], check)
        problems.extend(found)
    return columns, problems


def _checked(name: str, column: str, values: pd.Series, check: Callable[[Any], Any]) -> tuple[pd.Series, list[Problem]]:
    """Check each distinct value once; a problem names all its rows."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    good = np.empty(len(distinct), dtype=object)
    problems = []
    for code, value in enumerate(distinct):
        try:
            good[code] = check(value)
        except (ValueError, OverflowError) as error:
            problems.append(Problem(name, column, f"{error} ({_rows(np.flatnonzero(codes == code))})"))
    return pd.Series(good[codes], dtype=object), problems


def _check_events(name: str, columns: dict[str, pd.Series]) -> list[Problem]:
    ids = columns["event_id"]
    pairs = pd.DataFrame({"id": ids, "ticker": columns["ticker"]})
    problems = [
        Problem(name, "ticker", f"'{ids[row]}' has {pairs.ticker[row]} already ({_rows([row])})")
        for row in np.flatnonzero(pairs.duplicated())
    ]
    repeated = np.flatnonzero(ids.duplicated(keep=False))
    for column in _PER_EVENT:
        first: dict[str, Any] = {}
        for row in repeated if column in columns else ():
            value = columns[column][row]
            if first.setdefault(ids[row], value) != value:
                problems.append(Problem(name, column, f"differs within the event '{ids[row]}' ({_rows([row])})"))
    return problems


def _announcements(columns: dict[str, pd.Series]) -> list[Announcement]:
    size = len(columns["event_id"])
    blank = [None] * size
    lists = {name: columns[name].tolist() if name in columns else blank for name in (*REQUIRED, *OPTIONAL)}
    attributes = {name: values.tolist() for name, values in columns.items() if name not in lists}
    parties: dict[str, list[Party]] = {}
    firsts: dict[str, int] = {}
    for row, name in enumerate(lists["event_id"]):
        firsts.setdefault(name, row)
        extra = {key: values[row] for key, values in attributes.items() if values[row] is not None}
        parties.setdefault(name, []).append(_party(lists["ticker"][row], lists["role"][row], extra))
    return [_announcement(name, row, lists, parties[name]) for name, row in firsts.items()]


def _party(symbol: Any, role: Any, attributes: dict[str, Any]) -> Party:
    said: dict[str, Any] = {"name": symbol, "ticker": symbol}
    said |= _role(role)
    return Party.model_validate(said | ({"attributes": attributes} if attributes else {}))


def _role(word: str | None) -> dict[str, Any]:
    if word is None or word in _ROLES:
        return {"roles": (word or Role.OTHER.value,)}
    return {"roles": (Role.OTHER.value,), "own_role": word}


def _announcement(name: str, row: int, lists: dict[str, list[Any]], parties: list[Party]) -> Announcement:
    said: dict[str, Any] = {"id": name, "announced_at": lists["announced_at"][row], "parties": tuple(parties)}
    said["headline"] = lists["headline"][row] or name
    if lists["timing"][row]:
        said["timing"] = lists["timing"][row]
    if kind := lists["kind"][row]:
        known = kind in _KINDS
        said |= {"kind": kind} if known else {"kind": Kind.OTHER.value, "own_kind": kind}
    if lists["amount_usd"][row] is not None:
        said["amount"] = Amount(usd=lists["amount_usd"][row])
    return Announcement.model_validate(said)


def _rows(positions: ArrayLike) -> str:
    """Name rows as a spreadsheet does, runs shortened: `rows 2, 5-9`."""
    numbers = np.asarray(positions) + 2
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(texts)}"
