"""How much money an announcement is about."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from events.base import Fact
from events.text import Line, Paragraph
from events.vocabulary import Qualifier

Dollars = Annotated[float, Field(gt=0, le=1e14)]


class Amount(Fact):
    """A sum in US dollars, how firm it is, and who is to pay it to whom.

    >>> Amount(usd=27e9, qualifier="up_to", firm_usd=12e9, optional_usd=15e9).firm_usd
    12000000000.0
    """

    usd: Dollars
    qualifier: Qualifier = Qualifier.EXACT
    firm_usd: Dollars | None = None
    optional_usd: Dollars | None = None
    total_usd: Dollars | None = None  # the running total with earlier announcements, where one is stated
    payer: Line | None = None  # names of parties; the ledger adds up by this pair
    payee: Line | None = None
    note: Paragraph = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        parts = [part for part in (self.firm_usd, self.optional_usd) if part is not None]
        if len(parts) == 2 and abs(sum(parts) - self.usd) > 0.005 * self.usd:
            raise ValueError(f"firm_usd + optional_usd = {sum(parts):,.0f}, but usd = {self.usd:,.0f}")
        if any(part > self.usd for part in parts):
            raise ValueError(f"a part is larger than the whole, usd = {self.usd:,.0f}")
        if self.total_usd is not None and self.total_usd < self.usd:
            raise ValueError(f"total_usd = {self.total_usd:,.0f} is less than usd = {self.usd:,.0f}")
        return self
