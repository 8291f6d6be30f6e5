"""From the checked cells of rows of an event list to an announcement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from events.record.amount import Amount
from events.record.announcement import Announcement
from events.record.party import Party
from events.record.vocabulary import Kind, Role

KNOWN = (
    "event_id", "ticker", "announced_at", "timing", "kind", "role", "amount_usd", "headline",
    "not_before", "not_after",
)  # fmt: skip
_ROLES, _KINDS = ({word.value for word in words} for words in (Role, Kind))
Cell = Callable[[str], Any]  # what a row has in a column, None where nothing


def party(cell: Cell, own: Mapping[str, Any], trades: str | None) -> Party:
    """Who a row is about; `own` are the cells of the researcher's own columns."""
    symbol, role = cell("ticker"), cell("role")
    said: dict[str, Any] = {"name": symbol, "ticker": symbol}
    if role is None or role in _ROLES:
        said |= {"roles": (role or "other",)}
    else:
        said |= {"roles": ("other",), "own_role": role}
    if trades:
        said |= {"exchange": trades}
    attributes = {key: value for key, value in own.items() if value is not None}
    return Party.model_validate(said | ({"attributes": attributes} if attributes else {}))


def announcement(cell: Cell, parties: tuple[Party, ...]) -> Announcement:
    """What the first row of an announcement says of it."""
    name, kind, usd = (cell(column) for column in ("event_id", "kind", "amount_usd"))
    said: dict[str, Any] = {"id": name, "headline": cell("headline") or name}
    said |= {"announced_at": cell("announced_at"), "parties": parties}
    if cell("timing"):
        said["timing"] = cell("timing")
    for edge in ("not_before", "not_after"):
        if cell(edge) is not None:
            said[edge] = {"at": cell(edge), "basis": "a column of the table"}
    if kind:
        if kind in _KINDS:
            said |= {"kind": kind}
        else:
            said |= {"kind": "other", "own_kind": kind}
    if usd is not None:
        said["amount"] = Amount(usd=usd)
    return Announcement.model_validate(said)
