"""What can go wrong with work that is spread."""

from __future__ import annotations

from events.errors import ReactionsError


class WorkError(ReactionsError):
    """Work cannot be spread as asked, or its workers end again and again."""
