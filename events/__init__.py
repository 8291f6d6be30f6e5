"""What was announced, by whom, and when a market could first trade on it."""

from __future__ import annotations

from events.catalog import Catalog
from events.clock.place import PlacedEvents, place_events
from events.clock.placement import Placement
from events.clock.sessions import Sessions
from events.errors import CalendarError, CatalogError, ReactionsError
from events.record.announcement import Announcement
from events.record.claim import Claim
from events.record.party import Party
from events.record.vocabulary import Kind, Role, Timing

__all__ = [
    "Announcement",
    "CalendarError",
    "Catalog",
    "CatalogError",
    "Claim",
    "Kind",
    "Party",
    "PlacedEvents",
    "Placement",
    "ReactionsError",
    "Role",
    "Sessions",
    "Timing",
    "place_events",
]
