"""What can be wrong with prices, a study or a simulation."""

from __future__ import annotations

from events.errors import ReactionsError


class PriceError(ReactionsError):
    """Prices cannot be read, fetched or used."""


class StudyError(ReactionsError):
    """An event study cannot be run as asked."""


class TradingError(ReactionsError):
    """Orders or costs cannot be simulated as asked."""
