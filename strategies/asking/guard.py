"""No order before its news: the last check between a strategy and the market."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.trading import Order
from backtest.trading.reconcile import COLUMNS, told
from strategies.base import entry_session, rows

WHY = "before the news was public"


def only_public(orders: Sequence[Order], events: pd.DataFrame) -> tuple[list[Order], pd.DataFrame]:
    """The orders one could have sent, and a table of those one could not.

    An order of an event of the table waits for its first open or close; other orders (yardsticks)
    are not of an event.
    """
    first: dict[tuple[str, str], pd.Timestamp] = {}
    for event in rows(events.drop_duplicates("event_id")):
        if not pd.isna(event.tradable_open):
            for at in ("open", "close"):
                first[event.event_id, at] = entry_session(event, at)
    late = [
        order.session < first.get((order.event_id, order.at), order.session) for order in orders
    ]
    allowed = [order for order, is_early in zip(orders, late, strict=True) if not is_early]
    early = [_refused(order) for order, is_early in zip(orders, late, strict=True) if is_early]
    return allowed, pd.DataFrame(early, columns=COLUMNS)


def _refused(order: Order) -> tuple[object, ...]:
    return (*told(order), "refused", WHY, pd.NaT, "", float("nan"), 0.0)
