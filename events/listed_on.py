"""Where parties trade.

What a user says comes before what the catalog says, and that before the ticker's suffix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from events.clock.exchanges import exchange_of, known_exchange
from events.errors import CatalogError, suggest
from events.record.announcement import Announcement
from events.record.party import Party


def exchange_for(party: Party) -> str:
    """The exchange a listed party trades on.

    >>> exchange_for(Party(name="Vodafone", ticker="VOD", roles=("other",), exchange="XLON"))
    'XLON'
    """
    return party.exchange or exchange_of(party.ticker or "")


def on_exchanges(news: Announcement, exchanges: Mapping[str, str]) -> Announcement:
    """The announcement with the exchanges (ticker -> exchange) written into its parties."""
    named = {party.ticker: exchanges.get(party.ticker or "") for party in news.parties}
    if not any(named.values()):
        return news
    parties = tuple(
        party.model_copy(update={"exchange": own}) if (own := named[party.ticker]) else party
        for party in news.parties
    )
    return news.model_copy(update={"parties": parties})


def checked_exchanges(given: Mapping[str, str], tickers: Collection[str]) -> dict[str, str]:
    """Exchanges by ticker as calendars know them.

    Raises `CalendarError` for an unknown exchange, `CatalogError` for a ticker nobody has.
    """
    for ticker in given:
        if ticker not in tickers:
            near = suggest(ticker, tickers) or "; name a ticker of the announcements"
            raise CatalogError(f"no party has the ticker '{ticker[:40]}'{near}")
    return {ticker: known_exchange(name) for ticker, name in given.items()}
