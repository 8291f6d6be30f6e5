"""One announcement.

What was said, by whom, when the public could know it, and what else was going on.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self

from pydantic import Field, field_validator, model_validator

from events.clock.exchanges import HOME
from events.errors import suggest
from events.record.amount import Amount, Dollars
from events.record.base import Fact
from events.record.bound import Bound, outside
from events.record.claim import Claim
from events.record.instant import NEW_YORK, Day, Moment, local_date
from events.record.party import Party, own_exchange, own_zone
from events.record.provenance import Confidence, Contamination, Link, Source
from events.record.text import Identifier, Line, Paragraph, Ticker, Url
from events.record.vocabulary import Kind, LaterOutcome, Timing, TimingQuality

_OPEN, _EARLY_CLOSE, _CLOSE = time(9, 30), time(13), time(16)


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


class Announcement(Fact):
    """A fact of the catalog, read from one TOML file and never changed.

    `announced_at` is an instant with its UTC offset, or a date where no time is known; `timing`
    then says what is known of the time of day, and `not_before` and `not_after` are instants that
    bound it, each with its basis. `first_public` is the day of a leak or an early
    report (its own where there was none), `signed` that of the signature. Every field holds what
    was known on its day but `later`, the dated facts that came after it.

    >>> news = Announcement(
    ...     id="example",
    ...     headline="An example",
    ...     announced_at="2026-04-09",
    ...     parties=({"name": "Meta Platforms", "ticker": "META", "roles": ("customer",)},),
    ... )
    >>> news.tickers, str(news.day), news.kind_word
    (('META',), '2026-04-09', 'other')
    """

    id: Identifier
    headline: Line
    summary: Paragraph = ""
    announced_at: Moment
    timing: Timing = Timing.UNKNOWN
    timing_basis: Paragraph = ""
    timing_quality: TimingQuality = TimingQuality.UNKNOWN
    not_before: Bound | None = None  # edges of the time it became public, where they are known
    not_after: Bound | None = None
    first_public: Day | None = None
    signed: Day | None = None
    kind: Kind = Kind.OTHER
    own_kind: Line | None = None  # a researcher's own word, where the kind is "other"
    term: Line | None = None
    facts: tuple[Line, ...] = ()
    amount: Amount | None = None
    confidence: Confidence = Confidence()
    parties: tuple[Party, ...] = Field(min_length=1)
    later: tuple[Later, ...] = ()  # only for the eye and the ledger as of a date
    links: tuple[Link, ...] = ()
    contamination: tuple[Contamination, ...] = ()
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def tickers(self) -> tuple[Ticker, ...]:
        """The tickers of its parties, in their order, each once."""
        return tuple(dict.fromkeys(party.ticker for party in self.parties if party.ticker))

    @property
    def day(self) -> date:
        """The day it was announced, where its own exchange is.

        That of the first party with a ticker. A read-through is no party for this, and without one
        it is New York.
        """
        if not isinstance(self.announced_at, datetime):
            return self.announced_at
        return local_date(self.announced_at, own_zone(self.parties))

    @property
    def kind_word(self) -> str:
        """The kind, or the researcher's own word for it."""
        if self.own_kind and self.kind is Kind.OTHER:
            return self.own_kind
        return self.kind.value

    @field_validator("parties")
    @classmethod
    def _each_party_once(cls, parties: tuple[Party, ...]) -> tuple[Party, ...]:
        seen: set[str] = set()
        for party in parties:
            if party.ticker in seen:
                raise ValueError(
                    f"{party.ticker} is listed twice; give one party several roles instead"
                )
            if party.ticker:
                seen |= {party.ticker}
        return parties

    @model_validator(mode="after")
    def _dates_agree(self) -> Self:
        announced = self.day
        if self.first_public is not None and self.first_public > announced:
            raise ValueError(f"first_public {self.first_public} is after announced_at {announced}")
        if self.signed is not None and self.signed > announced:
            raise ValueError(f"signed {self.signed} is after announced_at {announced}")
        if wrong := outside(self.announced_at, self.not_before, self.not_after):
            raise ValueError(wrong)
        for fact in self.later:
            if fact.on < announced:
                raise ValueError(
                    f"later: {fact.on} ({fact.kind}) is before announced_at {announced}; "
                    "what was known then belongs to the announcement itself"
                )
        if (
            isinstance(self.announced_at, datetime)
            and own_exchange(self.parties) == HOME  # elsewhere the day has other hours
            and self.timing not in _possible(self.announced_at)
        ):
            clock = self.announced_at.astimezone(NEW_YORK).strftime("%H:%M")
            raise ValueError(
                f"timing '{self.timing}' contradicts announced_at, {clock} in New York"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        names = {party.name for party in self.parties}
        for name in self.amount.names if self.amount else ():
            if name not in names:
                raise ValueError(
                    f"amount names '{name}', who is not among the parties{suggest(name, names)}"
                )
        return self


_ANY = frozenset(Timing)
_BEFORE = frozenset({Timing.UNKNOWN, Timing.BEFORE_OPEN})
_DURING = frozenset({Timing.UNKNOWN, Timing.DURING_SESSION})
_AFTER = frozenset({Timing.UNKNOWN, Timing.AFTER_CLOSE})


def _possible(instant: datetime) -> frozenset[Timing]:
    """Say which timings an instant can have.

    Without a calendar, a half day's afternoon can be two.
    """
    local = instant.astimezone(NEW_YORK)
    clock = local.time()
    if local.weekday() >= 5:
        return _ANY
    if clock < _OPEN:
        return _BEFORE
    if clock < _EARLY_CLOSE:
        return _DURING
    if clock < _CLOSE:
        return _DURING | _AFTER
    return _AFTER
