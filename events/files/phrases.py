"""Short forms a person types when adding an announcement: `META:customer`, `up to $14.2bn`, `2026-04-09 08:00 ET`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from events.errors import CatalogError, suggest
from events.record.instant import with_offset
from events.record.vocabulary import Qualifier, Relation, Role

_AMOUNT = re.compile(
    r"(?:(?P<how>about|up to|at least|at most|exactly|reported)\s+)?\$?\s*(?P<number>\d[\d.,_]*)\s*(?P<unit>[a-z]*)",
    re.I,
)
_UNITS = {
    "": 1.0,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trillion": 1e12,
}
_PARTY = re.compile(r"(?P<who>[^:()]+?)\s*(?:\((?P<ticker>[^()]+)\))?\s*:\s*(?P<roles>.+)")
_EASTERN = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[ T](?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s*ET", re.I
)


def party(text: str, names: dict[str, str]) -> dict[str, Any]:
    """Read `META:customer`, `OpenAI:customer,investor` or `CoreWeave (CRWV): supplier`.

    `names` maps known tickers to names; either side of it is enough.

    >>> party("META: customer", {"META": "Meta Platforms"})
    {'name': 'Meta Platforms', 'ticker': 'META', 'roles': ('customer',)}
    """
    found = _PARTY.fullmatch(text.strip())
    if not found:
        raise CatalogError(
            f"party '{text[:60]}': write TICKER:role or NAME (TICKER):role, as in META:customer"
        )
    who, symbol = found["who"].strip(), found["ticker"]
    tickers = {name.lower(): ticker for ticker, name in names.items()}
    symbol = symbol or (who if who in names else tickers.get(who.lower()))
    if symbol is None and re.fullmatch(r"[A-Z]{1,5}(?:[.-][A-Z]+)?", who):
        symbol = who
    name = names.get(who) or (names.get(symbol, who) if symbol and who == symbol else who)
    roles = tuple(
        _one_of(word.strip(), Role, f"party '{text[:60]}'") for word in found["roles"].split(",")
    )
    return {"name": name} | ({"ticker": symbol} if symbol else {}) | {"roles": roles}


def amount(text: str) -> dict[str, Any]:
    """Read a sum with its qualifier.

    >>> amount("up to $14.2bn")
    {'usd': 14200000000.0, 'qualifier': 'up_to'}
    """
    found = _AMOUNT.fullmatch(text.strip())
    unit = _UNITS.get(found["unit"].lower()) if found else None
    if not found or unit is None:
        raise CatalogError(
            f"amount '{text[:60]}': write a sum such as 21bn, up to $14.2bn or about 350m"
        )
    number = round(float(found["number"].replace(",", "").replace("_", "")) * unit, 2)
    how = (found["how"] or "exactly").lower().replace(" ", "_")
    return {"usd": number, "qualifier": Qualifier.EXACT.value if how == "exactly" else how}


def link(text: str) -> dict[str, Any]:
    """Read `ID` or `ID:relation`.

    >>> link("2025-09-30-meta-coreweave-14p2bn:adds_to")
    {'to': '2025-09-30-meta-coreweave-14p2bn', 'relation': 'adds_to'}
    """
    to, _, relation = text.strip().partition(":")
    return {"to": to} | (
        {"relation": _one_of(relation, Relation, f"link '{text[:60]}'")} if relation else {}
    )


def source(text: str) -> dict[str, Any]:
    """Read a web address, named by its host.

    >>> source("https://www.example.org/release")["name"]
    'example.org'
    """
    host = re.sub(r"^https?://(?:www\.)?|/.*$", "", text.strip())
    return {"name": host or text, "url": text.strip()}


def announced_at(text: str) -> str:
    """Give New York wall-clock time ("ET") its offset; leave everything else as it is.

    >>> announced_at("2026-04-09 08:00 ET")
    '2026-04-09T08:00:00-04:00'
    """
    found = _EASTERN.fullmatch(text.strip())
    if not found:
        return text.strip()
    try:
        return with_offset(datetime.fromisoformat(f"{found['day']}T{found['clock']:0>5}"))
    except ValueError:
        raise CatalogError(f"announced_at '{text}': no such time") from None


def _one_of(word: str, words: type[Role] | type[Relation], where: str) -> str:
    known = [one.value for one in words]
    if word not in known:
        raise CatalogError(
            f"{where}: '{word[:40]}' is none of {', '.join(known)}{suggest(word, known)}"
        )
    return word
