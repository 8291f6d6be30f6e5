"""What was announced, by whom, and when a market could first trade on it."""

from __future__ import annotations

from events.announcement import Announcement
from events.catalog import Catalog
from events.claim import Claim
from events.errors import CalendarError, CatalogError, ReactionsError
from events.party import Party
from events.place import place_events
from events.placement import Placement
from events.sessions import Sessions
from events.vocabulary import Kind, Role, Timing

__all__ = [
    "Announcement",
    "CalendarError",
    "Catalog",
    "CatalogError",
    "Claim",
    "Kind",
    "Party",
    "Placement",
    "ReactionsError",
    "Role",
    "Sessions",
    "Timing",
    "place_events",
]
