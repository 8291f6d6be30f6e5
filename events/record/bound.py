"""An edge of the time in which an announcement became public, and how that edge is known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from events.record.base import Fact
from events.record.instant import local_date, moment
from events.record.text import Line, Url


def _instant(value: object) -> datetime:
    found = moment(value)
    if not isinstance(found, datetime):
        raise ValueError(f"an instant with its offset is wanted (write {found}T08:00:00-04:00)")
    return found


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Bound(Fact):
    """It was public not before, or not after, this instant; `basis` says how that is known.

    A filing's acceptance, a wire's stamp, an article that quotes it, a quote before the open, a
    video's start.

    >>> Bound(at="2026-04-09T08:30:00-04:00", basis="Acceptance of the 8-K").at.hour
    8
    """

    at: Instant
    basis: Line
    url: Url | None = None


def outside(announced_at: date | datetime, low: Bound | None, high: Bound | None) -> str:
    """What is impossible about the edges of an announcement; empty where nothing is.

    A date may be that of New York or that of the place whose offset an edge is written with.
    """
    if low and high and low.at > high.at:
        return f"not_before {low.at.isoformat()} is after not_after {high.at.isoformat()}"
    if not isinstance(announced_at, datetime):
        if high and max(_dates(high)) < announced_at:
            return f"not_after {high.at.isoformat()} is before announced_at {announced_at}"
        if low and min(_dates(low)) > announced_at:
            return f"not_before {low.at.isoformat()} is after announced_at {announced_at}"
        return ""
    if low and announced_at < low.at:
        return f"announced_at {announced_at.isoformat()} is before not_before {low.at.isoformat()}"
    if high and announced_at > high.at:
        return f"announced_at {announced_at.isoformat()} is after not_after {high.at.isoformat()}"
    return ""


def _dates(bound: Bound) -> tuple[date, date]:
    """The date of an edge where it was written, and in New York."""
    return bound.at.date(), local_date(bound.at)
