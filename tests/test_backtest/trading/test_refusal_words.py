"""Why an order was refused, cut or late: each sentence on the smallest market that earns it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, simulate

FREE = Costs.none()
NAN = math.nan


def reasons(prices: Prices, *sent: Order, limits: Limits | None = None) -> list[str]:
    """What is said of each order, in the order they were sent."""
    return list(simulate(sent, prices, FREE, limits or Limits()).orders["reason"])


def order(prices: Prices, day: int, at: str, target: float, ticker: str = "A") -> Order:
    return Order("news", ticker, prices.sessions[day], at, target)


def bars(*volumes: float) -> list[tuple[float, ...]]:
    return [(100.0, 100.0, 100.0, 100.0, 100.0, volume) for volume in volumes]


@pytest.mark.parametrize(
    ("volume", "said"),
    [
        (NAN, "no volume in this source to keep max_volume_share"),
        (0.0, "no trading in the 20 sessions before"),
    ],
)
def test_a_share_of_no_volume_cannot_be_kept(
    market: Callable[..., Prices], volume: float, said: str
) -> None:
    prices = market(A=bars(*[volume] * 30))
    sent = (order(prices, 25, "open", 1.0), order(prices, 26, "close", 0.0))
    entry, leave = reasons(prices, *sent, limits=Limits(max_volume_share=0.1))
    assert entry == said
    assert leave == "nothing is held"
    assert reasons(prices, *sent, limits=Limits(max_volume_share=math.inf)) == ["", ""]


def test_an_order_on_a_day_without_prices_says_which_kind_of_day(
    market: Callable[..., Prices],
) -> None:
    prices = market(A=[(100, 100)] * 4)  # Monday 2 to Thursday 5 March 2026
    monday = prices.sessions[0]
    days = [monday - pd.Timedelta(days=4), monday + pd.Timedelta(days=7)]
    assert reasons(prices, *(Order("news", "A", day, "open", 1.0) for day in days)) == [
        "before the beginning of the prices",
        "after the end of the prices",
    ]
    weekend = market(A=[(100, 100)] * 7)
    saturday = Order("news", "A", pd.Timestamp("2026-03-07"), "open", 1.0)
    assert reasons(weekend, saturday) == ["2026-03-07 is no session of these prices"]


def test_a_security_that_lists_or_leaves_says_which(market: Callable[..., Prices]) -> None:
    gone, here = (NAN, NAN), (100.0, 100.0)
    young = market(A=[gone, gone, here, here, here])
    assert reasons(young, order(young, 1, "open", 1.0)) == ["no price of A before its listing"]
    assert reasons(young, order(young, 2, "open", 1.0)) == [
        "no close of A is known before its first session, so no size can be set"
    ]
    old = market(A=[here, here, gone, gone])
    assert reasons(old, order(old, 3, "open", 1.0)) == ["after the last price of A"]
    closes = market(A=[(NAN, 100.0, 100.0, 100.0)] * 4)
    assert reasons(closes, order(closes, 2, "open", 1.0)) == ["no open prices of A in this source"]
    hole = market(A=[here, here, (NAN, 100.0, 100.0, 100.0), here])
    assert reasons(hole, order(hole, 2, "open", 1.0)) == ["no open of A on 2026-03-04"]


def test_a_sale_waits_and_overtakes_nothing(market: Callable[..., Prices]) -> None:
    """Sold at the open of Wednesday, which has no price: it is its close instead.

    What was to be bought again at that close would be an order of the same moment.
    """
    here = (100.0, 100.0)
    prices = market(A=[here, here, (NAN, 100.0, 100.0, 100.0), here])
    sent = (
        order(prices, 1, "open", 1.0),
        order(prices, 2, "open", 0.0),
        order(prices, 2, "close", 0.5),
    )
    assert reasons(prices, *sent) == [
        "",
        "waited for a price from the open of 2026-03-04",
        "overtaken by an earlier order that had to wait for a price",
    ]
