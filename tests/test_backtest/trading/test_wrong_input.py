"""Orders, costs and limits that mean nothing: one clear line each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, simulate

NAN = float("nan")


def test_orders_that_cannot_be_read(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100)] * 3)
    with pytest.raises(TradingError, match="no prices for 'AA'; did you mean 'A'"):
        simulate([Order("news", "AA", prices.sessions[1], "open", 1.0)], prices)
    with pytest.raises(TradingError, match="two orders of news in A for the open of 2026-03-03"):
        simulate(
            [Order("news", "A", prices.sessions[1], "open", target) for target in (1.0, 0.0)],
            prices,
        )
    for wrong, words in [
        ({"at": "noon"}, "neither"),
        ({"target": NAN}, "finite"),
        ({"stop": 5.0}, "fraction"),
    ]:
        given = {
            "event_id": "e",
            "ticker": "A",
            "session": prices.sessions[1],
            "at": "open",
            "target": 1.0,
        } | wrong
        with pytest.raises(TradingError, match=words):
            Order(**given)
    late = Order("e", "A", pd.Timestamp("2027-01-04"), "open", 1.0)
    assert simulate([late], prices).orders["reason"].tolist() == ["after the end of the prices"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Costs(commission_bps=-1), "commission_bps is -1; it cannot be negative"),
        (lambda: Costs(borrow_rate=NAN), "borrow_rate is nan, no number"),
        (lambda: Costs(spread_bps=30_000), "leave no price"),
        (lambda: Limits(stake=0), "stake is 0; it must be above 0"),
        (lambda: Limits(capital=math.inf), "capital is inf; it must be finite"),
        (lambda: Limits(delisting_return=-2), "no share loses more"),
        (lambda: Limits(one_per_ticker=1), "one_per_ticker is 1; it must be true or false"),
        (lambda: Costs(spread_bps="5"), "spread_bps is '5', no number"),
    ],
)
def test_costs_and_limits_that_mean_nothing(make: Any, words: str) -> None:
    with pytest.raises(TradingError, match=words):
        make()
