"""A price move as the press reported it, typed so that it can be recomputed."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from events.record.base import Fact
from events.record.instant import Day
from events.record.text import Line, Paragraph, Ticker, Url
from events.record.vocabulary import Basis, Measure, PricePoint, Qualifier, WindowUnit


class Claim(Fact):
    """One number about one ticker.

    A change is in percent, from `basis` over `window` x `window_unit` to the price `at` on the day
    `on`; one session from the previous close is the day's move. A level is a price in dollars, `at`
    over the same window (the low of one year, say). `precision` is the size of the last digit the
    wording gives: 0.1 for "9.4%", 1 for "7%".

    >>> claim = Claim(ticker="META", value=2.6, precision=0.1, on="2026-04-09", said_by="a paper")
    >>> claim.measure.value, claim.window, claim.window_unit.value, claim.basis.value
    ('change', 1, 'sessions', 'previous_close')
    """

    ticker: Ticker
    measure: Measure = Measure.CHANGE
    value: Annotated[float, Field(ge=-1e6, le=1e6)]
    precision: Annotated[float, Field(gt=0, le=100)]
    qualifier: Qualifier = Qualifier.EXACT
    on: Day | None = None  # none: the source leaves the day open
    at: PricePoint = PricePoint.CLOSE
    window: Annotated[int, Field(ge=1, le=1000)] = 1
    window_unit: WindowUnit = WindowUnit.SESSIONS
    basis: Basis = Basis.PREVIOUS_CLOSE
    price: Annotated[float, Field(gt=0, le=1e6)] | None = None  # that a change is quoted with
    base_price: Annotated[float, Field(gt=0, le=1e6)] | None = None
    time: Line | None = None  # as the source gives it
    said_by: Line
    url: Url | None = None
    note: Paragraph = ""

    @model_validator(mode="after")
    def _has_its_base(self) -> Self:
        if self.basis is Basis.STATED_PRICE and self.base_price is None:
            raise ValueError("basis is stated_price, but no base_price is given")
        if self.measure is Measure.LEVEL and self.value <= 0:
            raise ValueError(f"value {self.value:g} is no price")
        return self
