"""Who takes part in an announcement, in which roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from events.clock.exchanges import HOME, exchange_of, known_exchange, zone_of
from events.errors import CalendarError
from events.record.base import Fact
from events.record.columns import AttributeName
from events.record.instant import Day
from events.record.text import Line, Paragraph, Ticker
from events.record.vocabulary import Role


def _as_written(value: bool | int | float | str) -> bool | int | float | str:
    """Take 3.0 as 3: the two are one number, and a file or a digest must not tell them apart."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    if whole:
        return int(value)
    return value


Attribute = Annotated[bool | int | float | Line, AfterValidator(_as_written)]


def _known(name: str) -> str:
    try:
        return known_exchange(name)
    except CalendarError as error:
        raise ValueError(str(error)) from None


Exchange = Annotated[Line, AfterValidator(_known)]


class Party(Fact):
    """A company or body named by an announcement, or one the market carries the news over to.

    `attributes` are further numbers or words about this party at this announcement (its market
    value in dollars, say); each becomes a column of `Catalog.events()`.

    >>> Party(name="CoreWeave", ticker="CRWV", roles=("supplier",)).role
    'supplier'
    """

    name: Line
    ticker: Ticker | None = None  # none: not listed, or not in the study
    roles: tuple[Role, ...] = Field(min_length=1)
    own_role: Line | None = None  # a researcher's own word, where the role is "other"
    listed: Day | None = None  # its first session, where the announcement came before it
    note: Paragraph = ""
    exchange: Exchange | None = None  # where it trades, if the ticker's suffix does not say so
    cik: int | None = Field(default=None, ge=1, lt=10**10)  # the SEC's number of whoever files
    attributes: dict[AttributeName, Attribute] = Field(default_factory=dict)

    @field_validator("roles")
    @classmethod
    def _no_repeats(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if len(set(roles)) < len(roles):
            raise ValueError("a role is listed twice")
        return roles

    @property
    def role_words(self) -> tuple[str, ...]:
        """The roles as words, a researcher's own word in the place of "other"."""
        return tuple(
            self.own_role if self.own_role and role is Role.OTHER else role.value
            for role in self.roles
        )

    @property
    def role(self) -> str:
        """The first role, the one a party is grouped by."""
        return self.role_words[0]


def own_exchange(parties: Iterable[Party]) -> str:
    """The exchange of the first party that is listed and takes part.

    New York's where there is none.

    >>> own_exchange([Party(name="Toyota", ticker="7203.T", roles=("reporter",))])
    'XTKS'
    """
    for party in parties:
        if party.ticker and party.roles[0] is not Role.READ_THROUGH:
            return party.exchange or exchange_of(party.ticker)
    return HOME


def own_zone(parties: Iterable[Party]) -> ZoneInfo:
    """The clock there: an instant is on the day that its wall calendar shows."""
    return zone_of(own_exchange(parties))
