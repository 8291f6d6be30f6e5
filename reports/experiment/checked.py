"""Names of an experiment that something outside it knows: exchanges and conventions."""

from __future__ import annotations

from backtest.errors import StudyError
from backtest.study.other.conventions import known_convention
from events.clock.exchanges import known_exchange
from events.errors import CalendarError


def _known(name: str) -> str:
    try:
        return known_exchange(name)
    except CalendarError as error:
        raise ValueError(str(error)) from None


def of_exchanges(given: dict[str, str]) -> dict[str, str]:
    """Check the exchanges that benchmarks are named for."""
    return {_known(name): ticker for name, ticker in given.items()}


def at_exchanges(given: dict[str, str]) -> dict[str, str]:
    """Check the exchanges that tickers are said to trade on."""
    return {ticker: _known(name) for ticker, name in given.items()}


def a_convention(name: str) -> str:
    """Check the name of a convention or a package; none is this project's own."""
    if name:
        try:
            known_convention(name)
        except StudyError as error:
            raise ValueError(str(error)) from None
    return name
