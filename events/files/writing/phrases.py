"""Short forms a person types when adding an announcement.

`META:customer`, `up to $14.2bn`, `2026-04-09 08:00 ET`.
"""

from __future__ import annotations

import re
from typing import Any

from events.errors import CatalogError, suggest
from events.record.vocabulary import Qualifier, Relation, Role

_CURRENCIES = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "nt$": "TWD",
    "hk$": "HKD", "c$": "CAD", "a$": "AUD", "chf": "CHF",
}  # fmt: skip
_MONEY = (
    r"(?P<{0}sign>us\$|nt\$|hk\$|c\$|a\$|[$€£¥₩]|[a-z]{{3}}\b)?\s*"
    r"(?P<{0}number>\d[\d.,_]*)\s*(?P<{0}unit>[a-z]*)"
)
_AMOUNT = re.compile(
    r"(?:(?P<how>about|up to|at least|at most|exactly|reported)\s+)?"
    + _MONEY.format("")
    + r"(?:\s*(?:-|–|to)\s*"
    + _MONEY.format("high_")
    + r")?(?:\s+(?P<after>[a-z]{3}))?"
    r"(?:\s*@\s*(?P<rate>\d*\.?\d+)(?:\s*\((?P<on>\d{4}-\d{2}-\d{2})\))?)?",
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
    if symbol is None and re.fullmatch(r"[A-Z0-9]{1,6}(?:[.-][A-Z]{1,3})?", who):
        symbol = who
    name = names.get(who) or (names.get(symbol, who) if symbol and who == symbol else who)
    roles = tuple(
        _one_of(word.strip(), Role, f"party '{text[:60]}'") for word in found["roles"].split(",")
    )
    return {"name": name} | ({"ticker": symbol} if symbol else {}) | {"roles": roles}


def amount(text: str) -> dict[str, Any]:
    """Read a sum with its qualifier, a range, or a sum in another currency.

    A range keeps its lower end as `usd` and the upper as `high_usd`. A foreign sum needs a rate in
    dollars, `@ 1.08 (2026-05-19)`; without one there is only `currency` and `local`.

    >>> amount("up to $14.2bn")
    {'usd': 14200000000.0, 'qualifier': 'up_to'}
    >>> amount("$3-4bn")
    {'usd': 3000000000.0, 'qualifier': 'at_least', 'high_usd': 4000000000.0}
    >>> amount("€1.2bn @ 1.08 (2026-05-19)")["usd"]
    1296000000.0
    """
    found = _AMOUNT.fullmatch(text.strip())
    currency = ""
    if found:
        currency = _currency(found)
    if not found or not currency:
        raise CatalogError(
            f"amount '{text[:60]}': write a sum such as 21bn, up to $14.2bn, $3-4bn or "
            "€1.2bn @ 1.08 (2026-05-19)"
        )
    how = (found["how"] or "exactly").lower().replace(" ", "_")
    said: dict[str, Any] = {}
    low = _number(found["number"], found["unit"] or found["high_unit"] or "", text)
    if currency == "USD":
        said["usd"] = low
    else:
        said |= {"currency": currency, "local": low}
        if found["rate"]:
            rate = float(found["rate"])
            said |= {"usd": round(low * rate, 2), "rate": rate}
            if found["on"]:
                said |= {"rate_on": found["on"]}
    if how == "exactly":
        said["qualifier"] = Qualifier.EXACT.value
    else:
        said["qualifier"] = how
    if found["high_number"]:
        high = _number(found["high_number"], found["high_unit"] or "", text)
        said |= {"high_usd": round(high * float(found["rate"] or 1), 2)}
        said["qualifier"] = Qualifier.AT_LEAST.value
    return said


def _currency(found: re.Match[str]) -> str:
    """The currency of a sum by its sign or code.

    Dollars where it has neither, nothing where the two part.
    """
    signs = {found[name] for name in ("sign", "high_sign", "after") if found[name]}
    codes = {_CURRENCIES.get(sign.lower(), sign.upper()) for sign in signs}
    if not codes:
        return "USD"
    if len(codes) == 1:
        return codes.pop()
    return ""


def _number(digits: str, unit: str, text: str) -> float:
    if unit.lower() not in _UNITS:
        raise CatalogError(
            f"amount '{text[:60]}': no unit '{unit}'; there are {', '.join(filter(None, _UNITS))}"
        )
    return round(float(digits.replace(",", "").replace("_", "")) * _UNITS[unit.lower()], 2)


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


def _one_of(word: str, words: type[Role] | type[Relation], where: str) -> str:
    known = [one.value for one in words]
    if word not in known:
        raise CatalogError(
            f"{where}: '{word[:40]}' is none of {', '.join(known)}{suggest(word, known)}"
        )
    return word
