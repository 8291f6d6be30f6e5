"""What can be wrong with prices, a study, a simulation, or work that is spread."""

from __future__ import annotations

from events.errors import ReactionsError


class PriceError(ReactionsError):
    """Prices cannot be read, fetched or used.

    >>> from reactions import Prices
    >>> Prices.sample().returns().position("METTA")
    Traceback (most recent call last):
    backtest.errors.PriceError: no prices for 'METTA'; did you mean 'META'?
    """


class StudyError(ReactionsError):
    """An event study cannot be run as asked.

    >>> from reactions import EventStudy, MarketModel, Window
    >>> EventStudy(MarketModel("SPY"), estimation=Window(-250, 0))
    Traceback (most recent call last):
    backtest.errors.StudyError: estimation window [-250,0] reaches into the event windows, ...
    """


class TradingError(ReactionsError):
    """Orders or costs cannot be simulated as asked."""


class WorkError(ReactionsError):
    """Work cannot be spread as asked, or its workers end again and again."""
