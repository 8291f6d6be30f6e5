"""How much money an announcement is about."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from events.record.base import Fact
from events.record.instant import Day
from events.record.text import Line, Paragraph
from events.record.vocabulary import Qualifier


def _number(value: Any) -> Any:
    """`usd = true` would count as one dollar."""
    if isinstance(value, bool):
        raise ValueError(
            f"{str(value).lower()} is no amount of dollars; write a number, such as 2e9"
        )
    return value


Dollars = Annotated[float, Field(gt=0, le=1e14), BeforeValidator(_number)]
ROUNDING = 0.005  # announced sums are rounded: parts may miss the whole by this share of it


class Share(Fact):
    """One payer's part of a sum that several pay."""

    payer: Line
    usd: Dollars


class Amount(Fact):
    """A sum in US dollars, how firm it is, and who is to pay it to whom.

    >>> Amount(usd=27e9, qualifier="up_to", firm_usd=12e9, optional_usd=15e9).firm_usd
    12000000000.0
    """

    usd: Dollars
    qualifier: Qualifier = Qualifier.EXACT
    firm_usd: Dollars | None = None
    optional_usd: Dollars | None = None
    total_usd: Dollars | None = (
        None  # the running total with earlier announcements, where one is stated
    )
    payer: Line | None = None  # names of parties; the ledger adds up by this pair
    payee: Line | None = None
    note: Paragraph = ""
    high_usd: Dollars | None = None  # the upper end of a range, `usd` its lower
    currency: Line | None = None  # of a sum announced in another one: `local`, at `rate` dollars
    local: Dollars | None = None
    rate: Annotated[float, Field(gt=0, le=1e6)] | None = None
    rate_on: Day | None = None
    shares: tuple[Share, ...] = ()  # in the place of one payer

    @property
    def payments(self) -> tuple[tuple[str, str, float], ...]:
        """Give (payer, payee, dollars), where both are known."""
        if self.payee is None:
            return ()
        if self.shares:
            return tuple((share.payer, self.payee, share.usd) for share in self.shares)
        if self.payer:
            return ((self.payer, self.payee, self.usd),)
        return ()

    @property
    def names(self) -> tuple[str, ...]:
        """Give every payer and payee named."""
        named = (self.payer, self.payee, *(share.payer for share in self.shares))
        return tuple(dict.fromkeys(name for name in named if name))

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        parts = [part for part in (self.firm_usd, self.optional_usd) if part is not None]
        if any(part > self.usd for part in parts):
            raise ValueError(f"a part is larger than the whole, usd = {self.usd:,.0f}")
        if len(parts) == 2:
            self._must_equal("firm_usd + optional_usd", sum(parts))
        if self.shares:
            self._must_equal("the shares", sum(share.usd for share in self.shares))
        if self.high_usd is not None and self.high_usd < self.usd:
            raise ValueError(f"high_usd = {self.high_usd:,.0f} is less than usd = {self.usd:,.0f}")
        if self.local and self.rate:
            self._must_equal("local times rate", self.local * self.rate)
        if self.shares and self.payer:
            raise ValueError("give one payer or shares, not both")
        if self.total_usd is not None and self.total_usd < self.usd:
            raise ValueError(
                f"total_usd = {self.total_usd:,.0f} is less than usd = {self.usd:,.0f}"
            )
        return self

    def _must_equal(self, what: str, total: float) -> None:
        if abs(total - self.usd) > ROUNDING * self.usd:
            raise ValueError(f"{what} = {total:,.0f}, but usd = {self.usd:,.0f}")
