"""A catalog as tables.

One row an announcement, or one row an event (announcement x party ticker).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from events.record.announcement import Announcement
from events.record.columns import EVENT_COLUMNS
from events.record.party import Party


def event_rows(
    announcements: Iterable[Announcement], wanted: Callable[[Party], bool]
) -> pd.DataFrame:
    """Give one row per announcement and listed party, in catalog order, then party order.

    Columns: those of `EVENT_COLUMNS` (`amount_usd` in dollars, NaN unknown; `announced_at` datetime
    or date objects; `not_before` and `not_after` datetime or None), then every attribute any party
    has.
    """
    rows: list[tuple[Any, ...]] = []
    attributes: list[dict[str, Any]] = []
    for news in announcements:
        for party in news.parties:
            if party.ticker is not None and wanted(party):
                rows.append(_event(news, party))
                attributes.append(party.attributes)
    frame = pd.DataFrame(rows, columns=pd.Index(EVENT_COLUMNS)).astype({"amount_usd": "float64"})
    for name in ("announced_at", "not_before", "not_after"):
        at = EVENT_COLUMNS.index(name)
        frame[name] = pd.Series([row[at] for row in rows], dtype=object)
    if any(attributes):
        extra = pd.DataFrame(attributes, index=frame.index)
    else:
        extra = pd.DataFrame(index=frame.index)
    return frame.join(extra)


def announcement_rows(announcements: Iterable[Announcement]) -> pd.DataFrame:
    """Give one row per announcement, for reading and listing."""
    columns = {
        "id": str,
        "announced_at": object,
        "timing": str,
        "kind": str,
        "headline": str,
        "tickers": str,
        "amount_usd": float,
        "amount_qualifier": str,
        "confidence": str,
    }
    rows = [_announcement(news) for news in announcements]
    return pd.DataFrame(rows, columns=pd.Index(columns)).astype(columns)


def _event(news: Announcement, party: Party) -> tuple[Any, ...]:
    return (
        news.id,
        party.ticker,
        party.role,
        ";".join(party.role_words),
        news.kind_word,
        news.announced_at,
        news.timing.value,
        news.headline,
        _amount(news)[0],
        news.not_before and news.not_before.at,
        news.not_after and news.not_after.at,
    )


def _announcement(news: Announcement) -> tuple[Any, ...]:
    return (
        news.id,
        news.announced_at,
        news.timing.value,
        news.kind_word,
        news.headline,
        ";".join(news.tickers),
        *_amount(news),
        news.confidence.studied.value,
    )


def _amount(news: Announcement) -> tuple[float, str]:
    """The sum in dollars and its qualifier; NaN and nothing where none was named."""
    if news.amount is None:
        return float("nan"), ""
    return news.amount.usd, news.amount.qualifier.value
