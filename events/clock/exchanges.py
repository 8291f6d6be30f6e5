"""Which exchange a ticker trades on, read from its suffix, and that exchange's sessions.

The suffixes are Yahoo's ("Exchanges and data providers on Yahoo Finance", help.yahoo.com/kb/SLN2310);
the codes are the market identifiers of ISO 10383 under which `exchange_calendars` keeps hours and
holidays. Where it has no calendar for a market, the one whose hours and holidays the market keeps
stands in: KOSDAQ trades as KRX, NSE of India as BSE (XBOM), Munich and Berlin as Frankfurt.
"""

from __future__ import annotations

from events.clock.sessions import DateLike, Sessions

HOME = "XNYS"  # a ticker without a suffix
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
_MONEY = ("-USD", "-USDT", "-EUR", "-GBP", "-BTC")  # a pair of coins: BTC-USD


def exchange_of(ticker: str) -> str:
    """The calendar a ticker trades on, as `Sessions.exchange` knows it; XNYS without a known suffix.

    >>> exchange_of("7203.T"), exchange_of("BTC-USD"), exchange_of("BRK-B"), exchange_of("BRK.B")
    ('XTKS', '24/7', 'XNYS', 'XNYS')
    """
    name = ticker.upper()
    if name.endswith(_MONEY):
        return ALWAYS
    _, dot, suffix = name.rpartition(".")
    return BY_SUFFIX.get(suffix, HOME) if dot else HOME


def sessions_of(ticker: str, start: DateLike, end: DateLike) -> Sessions:
    """The sessions of the ticker's exchange from `start` to `end`, both included.

    Raises `CalendarError` for a span without a session.

    >>> sessions_of("VOD.L", "2026-04-02", "2026-04-07")
    <Sessions XLON: 2, 2026-04-02 to 2026-04-07>
    """
    return Sessions.exchange(exchange_of(ticker), start, end)
