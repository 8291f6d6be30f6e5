"""Words for numbers and sums of money, for whoever prints them."""

from __future__ import annotations

import math

from events.record.amount import Amount

# from which sum on a unit is used: what four digits would round to a thousand of the one before it
_UNITS = ((0.99995e12, 1e12, "tn"), (0.99995e9, 1e9, "bn"), (1e6, 1e6, "m"))


def count(n: int, thing: str, many: str = "") -> str:
    """A number of things.

    >>> count(1, "event"), count(3, "event")
    ('1 event', '3 events')
    """
    return f"{n:,} {thing if n == 1 else many or thing + 's'}"


def plain(word: str) -> str:
    """A word of the catalog as people write it: read_through -> read-through.

    >>> plain("capacity_contract")
    'capacity contract'
    """
    if word == "read_through":
        return "read-through"
    return word.replace("_", " ")


def dollars(value: float | None) -> str:
    """A sum of money in words.

    >>> dollars(21e9), dollars(-4.25e9), dollars(None)
    ('$21bn', '−$4.25bn', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    if value <= -0.5:  # what adding and taking back leaves of a cent is nothing
        return f"−{dollars(-value)}"
    return f"${_short(max(value, 0.0))}"


def amount_in_words(amount: Amount) -> str:
    """Say a sum with its range, who pays it to whom, its parts and the currency it was told in.

    >>> amount_in_words(Amount(usd=27e9, qualifier="up_to", firm_usd=12e9, optional_usd=15e9))
    'up to $27bn ($12bn firm; $15bn optional)'
    >>> amount_in_words(Amount(usd=3e9, high_usd=4e9, payer="Meta", payee="CoreWeave"))
    '$3bn to $4bn, Meta to CoreWeave'
    """
    return f"{_size(amount)}{_sides(amount)}{_parts(amount)}{_told_in(amount)}"


def _size(amount: Amount) -> str:
    if amount.high_usd:
        return f"{dollars(amount.usd)} to {dollars(amount.high_usd)}"
    if amount.qualifier.value == "exact":
        return dollars(amount.usd)
    return f"{amount.qualifier.value.replace('_', ' ')} {dollars(amount.usd)}"


def _sides(amount: Amount) -> str:
    if not amount.payee:
        return ""
    if amount.shares:
        shares = " and ".join(f"{one.payer} {dollars(one.usd)}" for one in amount.shares)
        return f", {shares} to {amount.payee}"
    if amount.payer:
        return f", {amount.payer} to {amount.payee}"
    return ""


def _parts(amount: Amount) -> str:
    parts = {"firm": amount.firm_usd, "optional": amount.optional_usd, "in all": amount.total_usd}
    told = [f"{dollars(usd)} {word}" for word, usd in parts.items() if usd]
    if told:
        return f" ({'; '.join(told)})"
    return ""


def _told_in(amount: Amount) -> str:
    """The sum in the currency it was announced in, and the rate it was turned by."""
    if not (amount.currency and amount.local):
        return ""
    local = f"{amount.currency} {_short(amount.local)}"
    if not amount.rate:
        return f" ({local})"
    on = ""
    if amount.rate_on:
        on = f" of {amount.rate_on}"
    return f" ({local} at {amount.rate} dollars{on})"


def _short(value: float) -> str:
    for least, size, unit in _UNITS:
        if value >= least:
            return f"{value / size:.4g}{unit}"
    return f"{value:,.0f}"
