"""What an account may not do.

Spend what it has not, short without margin, be more of a market than it can bear.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, simulate

CENT = 0.005
FREE = Costs.none()


def trip(
    prices: Prices, ticker: str, first: int, last: int, target: float = 1.0, event: str = "news"
) -> list[Order]:
    """In at an open, out at a close."""
    days = prices.sessions
    return [
        Order(event, ticker, days[first], "open", target),
        Order(event, ticker, days[last], "close", 0.0),
    ]


def test_money_that_is_not_there_is_not_spent(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100)] * 4, B=[(50, 50)] * 4, C=[(10, 10)] * 4)
    limits = Limits(capital=100_000, stake=0.4)
    sent = [
        *trip(prices, "A", 1, 2),
        *trip(prices, "B", 1, 2),
        *trip(prices, "C", 1, 2),
        *trip(prices, "C", 3, 3, event="x"),
    ]
    done = simulate(sent, prices, FREE, limits)
    refused = done.orders[done.orders["status"] == "refused"]
    assert refused["ticker"].tolist() == ["C", "C"]
    assert refused["reason"].iloc[0].startswith("not enough cash")
    assert refused["reason"].iloc[1].startswith("nothing is held: its entry was refused")
    assert len(done.trades) == 3  # what was sold at the close of day 2 pays for day 3
    assert done.equity["gross_exposure"].max() <= 1 + 1e-9


@pytest.mark.parametrize(("gross", "n_trades"), [(1.0, 1), (1.6, 2), (2.0, 2)])
def test_shorts_count_towards_the_gross_limit(
    market: Callable[..., Prices], gross: Any, n_trades: Any
) -> None:
    prices = market(A=[(100, 100)] * 3, B=[(50, 50)] * 3)
    limits = Limits(capital=100_000, stake=0.8, max_gross=gross, margin=0.25)
    done = simulate(
        [*trip(prices, "A", 1, 2), *trip(prices, "B", 1, 2, -1.0)], prices, FREE, limits
    )
    assert len(done.trades) == n_trades


def test_margin_limits_shorts_and_a_squeeze_is_a_margin_call(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 100), (150, 160), (160, 160)])
    limits = Limits(capital=100_000, stake=1.0, max_gross=3.0, margin=0.5)
    assert simulate(trip(prices, "A", 1, 3, -2.5), prices, FREE, limits).trades.empty
    done = simulate(trip(prices, "A", 1, 3, -1.0), prices, FREE, limits)
    assert done.equity["margin_call"].tolist() == [False, False, True, False]
    assert done.equity["equity"].iloc[-1] == pytest.approx(40_000, abs=CENT)


def test_the_liquidity_cap_cuts_an_entry(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100, 100, 100, 100, 500)] * 3)
    limits = Limits(capital=100_000, stake=0.1, max_volume_share=0.1)
    done = simulate(trip(prices, "A", 1, 2), prices, FREE, limits)
    assert done.trades["shares"].iloc[0] == pytest.approx(50)  # a tenth of 500 a day
    assert done.orders["reason"].iloc[0] == "cut to 10.00% of the daily volume"


def test_one_position_a_ticker_if_asked_for(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100)] * 6, B=[(50, 50)] * 6)
    sent = [
        *trip(prices, "A", 1, 3, event="one"),
        *trip(prices, "A", 2, 4, event="two"),
        *trip(prices, "B", 2, 4, event="two"),
    ]
    sent += trip(prices, "A", 4, 5, event="three")
    assert len(simulate(sent, prices, FREE, Limits()).trades) == 4
    done = simulate(sent, prices, FREE, Limits(one_per_ticker=True))
    assert done.trades[["event_id", "ticker"]].to_numpy().tolist() == [
        ["one", "A"],
        ["two", "B"],
        ["three", "A"],
    ]
    assert done.orders["reason"].iloc[2] == "A is held already for one"
