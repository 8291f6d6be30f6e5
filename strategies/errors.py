"""What can be wrong with a strategy."""

from __future__ import annotations

from events.errors import ReactionsError


class StrategyError(ReactionsError):
    """A strategy cannot be found, set up or trusted."""
