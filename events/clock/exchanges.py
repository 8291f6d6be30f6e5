"""Which exchange a ticker trades on, read from its suffix, and that exchange's sessions.

The suffixes are Yahoo's ("Exchanges and data providers on Yahoo Finance",
help.yahoo.com/kb/SLN2310); the codes are the market identifiers of ISO 10383 under which
`exchange_calendars` keeps hours and holidays. Where it has no calendar for a market, the one whose
hours and holidays the market keeps stands in: KOSDAQ trades as KRX, NSE of India as BSE (XBOM),
Munich and Berlin as Frankfurt.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from events.clock.sessions import DateLike, Sessions, calendar_names, calendar_zone
from events.errors import CalendarError, suggest

HOME = "XNYS"  # a ticker without a suffix
MONEY = "24/5"  # rates between currencies, as JPYUSD=X: Monday to Friday
ALWAYS = "24/7"  # what never closes: its days are those of UTC

BY_SUFFIX = {
    # Europe
    "L": "XLON", "IL": "XLON", "IR": "XDUB",
    "DE": "XETR", "F": "XFRA", "MU": "XFRA", "BE": "XFRA",
    "DU": "XDUS", "HM": "XHAM", "SG": "XSTU",
    "PA": "XPAR", "AS": "XAMS", "BR": "XBRU", "LS": "XLIS",
    "MI": "XMIL", "MC": "XMAD", "SW": "XSWX", "VI": "XWBO",
    "ST": "XSTO", "CO": "XCSE", "HE": "XHEL", "OL": "XOSL", "IC": "XICE",
    "WA": "XWAR", "PR": "XPRA", "BD": "XBUD", "IS": "XIST",
    # Asia and the Pacific
    "T": "XTKS", "HK": "XHKG", "TW": "XTAI", "KS": "XKRX", "KQ": "XKRX",
    "SS": "XSHG", "SZ": "XSHG", "SI": "XSES", "KL": "XKLS", "BK": "XBKK", "JK": "XIDX",
    "NS": "XBOM", "BO": "XBOM", "AX": "XASX", "NZ": "XNZE",
    # the Americas, Africa, the Middle East
    "TO": "XTSE", "V": "XTSE", "NE": "XTSE", "MX": "XMEX", "SA": "BVMF", "SN": "XSGO", "BA": "XBUE",
    "JO": "XJSE", "TA": "XTAE", "SR": "XSAU",
}  # fmt: skip
# The money shares are quoted in (ISO 4217). London's are quoted in pence: returns do not show it.
CURRENCY = {
    "XNYS": "USD", "XNAS": "USD", "XLON": "GBP", "XDUB": "EUR", "XETR": "EUR", "XFRA": "EUR",
    "XDUS": "EUR", "XHAM": "EUR", "XSTU": "EUR", "XPAR": "EUR", "XAMS": "EUR", "XBRU": "EUR",
    "XLIS": "EUR", "XMIL": "EUR", "XMAD": "EUR", "XSWX": "CHF", "XWBO": "EUR", "XSTO": "SEK",
    "XCSE": "DKK", "XHEL": "EUR", "XOSL": "NOK", "XICE": "ISK", "XWAR": "PLN", "XPRA": "CZK",
    "XBUD": "HUF", "XIST": "TRY", "XTKS": "JPY", "XHKG": "HKD", "XTAI": "TWD", "XKRX": "KRW",
    "XSHG": "CNY", "XSES": "SGD", "XKLS": "MYR", "XBKK": "THB", "XIDX": "IDR", "XBOM": "INR",
    "XASX": "AUD", "XNZE": "NZD", "XTSE": "CAD", "XMEX": "MXN", "BVMF": "BRL", "XSGO": "CLP",
    "XBUE": "ARS", "XJSE": "ZAR", "XTAE": "ILS", "XSAU": "SAR",
}  # fmt: skip
_MONEY = ("-USD", "-USDT", "-EUR", "-GBP", "-BTC")  # a pair of coins: BTC-USD
ZONES = {
    "XNYS": "America/New_York", "XNAS": "America/New_York", "XLON": "Europe/London",
    "XDUB": "Europe/Dublin", "XETR": "Europe/Berlin", "XFRA": "Europe/Berlin",
    "XDUS": "Europe/Berlin", "XHAM": "Europe/Berlin", "XSTU": "Europe/Berlin",
    "XPAR": "Europe/Paris", "XAMS": "Europe/Amsterdam", "XBRU": "Europe/Brussels",
    "XLIS": "Europe/Lisbon", "XMIL": "Europe/Rome", "XMAD": "Europe/Madrid",
    "XSWX": "Europe/Zurich", "XWBO": "Europe/Vienna", "XSTO": "Europe/Stockholm",
    "XCSE": "Europe/Copenhagen", "XHEL": "Europe/Helsinki", "XOSL": "Europe/Oslo",
    "XICE": "Atlantic/Reykjavik", "XWAR": "Europe/Warsaw", "XPRA": "Europe/Prague",
    "XBUD": "Europe/Budapest", "XIST": "Europe/Istanbul", "XTKS": "Asia/Tokyo",
    "XHKG": "Asia/Hong_Kong", "XTAI": "Asia/Taipei", "XKRX": "Asia/Seoul", "XSHG": "Asia/Shanghai",
    "XSES": "Asia/Singapore", "XKLS": "Asia/Kuala_Lumpur", "XBKK": "Asia/Bangkok",
    "XIDX": "Asia/Jakarta", "XBOM": "Asia/Kolkata", "XASX": "Australia/Sydney",
    "XNZE": "Pacific/Auckland", "XTSE": "America/Toronto", "XMEX": "America/Mexico_City",
    "BVMF": "America/Sao_Paulo", "XSGO": "America/Santiago",
    "XBUE": "America/Argentina/Buenos_Aires", "XJSE": "Africa/Johannesburg",
    "XTAE": "Asia/Jerusalem", "XSAU": "Asia/Riyadh", "24/7": "UTC", "24/5": "UTC",
}  # fmt: skip


def exchange_of(ticker: str) -> str:
    """The calendar a ticker trades on, as `Sessions.exchange` knows it.

    XNYS without a known suffix.

    >>> exchange_of("7203.T"), exchange_of("BTC-USD"), exchange_of("BRK-B"), exchange_of("BRK.B")
    ('XTKS', '24/7', 'XNYS', 'XNYS')
    """
    name = ticker.upper()
    if name.endswith(_MONEY):
        return ALWAYS
    if name.endswith("=X"):
        return MONEY
    _, dot, suffix = name.rpartition(".")
    if dot:
        return BY_SUFFIX.get(suffix, HOME)
    return HOME


def known_exchange(name: str) -> str:
    """The exchange a user named, as a calendar knows it.

    `CalendarError` names the nearest for a miss.

    >>> known_exchange("xlon"), known_exchange("24/7")
    ('XLON', '24/7')
    """
    names = calendar_names()
    found = next((one for one in (name, name.upper()) if one in names), None)
    if found is None:
        near = suggest(name.upper(), names) or " (examples: XNYS, XLON, XETR, XTKS, 24/7)"
        raise CalendarError(f"no exchange '{name[:40]}'{near}")
    return names[found]


def zone_of(exchange: str) -> ZoneInfo:
    """The clock on an exchange's wall; raises `CalendarError` for one that no calendar knows.

    >>> zone_of("XTKS").key, zone_of(HOME).key
    ('Asia/Tokyo', 'America/New_York')
    """
    return ZoneInfo(ZONES.get(exchange) or calendar_zone(known_exchange(exchange)))


def currency_of(ticker: str, exchange: str) -> str:
    """The currency of a ticker's prices, by its exchange.

    By its own name for a pair; "" if unknown.

    >>> currency_of("7203.T", "XTKS"), currency_of("BTC-EUR", "24/7")
    ('JPY', 'EUR')
    """
    if exchange == ALWAYS:
        return ticker.upper().rpartition("-")[2].replace("USDT", "USD")
    return CURRENCY.get(exchange, "")


def exchanges_of(given: Mapping[str, str]) -> dict[str, str]:
    """A mapping of tickers to exchanges, checked; `CalendarError` for a name no calendar knows."""
    return {ticker: known_exchange(name) for ticker, name in given.items()}


def sessions_of(ticker: str, start: DateLike, end: DateLike) -> Sessions:
    """The sessions of the ticker's exchange from `start` to `end`, both included.

    Raises `CalendarError` for a span without a session.

    >>> sessions_of("VOD.L", "2026-04-02", "2026-04-07")
    <Sessions XLON: 2, 2026-04-02 to 2026-04-07>
    """
    return Sessions.exchange(exchange_of(ticker), start, end)
