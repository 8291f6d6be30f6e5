"""Ledgers reckoned by hand, on paper, beside what the simulation says: to a cent."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, Simulation, simulate

NAN = float("nan")
CENT = 0.005
FREE = Costs.none()
STAKE = Limits(capital=100_000, stake=0.1)  # 10,000 a bet


def order(
    prices: Prices,
    ticker: str,
    day: int,
    at: str,
    target: float,
    event: str = "news",
    **more: object,
) -> Order:
    return Order(event, ticker, pd.Timestamp(prices.sessions[day]), at, target, **more)


def trip(
    prices: Prices, ticker: str, first: int, last: int, target: float = 1.0, **more: object
) -> list[Order]:
    """In at an open, out at a close."""
    leave = {key: value for key, value in more.items() if key != "stop"}
    return [
        order(prices, ticker, first, "open", target, **more),
        order(prices, ticker, last, "close", 0.0, **leave),
    ]


def agrees(simulation: Simulation) -> None:
    """Account and trades are one story: every cent of the account is in a trade."""
    final = simulation.equity["equity"].iloc[-1] - simulation.limits.capital
    assert final == pytest.approx(simulation.trades["net_pnl"].sum(), abs=CENT)


def test_a_long_with_every_cost(market: Callable[..., Prices]) -> None:
    prices = market(A=[(50, 50), (52, 55), (56, 60)])
    costs = Costs(
        commission_bps=10, commission_per_order=2, spread_bps=20, slippage_bps=10, borrow_rate=0.5
    )
    done = simulate(trip(prices, "A", 1, 2), prices, costs, STAKE)
    trade = done.trades.iloc[0]
    # 10,000 / 50 = 200 shares; bought at 52 * 1.002 = 52.104, sold at 60 * 0.998 = 59.88
    # fees: 200 * 52.104 * 0.001 + 2 = 12.4208; 200 * 59.88 * 0.001 + 2 = 13.976
    # account: 200 * (59.88 - 52.104) - 12.4208 - 13.976 = 1,528.8032
    assert trade["shares"] == pytest.approx(200)
    assert trade["gross_pnl"] == pytest.approx(1_600.00, abs=CENT)
    assert trade["slippage"] == pytest.approx(200 * (0.104 + 0.12), abs=CENT)
    assert trade["commission"] == pytest.approx(26.3968, abs=CENT)
    assert trade["borrow"] == 0
    assert trade["net_pnl"] == pytest.approx(1_528.8032, abs=CENT)
    assert trade["net_return"] == pytest.approx(1_528.8032 / 10_400)
    assert done.equity["equity"].iloc[-1] == pytest.approx(101_528.8032, abs=CENT)
    assert list(done.equity["session"]) == list(prices.sessions)
    agrees(done)


def test_a_short_pays_for_its_borrow_over_a_weekend(market: Callable[..., Prices]) -> None:
    prices = market("2026-03-05", A=[(100, 100), (100, 98), (97, 95)])  # Thursday, Friday, Monday
    done = simulate(
        trip(prices, "A", 1, 2, -1.0), prices, Costs(0, 0, 0, 0, borrow_rate=0.36), STAKE
    )
    trade = done.trades.iloc[0]
    # 100 shares short; 9,800 owed on Friday's close, three nights: 9,800 * 0.36 * 3 / 360 = 29.40
    assert trade["shares"] == pytest.approx(-100)
    assert trade["gross_pnl"] == pytest.approx(500, abs=CENT)
    assert trade["borrow"] == pytest.approx(29.40, abs=CENT)
    assert done.equity["equity"].tolist() == pytest.approx([100_000, 100_200, 100_470.60], abs=CENT)
    agrees(done)


def test_a_dividend_is_earned(market: Callable[..., Prices]) -> None:
    # 2 a share is paid on day 2: the close falls to 98, its adjusted series does not
    ratio = 98 / 100
    prices = market(
        A=[
            (100, 100, 100, 100, 100 * ratio, 1e6),
            (100, 100, 100, 100, 100 * ratio, 1e6),
            (98, 98, 98, 98, 98, 1e6),
        ]
    )
    done = simulate(trip(prices, "A", 1, 2), prices, FREE, STAKE)
    # at 98, the adjusted price, bought and sold; the 2% the price fell came back as the dividend
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(0, abs=CENT)


@pytest.mark.parametrize(
    ("bar", "price", "at"),
    [
        (
            (80, 85, 78, 82),
            80.0,
            "open",
        ),  # opens beyond the stop of 90: filled at the open, not at the stop
        ((95, 97, 89, 96), 90.0, "close"),  # touched during the session: filled at the stop
        ((95, 97, 90.5, 96), 130.0, "close"),  # not touched: sold by the order, on the last day
    ],
)
def test_a_stop_and_a_gap_through_it(
    market: Callable[..., Prices], bar: Any, price: Any, at: Any
) -> None:
    prices = market(A=[(100, 100), (100, 101), bar, (130, 130)])
    done = simulate(trip(prices, "A", 1, 3, stop=0.1), prices, FREE, STAKE)
    trade = done.trades.iloc[0]
    assert trade["exit_price"] == pytest.approx(price)
    assert trade["exit_at"] == at
    assert trade["gross_pnl"] == pytest.approx(100 * (price - 100), abs=CENT)
    assert trade["status"] == ("closed" if price == 130 else "stopped")
    agrees(done)
    if price != 130:
        sent = done.orders.iloc[1]
        assert sent["status"] == "refused"
        assert "closed before by its stop" in sent["reason"]


def test_a_stop_holds_on_the_day_of_entry_after_its_open_only(
    market: Callable[..., Prices],
) -> None:
    opened = market(A=[(100, 100), (100, 101, 85, 99), (99, 99)])
    assert (
        simulate(trip(opened, "A", 1, 2, stop=0.1), opened, FREE, STAKE)
        .trades["exit_price"]
        .iloc[0]
        == 90
    )
    entry = [order(opened, "A", 1, "close", 1.0, stop=0.1), order(opened, "A", 2, "close", 0.0)]
    assert (
        simulate(entry, opened, FREE, STAKE).trades["exit_price"].iloc[0] == 99
    )  # its low came before the entry


def test_the_stop_of_a_short_looks_at_highs(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 101, 99, 100), (105, 112, 104, 106), (100, 100)])
    done = simulate(trip(prices, "A", 1, 3, -1.0, stop=0.1), prices, FREE, STAKE)
    assert done.trades["exit_price"].iloc[0] == pytest.approx(110)
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(-1_000, abs=CENT)


def test_a_missing_bar_delays_an_exit_and_is_said(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 100), (NAN, NAN, NAN, NAN, NAN, NAN), (104, 106)])
    done = simulate(trip(prices, "A", 1, 2), prices, FREE, STAKE)
    sent = done.orders.iloc[1]
    assert (sent["status"], sent["price"], sent["filled_session"]) == (
        "filled",
        104,
        prices.sessions[3],
    )
    assert sent["reason"].startswith("waited for a price")
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(400, abs=CENT)
    assert done.equity["equity"].iloc[2] == pytest.approx(
        100_000
    )  # marked at the last price, not at nothing
    agrees(done)


def test_an_ipo_cannot_be_bought_before_its_first_close_is_known(
    market: Callable[..., Prices],
) -> None:
    gone = (NAN,) * 6
    prices = market(A=[gone, (40, 42), (43, 44), (45, 46)])
    sent = [order(prices, "A", day, "open", 1.0, event=f"e{day}") for day in (0, 1, 2)]
    done = simulate([*sent, order(prices, "A", 3, "close", 0.0, event="e2")], prices, FREE, STAKE)
    assert done.orders["status"].tolist() == ["refused", "refused", "filled", "filled"]
    assert done.orders["reason"].iloc[0] == "no price of A before its listing"
    assert "no close of A is known" in done.orders["reason"].iloc[1]
    assert done.trades["shares"].iloc[0] == pytest.approx(10_000 / 42)
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(10_000 / 42 * (46 - 43), abs=CENT)
    agrees(done)


def test_two_overlapping_events_of_one_ticker_are_two_trades(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 110), (120, 120), (121, 130)])
    done = simulate(
        [*trip(prices, "A", 1, 2, event="one"), *trip(prices, "A", 2, 3, event="two")],
        prices,
        FREE,
        STAKE,
    )
    # 100 shares at 100, out at 120; 10,000 / 110 shares at 120, out at 130
    assert done.trades["gross_pnl"].tolist() == pytest.approx([2_000, 10_000 / 110 * 10], abs=CENT)
    agrees(done)


def test_what_is_open_at_the_end_is_marked_and_said(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 103), (104, 107)])
    done = simulate([order(prices, "A", 1, "open", 1.0)], prices, FREE, STAKE)
    trade = done.trades.iloc[0]
    assert (trade["status"], trade["exit_at"], trade["exit_price"]) == ("open", "", 107)
    assert trade["exit_session"] is pd.NaT
    assert trade["gross_pnl"] == pytest.approx(700, abs=CENT)
    agrees(done)


@pytest.mark.parametrize(("loss", "price"), [(0.0, 90.0), (-0.3, 63.0), (-1.0, 0.0)])
def test_a_delisting_closes_at_the_last_close(
    market: Callable[..., Prices], loss: Any, price: Any
) -> None:
    prices = market(A=[(100, 100), (100, 100), (95, 90), (NAN,) * 6, (NAN,) * 6])
    limits = Limits(capital=100_000, stake=0.1, delisting_return=loss)
    done = simulate(trip(prices, "A", 1, 4), prices, FREE, limits)
    trade = done.trades.iloc[0]
    assert (trade["status"], trade["exit_session"]) == ("prices_ended", prices.sessions[3])
    assert trade["gross_pnl"] == pytest.approx(100 * (price - 100), abs=CENT)
    assert done.orders["reason"].tolist() == ["", "A has no price any more", "prices ended"]
    agrees(done)


def test_sizes_come_from_the_last_close_not_from_the_fill(market: Callable[..., Prices]) -> None:
    prices = market(A=[(50, 50), (80, 90), (90, 90)])
    done = simulate(trip(prices, "A", 1, 2), prices, FREE, STAKE)
    assert done.trades["shares"].iloc[0] == pytest.approx(200)
    assert done.trades["entry_value"].iloc[0] == pytest.approx(16_000)


def test_open_to_close_of_one_session_is_a_trade(market: Callable[..., Prices]) -> None:
    prices = market(A=[(50, 50), (50, 55)])
    done = simulate(trip(prices, "A", 1, 1), prices, FREE, STAKE)
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(1_000, abs=CENT)
    assert done.trades["holding_sessions"].iloc[0] == 1


def test_the_benchmark_is_held_over_the_same_hours(market: Callable[..., Prices]) -> None:
    prices = market(A=[(50, 50), (50, 55), (55, 55)], SPY=[(100, 100), (110, 120), (130, 132)])
    done = simulate(trip(prices, "A", 1, 2), prices, FREE, STAKE)
    trade = done.trades.iloc[0]
    assert trade["benchmark_return"] == pytest.approx(132 / 110 - 1)
    assert trade["excess_return"] == pytest.approx(0.1 - 0.2)
    assert done.equity["benchmark_equity"].tolist() == pytest.approx(
        [100_000, 100_000 + 10_000 / 11, 102_000]
    )


def test_a_hedged_bet_is_one_bet(market: Callable[..., Prices]) -> None:
    prices = market(
        A=[(100, 100), (100, 110), (110, 120)], SPY=[(100, 100), (100, 104), (104, 110)]
    )
    legs = [*trip(prices, "A", 1, 2), *trip(prices, "SPY", 1, 2, -2.0, bet="A", hedge=True)]
    done = simulate(legs, prices, FREE, STAKE)
    bet = done.bets.iloc[0]
    assert len(done.bets) == 1
    assert bet["net_pnl"] == pytest.approx(2_000 - 2_000, abs=CENT)
    assert bet["excess_return"] == pytest.approx(0, abs=1e-12)
    assert bet["value"] == pytest.approx(10_000)
    agrees(done)


def test_a_hedge_goes_when_its_position_is_stopped(market: Callable[..., Prices]) -> None:
    prices = market(
        A=[(100, 100), (100, 100), (80, 80), (80, 80)],
        SPY=[(100, 100), (100, 100), (99, 98), (97, 96)],
    )
    legs = [
        *trip(prices, "A", 1, 3, stop=0.1),
        *trip(prices, "SPY", 1, 3, -1.0, bet="A", hedge=True),
    ]
    done = simulate(legs, prices, FREE, STAKE)
    assert done.trades.set_index("ticker")["exit_price"].to_dict() == {"A": 80, "SPY": 99}
    assert done.bets["net_pnl"].iloc[0] == pytest.approx(-2_000 + 100, abs=CENT)


def test_a_hedged_bet_is_entered_whole_or_not_at_all(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100)] * 3, SPY=[(NAN, NAN, NAN, 100)] * 3)
    legs = [*trip(prices, "A", 1, 2), *trip(prices, "SPY", 1, 2, -1.0, bet="A", hedge=True)]
    done = simulate(legs, prices, FREE, STAKE)
    assert done.trades.empty
    assert done.orders["status"].eq("refused").all()
    assert done.orders["reason"].tolist()[0] == "its other leg, SPY, was refused"
    assert done.orders["reason"].tolist()[2] == "no open prices of SPY in this source"


def test_a_position_can_be_resized(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 100), (110, 110), (120, 120)])
    sent = [
        order(prices, "A", 1, "open", 1.0),
        order(prices, "A", 2, "open", 0.5),
        order(prices, "A", 3, "close", 0.0),
    ]
    done = simulate(sent, prices, FREE, STAKE)
    # 100 shares, of which 50 are sold at 110 (half a stake at the close of 100 before) and 50 at
    # 120
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(500 + 1_000, abs=CENT)
    agrees(done)


def test_adverse_excursion_is_the_deepest_mark_while_held(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (100, 104, 92, 101), (101, 102, 80, 99)])
    held_one = simulate(trip(prices, "A", 1, 1), prices, FREE, STAKE)
    assert held_one.trades["adverse_excursion"].iloc[0] == pytest.approx(-0.08)
    stopped = simulate(trip(prices, "A", 1, 2, stop=0.15), prices, FREE, STAKE)
    assert stopped.trades["adverse_excursion"].iloc[0] == pytest.approx(-0.15)


@pytest.mark.parametrize("seed", range(5))
def test_every_order_is_filled_or_refused_and_the_account_is_the_sum_of_its_trades(
    market: Callable[..., Prices], seed: Any
) -> None:
    random = np.random.default_rng(seed)
    paths = {}
    for ticker in "ABCD":
        close = 100 * np.cumprod(1 + random.normal(0, 0.05, 40))
        open_ = close * (1 + random.normal(0, 0.02, 40))
        rows = [
            (float(o), float(max(o, c)), float(min(o, c)), float(c))
            for o, c in zip(open_, close, strict=True)
        ]
        paths[ticker] = [(NAN,) * 6 if random.random() < 0.1 else row for row in rows]
    prices = market(**paths)
    sent = []
    for number in range(30):
        first, ticker = int(random.integers(1, 35)), "ABCD"[number % 4]
        last = first + int(random.integers(0, 8))
        target, stop = float(random.choice([-1.0, 0.5, 1.0])), float(random.choice([0.05, 0.2]))
        sent.append(order(prices, ticker, first, "open", target, event=f"e{number}", stop=stop))
        if last < 40:
            sent.append(order(prices, ticker, last, "close", 0.0, event=f"e{number}"))
    done = simulate(sent, prices, Costs(), Limits(capital=100_000, stake=0.2))
    agrees(done)
    assert len(done.orders) >= len(sent)
    assert set(done.orders["status"]) <= {"filled", "refused"}
    assert done.orders.loc[done.orders["status"] == "refused", "reason"].ne("").all()
    assert np.isfinite(done.equity["equity"]).all()


def test_no_orders_is_an_account_at_rest(market: Callable[..., Prices]) -> None:
    done = simulate([], market(A=[(100, 100)] * 3))
    assert done.trades.empty
    assert done.orders.empty
    assert done.equity["equity"].eq(1_000_000).all()


def test_costs_only_ever_take(market: Callable[..., Prices]) -> None:
    prices = market(A=[(100, 100), (101, 103), (99, 108), (104, 104)])
    paid = [
        simulate(trip(prices, "A", 1, 3), prices, Costs(0, 0, spread, 0, 0), STAKE)
        for spread in (0, 10, 50)
    ]
    assert all(
        one.trades["net_pnl"].iloc[0] > other.trades["net_pnl"].iloc[0]
        for one, other in pairwise(paid)
    )
    assert len({round(one.trades["gross_pnl"].iloc[0], 9) for one in paid}) == 1
