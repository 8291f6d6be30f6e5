"""Filings and feeds that could be announcements: found, dated, and drafted."""

from __future__ import annotations

from events.discover.discovery import Discovery, discover

__all__ = ["Discovery", "discover"]
