"""Where an announcement's facts come from, what disturbs them, and what they lean on."""

from __future__ import annotations

from pydantic import Field

from events.record.base import Fact
from events.record.instant import Day
from events.record.text import Identifier, Line, Paragraph, Ticker, Url
from events.record.vocabulary import Contaminant, Relation, SourceKind, Trust


class Source(Fact):
    """A public document that supports the facts;
    without an address it is known by a quotation only.
    """  # noqa: D205  # the schema shows the first paragraph, whole

    name: Line
    url: Url | None = None
    kind: SourceKind = SourceKind.PRESS
    date: Day | None = None  # of publication
    note: Paragraph = ""


class Link(Fact):
    """A tie to another announcement of the catalog."""

    to: Identifier
    relation: Relation = Relation.RELATED
    note: Paragraph = ""


class Contamination(Fact):
    """Something else that could have moved a price in the event's windows.

    `not_separable` says that daily prices cannot tell the two apart; `tickers` says whose prices
    (all, if empty).
    """

    type: Contaminant
    note: Line
    tickers: tuple[Ticker, ...] = ()
    date: Day | None = None
    not_separable: bool = False


class Confidence(Fact):
    """Which groups of fields rest on a source whose text was read.
    What is not said is unverified.
    """  # noqa: D205  # the schema shows the first paragraph, whole

    date: Trust = Trust.UNVERIFIED
    timing: Trust = Trust.UNVERIFIED
    parties: Trust = Trust.UNVERIFIED
    amount: Trust = Trust.UNVERIFIED
    terms: Trust = Trust.UNVERIFIED
    claims: Trust = Trust.UNVERIFIED
    note: Paragraph = Field(default="")

    @property
    def studied(self) -> Trust:
        """What a study stands on: the date and the parties."""
        verified = self.date is Trust.VERIFIED and self.parties is Trust.VERIFIED
        if verified:
            return Trust.VERIFIED
        return Trust.UNVERIFIED
