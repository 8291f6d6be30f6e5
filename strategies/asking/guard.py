"""No order before its news: the last check between a strategy and the market."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading import Order
from backtest.trading.orders import MOMENTS, At, by_leg
from backtest.trading.reconcile import COLUMNS, told
from events.errors import suggest
from strategies.base import Strategy, entry_session, rows
from strategies.errors import StrategyError

WHY = "before the news was public"
NEVER = "the news became public after the last {} of these prices, or before the first"


def check_names(
    strategy: Strategy, orders: Sequence[Order], events: pd.DataFrame, prices: Prices
) -> None:
    """Refuse orders of no event, of no ticker, or two of one position at one moment.

    An order that names no event would go around `only_public`: nobody could say whether it came
    before its news. Raises `StrategyError`.
    """
    known, tickers = set(events["event_id"]), set(prices.tickers)
    for order in orders:
        if order.event_id not in known:
            raise StrategyError(
                f"strategy {strategy.name} sent an order of '{order.event_id:.120}', and no event "
                f"it was given has that event_id{suggest(order.event_id, map(str, known))}"
            )
        if order.ticker not in tickers:
            raise StrategyError(
                f"strategy {strategy.name} sent an order of {order.event_id} in "
                f"'{order.ticker:.60}', which has no prices{suggest(order.ticker, tickers)}"
            )
    try:
        by_leg(orders)
    except TradingError as error:
        raise StrategyError(f"strategy {strategy.name}: {error}") from None


def only_public(orders: Sequence[Order], events: pd.DataFrame) -> tuple[list[Order], pd.DataFrame]:
    """The orders one could have sent, and a table of those one could not.

    An order of an event of the table waits for its first open or close; other orders (yardsticks)
    are not of an event.
    """
    first = {
        (event.event_id, at): entry_session(event, at)
        for event in rows(events.drop_duplicates("event_id"))
        for at in MOMENTS
    }
    reasons = [_why_not(order, first) for order in orders]
    allowed = [order for order, why in zip(orders, reasons, strict=True) if not why]
    early = [_refused(order, why) for order, why in zip(orders, reasons, strict=True) if why]
    return allowed, pd.DataFrame(early, columns=COLUMNS)


def _why_not(order: Order, first: dict[tuple[str, At], pd.Timestamp]) -> str:
    public = first.get((order.event_id, order.at), order.session)
    if pd.isna(public):
        return NEVER.format(order.at)
    if order.session < public:
        return WHY
    return ""


def _refused(order: Order, why: str) -> tuple[object, ...]:
    return (*told(order), "refused", why, pd.NaT, "", float("nan"), 0.0)
