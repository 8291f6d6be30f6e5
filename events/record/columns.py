"""The columns of a table of events.

Those the catalog fills, those placing adds, and what others may be named.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from events.record.text import one_line

EVENT_COLUMNS = (
    "event_id",
    "ticker",
    "role",
    "roles",
    "kind",
    "announced_at",
    "timing",
    "headline",
    "amount_usd",
    "not_before",
    "not_after",
)
PLACED_COLUMNS = ("event_session", "tradable_open", "first_day_end", "timing_flags")


def attribute_name(name: str) -> str:
    """Refuse a name of an attribute that is taken, hidden, overlong, or begins like a formula."""
    if len(name) > 60 or not (name[:1].isalnum() or name.startswith("_")):
        raise ValueError(
            f"column {name[:60]!r}: "
            "a name begins with a letter or digit and has at most 60 characters"
        )
    if name in EVENT_COLUMNS or name in PLACED_COLUMNS:
        raise ValueError(f"column '{name}': a study computes this column; give yours another name")
    return one_line(name)


AttributeName = Annotated[str, AfterValidator(attribute_name)]
