"""What a ticker may look like; anything else never becomes a file name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backtest.errors import PriceError
from events.record import text

# Letters and digits, an index mark (^IXIC), share classes (BRK-B), exchange suffixes (9984.T),
# rates (EURUSD=X), and an underscore, which catalogs have too (ABC_D).
_TICKER = re.compile(r"\^?[A-Za-z0-9]{1,12}(?:[._\-=][A-Za-z0-9]{1,6}){0,2}")
_SHARE_CLASS = re.compile(r"[A-Za-z]{1,5}[.\-][A-Za-z]")
_NAMED = 5  # tickers that a line lists


def is_ticker(ticker: str) -> bool:
    """Whether it can be one: prices of anything else are nowhere.

    >>> is_ticker("BRK-B"), is_ticker("Meta Platforms")
    (True, False)
    """
    return _TICKER.fullmatch(ticker) is not None


def checked(ticker: str) -> str:
    """The ticker itself, or `PriceError` if it cannot be one.

    >>> checked("BRK-B")
    'BRK-B'
    """
    if not is_ticker(ticker):
        raise PriceError(f"{ticker!r} is not a ticker; examples: META, BRK-B, ^IXIC, 9984.T")
    return ticker


def ticker_names(tickers: object) -> tuple[str, ...]:
    """Tickers as a tuple of names; `PriceError` for one text, whose letters would be read.

    >>> ticker_names(["META", "SPY"])
    ('META', 'SPY')
    """
    if isinstance(tickers, str):
        raise PriceError(f"tickers is the text {tickers[:40]!r}; write a list: [{tickers[:40]!r}]")
    if isinstance(tickers, Iterable):
        names = tuple(tickers)
    else:
        names = (tickers,)
    for name in names:
        if not isinstance(name, str):
            raise PriceError(f"tickers: {name!r} is no ticker; write ['META', 'SPY']")
    return names


def names_in(wanted: Iterable[str], there: Iterable[str]) -> dict[str, str]:
    """The name that a source has each ticker by, of those it has.

    Itself, or with the other sign of a share class, or in other letters (`meta`), where only one
    fits. Raises `PriceError` where two do.

    >>> names_in(["BRK.B", "META", "XYZ"], ["BRK-B", "meta"])
    {'BRK.B': 'BRK-B', 'META': 'meta'}
    """
    names, letters = set(there), dict[str, list[str]]()
    for name in sorted(names):
        letters.setdefault(name.casefold(), []).append(name)
    found = {}
    for ticker in wanted:
        ways = [one for one in (ticker, other_spelling(ticker)) if one in names]
        ways = ways[:1] or letters.get(ticker.casefold(), [])
        if len(ways) > 1:
            raise PriceError(
                f"{ticker} may be {' or '.join(ways)}, which differ by case alone; "
                "write it as the prices have it"
            )
        if ways:
            found[ticker] = ways[0]
    return found


def wanted_of(tickers: Iterable[str] | None, there: Iterable[str], where: str) -> dict[str, str]:
    """The tickers to read, sorted, each with its name in the source: BRK.B is also found as BRK-B.

    A ticker nobody has is left out, unless nothing is left then: that is a `PriceError`.

    >>> wanted_of(["BRK.B", "META", "XYZ"], ["BRK-B", "META"], "here")
    {'BRK.B': 'BRK-B', 'META': 'META'}
    """
    names = set(there)
    asked = sorted(set(map(_as_catalogs_have, names if tickers is None else tickers)))
    found = names_in(asked, names)
    if not found:
        has = ", ".join(sorted(names)[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        raise PriceError(f"{where} has none of the tickers {', '.join(asked)}; it has {has}")
    return found


def _as_catalogs_have(name: str) -> str:
    """A name of a panel, which never becomes a file's, so that "Adobe Systems" is one."""
    try:
        return text.ticker(name)
    except ValueError as error:
        raise PriceError(str(error)) from None


def other_spelling(ticker: str) -> str:
    """A share class with the other sign, as vendors differ; any other ticker as it is."""
    if _SHARE_CLASS.fullmatch(ticker) is None:
        return ticker
    if "." in ticker:
        return ticker.replace(".", "-")
    return ticker.replace("-", ".")
