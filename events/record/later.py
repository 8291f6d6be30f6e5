"""What became of an announcement afterwards: dated facts that nobody could know on its day."""

from __future__ import annotations

from events.record.amount import Dollars
from events.record.base import Fact
from events.record.instant import Day
from events.record.text import Line, Url
from events.record.vocabulary import LaterOutcome


class Later(Fact):
    """A fact that became public after the announcement: its pricing, its closing, its end.

    It is for the eye and for the ledger as of a date. Nothing that selects, ranks, trades or
    regresses may read it: on the day of the announcement it was the future. `amount_usd` is the
    sum that then stands in the place of the announced one, in dollars.

    >>> Later(kind="priced", on="2025-12-09", amount_usd=2.25e9, what="Sold $2.25bn").kind.value
    'priced'
    """

    kind: LaterOutcome
    on: Day
    amount_usd: Dollars | None = None
    what: Line
    url: Url | None = None
