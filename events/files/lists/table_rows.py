"""From the checked columns of an event list to announcements."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pydantic import ValidationError

from events.files.lists.trading_places import exchange_column
from events.files.problems import problems_of
from events.record.amount import Amount
from events.record.announcement import Announcement
from events.record.party import Party
from events.record.vocabulary import Kind, Role

_COLUMNS = (
    "event_id",
    "ticker",
    "announced_at",
    "timing",
    "kind",
    "role",
    "amount_usd",
    "headline",
    "not_before",
    "not_after",
)
_ROLES, _KINDS = ({word.value for word in words} for words in (Role, Kind))
Refused = tuple[int, str, str]  # row (from 0), key, why


def announcements_of(columns: dict[str, pd.Series]) -> tuple[list[Announcement], list[Refused]]:
    """Make one announcement of the rows that share an event_id, in the order of their first rows.

    What a check of single cells cannot see (a time of day that contradicts the instant) is refused
    by row.
    """
    cells = {name: values.tolist() for name, values in columns.items()}
    blank = [None] * len(cells["event_id"])
    known = {name: cells.get(name, blank) for name in _COLUMNS}
    own = {name: values for name, values in cells.items() if name not in known}
    column, known_as = exchange_column({name: columns[name] for name in own})
    trades = [known_as.get(value) for value in cells[column]] if column else blank
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(known["event_id"]):
        rows_of.setdefault(name, []).append(row)
    announcements: list[Announcement] = []
    refused: list[Refused] = []
    for rows in rows_of.values():
        try:
            announcements.append(
                _announcement(
                    rows[0], known, tuple(_party(row, known, own, trades[row]) for row in rows)
                )
            )
        except ValidationError as error:
            refused.extend(
                (rows[0], problem.key, problem.message) for problem in problems_of("", error)
            )
    return announcements, refused


def _party(
    row: int, known: dict[str, list[Any]], own: dict[str, list[Any]], trades: str | None
) -> Party:
    symbol, role = known["ticker"][row], known["role"][row]
    said: dict[str, Any] = {"name": symbol, "ticker": symbol}
    if role is None or role in _ROLES:
        said |= {"roles": (role or "other",)}
    else:
        said |= {"roles": ("other",), "own_role": role}
    if trades:
        said |= {"exchange": trades}
    attributes = {key: values[row] for key, values in own.items() if values[row] is not None}
    return Party.model_validate(said | ({"attributes": attributes} if attributes else {}))


def _announcement(
    row: int, known: dict[str, list[Any]], parties: tuple[Party, ...]
) -> Announcement:
    name, kind, usd = (known[column][row] for column in ("event_id", "kind", "amount_usd"))
    said: dict[str, Any] = {"id": name, "headline": known["headline"][row] or name}
    said |= {"announced_at": known["announced_at"][row], "parties": parties}
    if known["timing"][row]:
        said["timing"] = known["timing"][row]
    for edge in ("not_before", "not_after"):
        if known[edge][row] is not None:
            said[edge] = {"at": known[edge][row], "basis": "a column of the table"}
    if kind:
        if kind in _KINDS:
            said |= {"kind": kind}
        else:
            said |= {"kind": "other", "own_kind": kind}
    if usd is not None:
        said["amount"] = Amount(usd=usd)
    return Announcement.model_validate(said)
