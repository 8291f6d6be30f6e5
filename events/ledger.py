"""What one party has committed to another, announcement by announcement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from events.catalog import Catalog
from events.record.amount import Amount
from events.record.announcement import Announcement, Later
from events.record.instant import local_date
from events.record.vocabulary import Kind, LaterOutcome, Relation

INVESTMENT = {Kind.EQUITY_INVESTMENT, Kind.ACQUISITION, Kind.FINANCING, Kind.IPO}
_TAKEN_BACK = {
    Relation.ENDS,
    Relation.AMENDS,
}  # the later announcement's own sum stands in the place of the earlier
COLUMNS = (
    "payer",
    "payee",
    "nature",
    "event_id",
    "announced_at",
    "kind",
    "qualifier",
    "amount_usd",
    "firm_usd",
    "optional_usd",
    "cumulative_usd",
    "stated_total_usd",
    "amount_over_market_value",
)
_WHEN = COLUMNS.index("announced_at")


def ledger(catalog: Catalog, as_of: date | None = None) -> pd.DataFrame:
    """List every commitment with payer and payee, in catalog order, and add up by pair.

    Columns: payer, payee, nature (`purchase` or `investment`, added up apart), event_id,
    announced_at, kind, qualifier, amount_usd, firm_usd, optional_usd, cumulative_usd (of the pair
    so far), stated_total_usd (the running total the announcement itself gives) and
    amount_over_market_value (of the payee, where its attribute `market_value_usd` is given). All
    sums in dollars, NaN unknown. An announcement that ends or amends an earlier one takes the
    earlier sum back first: a row with a negative amount.

    Without `as_of` the ledger holds what was announced, as it was announced. With it, it holds
    what was known at the end of that day: announcements up to it, and their later facts, each as
    rows of its own day and kind: the announced sum is taken back and the later one put in its
    place (nothing, where it was cancelled). Where several pay, a later sum has no known split, and
    the announced rows stay. The rows are then in the order of the days.

    >>> table = ledger(Catalog.bundled())
    >>> meta = table[(table["payer"] == "Meta Platforms") & (table["payee"] == "CoreWeave")]
    >>> (meta["cumulative_usd"] / 1e9).round(1).tolist()
    [14.2, 35.2]
    """
    dated = as_of is not None
    curated = catalog.held.curated
    rows = [row for news in curated for row in _rows(news, catalog, dated)]
    if as_of is not None:
        rows += [row for news in curated for row in _later_rows(news, catalog)]
        rows = [row for row in rows if local_date(row[_WHEN]) <= as_of]
        rows.sort(key=lambda row: local_date(row[_WHEN]))
    frame = pd.DataFrame(
        rows, columns=pd.Index([name for name in COLUMNS if name != "cumulative_usd"])
    )
    sums = [
        "amount_usd",
        "firm_usd",
        "optional_usd",
        "stated_total_usd",
        "amount_over_market_value",
    ]
    frame[sums] = frame[sums].astype("float64")
    frame["cumulative_usd"] = frame.groupby(["payer", "payee", "nature"], sort=False)[
        "amount_usd"
    ].cumsum()
    return frame[list(COLUMNS)]


def with_ledger(events: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Add to a table of events what the ledger knows of its announcement, for use in regressions.

    `cumulative_usd` is what the announcement brings its pair to; where it has several payers, their
    sum.
    """
    table = ledger(catalog)
    after = table[table["amount_usd"] > 0].groupby("event_id")
    known = pd.DataFrame(
        {
            "cumulative_usd": after["cumulative_usd"].sum(),
            "amount_over_market_value": after["amount_over_market_value"].sum(min_count=1),
        }
    )
    return events.join(known, on="event_id")


def chain_total(news: Announcement, catalog: Catalog) -> float:
    """Sum an announcement and all it adds to, directly or through others.

    NaN where an amount is missing.
    """
    return sum((_usd(catalog[name]) for name in sorted(_chain(news, catalog))), start=_usd(news))


def _chain(news: Announcement, catalog: Catalog) -> set[str]:
    found: set[str] = set()
    waiting = [news]
    while waiting:
        for link in waiting.pop().links:
            if (
                link.relation is Relation.ADDS_TO
                and link.to in catalog
                and link.to not in found | {news.id}
            ):
                found.add(link.to)
                waiting.append(catalog[link.to])
    return found


def _usd(news: Announcement) -> float:
    if news.amount:
        return news.amount.usd
    return float("nan")


def _rows(news: Announcement, catalog: Catalog, dated: bool) -> Iterator[tuple[Any, ...]]:
    for link in news.links:
        if link.relation in _TAKEN_BACK and link.to in catalog:
            earlier = catalog[link.to]
            if dated:  # what is taken back is the sum that stood by then
                for fact in _moving(earlier, catalog):
                    if fact.on <= local_date(news.announced_at):
                        earlier = _changed(earlier, fact)
            yield from _payments(earlier, said_in=news, sign=-1.0)
    yield from _payments(news, said_in=news, sign=1.0)


def _later_rows(news: Announcement, catalog: Catalog) -> Iterator[tuple[Any, ...]]:
    """Take back what stood and put the later sum in its place, fact by fact."""
    standing = news
    for fact in _moving(news, catalog):
        changed = _changed(standing, fact)
        said_in = news.model_copy(
            update={"announced_at": fact.on, "kind": Kind.OTHER, "own_kind": fact.kind.value}
        )
        yield from _payments(standing, said_in=said_in, sign=-1.0)
        yield from _payments(changed, said_in=said_in, sign=1.0)
        standing = changed


def _moving(news: Announcement, catalog: Catalog) -> list[Later]:
    """The later facts that move a sum, in order.

    An end that an announcement tells is told there.
    """
    if news.amount is None or news.amount.shares:
        return []
    told = any(
        link.to == news.id and link.relation in _TAKEN_BACK
        for other in catalog.held.curated
        for link in other.links
    )
    moving = [
        fact
        for fact in news.later
        if (fact.kind is LaterOutcome.CANCELLED and not told)
        or (fact.kind is not LaterOutcome.CANCELLED and fact.amount_usd is not None)
    ]
    return sorted(moving, key=lambda fact: fact.on)


def _changed(news: Announcement, fact: Later) -> Announcement:
    """The announcement with the sum of a later fact that moves one."""
    if fact.kind is LaterOutcome.CANCELLED or fact.amount_usd is None or news.amount is None:
        return news.model_copy(update={"amount": None})
    amount = Amount(usd=fact.amount_usd, payer=news.amount.payer, payee=news.amount.payee)
    return news.model_copy(update={"amount": amount})


def _payments(news: Announcement, said_in: Announcement, sign: float) -> Iterator[tuple[Any, ...]]:
    amount = news.amount
    for payer, payee, usd in amount.payments if amount else ():
        whole = amount is not None and not amount.shares
        yield (
            payer,
            payee,
            "investment" if news.kind in INVESTMENT else "purchase",
            said_in.id,
            said_in.announced_at,
            said_in.kind_word,
            amount.qualifier.value if amount else "",
            sign * usd,
            sign * amount.firm_usd if amount and amount.firm_usd and whole else None,
            sign * amount.optional_usd if amount and amount.optional_usd and whole else None,
            amount.total_usd if amount and sign > 0 else None,
            sign * usd / market if (market := _market_value(news, payee)) else None,
        )


def _market_value(news: Announcement, name: str) -> float | None:
    values = [
        party.attributes.get("market_value_usd") for party in news.parties if party.name == name
    ]
    if values and isinstance(values[0], int | float) and values[0] > 0:
        return float(values[0])
    return None
