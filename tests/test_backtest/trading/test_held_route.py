"""Where orders meet the market, by hand: lines whose change no test saw (docs/mutation.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits, Order, Simulation, simulate

GONE = (float("nan"),) * 6
FREE = Costs.none()
STAKE = Limits(capital=100_000, stake=0.1)  # 10,000 a bet: 100 shares at 100
STILL = (100.0, 100.0)
Market = Callable[..., Prices]


def sent(
    prices: Prices, ticker: str, *steps: tuple[int, str, float], event: str = "e", **more: Any
) -> list[Order]:
    """The orders of one position: (session, moment, target) each; a stop goes with the first."""
    stop = more.pop("stop", None)
    days = prices.sessions
    return [
        Order(event, ticker, days[day], at, target, stop if not i else None, **more)
        for i, (day, at, target) in enumerate(steps)
    ]


def hedged(prices: Prices, event: str, leave: tuple[int, str], stop: float | None) -> list[Order]:
    """A long in A, hedged with B until `leave`."""
    return [
        *sent(prices, "A", (1, "open", 1.0), (4, "close", 0.0), event=event, stop=stop),
        *sent(prices, "B", (1, "open", -1.0), (*leave, 0.0), event=event, bet="A", hedge=True),
    ]


def exits(done: Simulation) -> dict[Any, Any]:
    return done.trades.set_index(["event_id", "ticker"])["exit_price"].to_dict()


def why(done: Simulation) -> list[str]:
    return done.orders["reason"].tolist()


FALLS = [STILL, STILL, (80.0, 80.0), (80.0, 80.0), (80.0, 80.0)]  # 10% below at the open of day 2


def test_a_hedge_without_a_price_goes_at_the_next_and_its_order_is_told(market: Market) -> None:
    prices = market(A=FALLS, B=[STILL, STILL, GONE, (97, 96), (95, 94)])
    done = simulate(hedged(prices, "e", (4, "close"), 0.1), prices, FREE, STAKE)
    assert exits(done) == {("e", "A"): 80, ("e", "B"): 97}
    told = done.orders[["ticker", "status", "reason"]].to_numpy().tolist()
    assert ["B", "refused", "closed before with the stop of its bet, A"] in told
    assert ["B", "filled", "hedge of a stop"] in told
    day = prices.sessions[2].date()
    assert ["A", "refused", f"closed before by its stop, on {day}"] in told


@pytest.mark.parametrize(
    ("leave", "price"), [((1, "close"), 101), ((2, "open"), 97), ((2, "close"), 97)]
)
def test_a_hedge_sold_before_the_stop_stays_sold(
    market: Market, leave: tuple[int, str], price: float
) -> None:
    prices = market(A=FALLS, B=[STILL, (100, 101), (97, 96), (95, 94), (93, 92)])
    done = simulate(hedged(prices, "e", leave, 0.1), prices, FREE, STAKE)
    assert exits(done)["e", "B"] == price
    told = "closed before with the stop of its bet, A" in why(done)
    assert told == (leave == (2, "close"))


def test_a_stop_closes_the_hedge_of_its_own_bet_alone(market: Market) -> None:
    prices = market(A=FALLS, B=[STILL, STILL, (97, 96), (95, 94), (93, 92)])
    orders = [
        *hedged(prices, "calm", (4, "close"), None),
        *hedged(prices, "hit", (4, "close"), 0.1),
        *sent(prices, "B", (1, "open", 1.0), (4, "close", 0.0), event="lone"),
    ]
    assert exits(simulate(orders, prices, FREE, STAKE)) == {
        ("calm", "A"): 80, ("calm", "B"): 92,
        ("hit", "A"): 80, ("hit", "B"): 97, ("lone", "B"): 92,
    }  # fmt: skip


def test_a_hedged_bet_fails_whole_a_basket_does_not_and_others_go_on(market: Market) -> None:
    prices = market(A=[STILL] * 5, B=[GONE] * 4 + [STILL])
    basket = [
        *sent(prices, "A", (1, "open", 1.0), (4, "close", 0.0), event="basket", bet="x"),
        *sent(prices, "B", (1, "open", 1.0), (4, "close", 0.0), event="basket", bet="x"),
    ]
    lone = sent(prices, "A", (1, "open", 1.0), (4, "close", 0.0), event="lone")
    orders = [*basket, *hedged(prices, "hedged", (4, "close"), None), *lone]
    assert set(exits(simulate(orders, prices, FREE, STAKE))) == {("basket", "A"), ("lone", "A")}


def test_orders_beyond_the_prices_say_on_which_side(market: Market) -> None:
    prices = market(A=[STILL] * 8)
    first, last = prices.sessions[0], prices.sessions[-1]
    days = [first - pd.Timedelta(days=3), first, first + pd.Timedelta(days=5), last]
    days += [last + pd.Timedelta(days=1)]
    orders = [Order(f"e{i}", "A", day, "close", 1.0) for i, day in enumerate(days)]
    assert why(simulate(orders, prices, FREE, STAKE)) == [
        "before the beginning of the prices",
        "no close of A is known before its first session, so no size can be set",
        f"{days[2].date()} is no session of these prices",
        "",
        "after the end of the prices",
    ]


@pytest.mark.parametrize(("start", "day"), [("2026-03-02", 4), ("2026-03-06", 0)])
def test_a_weekend_by_the_first_or_last_session_is_within_the_prices(
    market: Market, start: str, day: int
) -> None:
    prices = market(start, A=[STILL] * 6)
    weekend = prices.sessions[day] + pd.Timedelta(days=1)
    told = why(simulate([Order("e", "A", weekend, "open", 1.0)], prices, FREE, STAKE))
    assert told == [f"{weekend.date()} is no session of these prices"]


def test_a_sale_of_what_was_never_bought_is_refused(market: Market) -> None:
    prices = market(A=[STILL] * 3)
    assert why(simulate(sent(prices, "A", (1, "open", 0.0)), prices, FREE, STAKE)) == [
        "nothing is held"
    ]


def test_a_bet_whose_legs_were_cut_before_is_stopped_whole(market: Market) -> None:
    prices = market(A=FALLS, B=[STILL, STILL, (97, 96), (95, 94), (93, 92)])
    more: dict[str, Any] = {"bet": "A", "hedge": True}
    orders = [
        *sent(prices, "A", (1, "open", 1.0), (1, "close", 0.5), (4, "close", 0.0), stop=0.1),
        *sent(prices, "B", (1, "open", -1.0), (1, "close", -0.5), (4, "close", 0.0), **more),
    ]
    done = simulate(orders, prices, FREE, STAKE)
    # 50 shares of each are gone at 100; the stop takes 50 of A at 80 and 50 of B at 97
    money = done.trades.set_index("ticker")["gross_pnl"].to_dict()
    assert money == pytest.approx({"A": -1_000, "B": 150})


def test_entries_without_a_price_say_why(market: Market) -> None:
    prices = market(A=[GONE, STILL, STILL, GONE, STILL, GONE, GONE], B=[STILL] * 7)
    days = prices.sessions
    orders = [Order(f"e{i}", "A", day, "open", 1.0) for i, day in enumerate(days)]
    told = why(simulate(orders, prices, FREE, STAKE))[:7]
    assert told[0] == "no price of A before its listing"
    assert told[3] == f"no open of A on {days[3].date()}"
    assert told[5:] == ["after the last price of A"] * 2


def test_a_sale_waits_for_a_price_and_overtakes_what_came_meanwhile(market: Market) -> None:
    prices = market(A=[STILL, STILL, GONE, GONE, (104, 105), (106, 107)])
    steps = [(1, "open", 1.0), (2, "close", 0.5), (3, "open", 0.2), (4, "open", 0.1)]
    orders = sent(prices, "A", *steps, (5, "close", 0.0))
    done = simulate(orders, prices, FREE, STAKE)
    late = "overtaken by an earlier order that had to wait for a price"
    waited = f"waited for a price from the close of {prices.sessions[2].date()}"
    assert why(done) == ["", waited, late, late, ""]
    # 100 shares at 100: 50 sold at 104, 50 at 107
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(200 + 350)


@pytest.mark.parametrize(
    ("first", "then", "waits"),
    [(1.0, 0.5, True), (0.5, 1.0, False), (1.0, -0.5, False), (0.5, 0.5, True), (-1.0, -0.5, True)],
)
def test_only_what_reduces_waits_for_a_price(
    market: Market, first: float, then: float, waits: bool
) -> None:
    prices = market(A=[STILL, STILL, GONE, STILL, STILL])
    orders = sent(prices, "A", (1, "open", first), (2, "open", then), (4, "close", 0.0))
    told = why(simulate(orders, prices, FREE, STAKE))[1]
    assert told.startswith("waited" if waits else f"no open of A on {prices.sessions[2].date()}")


def test_less_than_a_share_is_held_reduced_and_stopped_like_many(market: Market) -> None:
    bars = [(5e4, 5e4), (5e4, 5e4), GONE, (5e4, 5e4), (5e4, 5e4, 4.4e4, 4.6e4), (4e4, 4e4)]
    prices = market(A=bars)
    orders = sent(prices, "A", (1, "open", 1.0), (2, "open", 0.5), (5, "close", 0.0), stop=0.1)
    done = simulate(orders, prices, FREE, STAKE)
    assert why(done)[1].startswith("waited")
    # 0.2 shares at 50,000: 0.1 sold at 50,000, 0.1 stopped at 45,000
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(-500)


@pytest.mark.parametrize(
    ("volume", "shares", "told"),
    [
        (500.0, 50.0, "cut to 10.00% of the daily volume"),
        (5.0, 0.5, "cut to 10.00% of the daily volume"),
        (1e6, 100.0, ""),
        (0.0, 0.0, "no trading in the 20 sessions before"),
        (float("nan"), 0.0, "no volume in this source to keep max_volume_share"),
    ],
)
def test_the_share_of_the_volume(market: Market, volume: float, shares: float, told: str) -> None:
    prices = market(A=[(100, 100, 100, 100, 100, volume)] * 3)
    limits = Limits(capital=100_000, stake=0.1, max_volume_share=0.1)
    orders = sent(prices, "A", (1, "open", 1.0), (2, "close", 0.0))
    done = simulate(orders, prices, FREE, limits)
    assert why(done)[0] == told
    assert done.trades["shares"].sum() == pytest.approx(shares)


@pytest.mark.parametrize(("day", "told"), [(2, "A has only 2 closes before"), (3, "")])
def test_the_closes_before_an_entry_are_counted(market: Market, day: int, told: str) -> None:
    prices = market(A=[STILL] * 5)
    limits = Limits(capital=100_000, stake=0.1, listed_sessions=3)
    orders = sent(prices, "A", (day, "open", 1.0), (4, "close", 0.0))
    assert why(simulate(orders, prices, FREE, limits))[0].startswith(told)
    assert bool(why(simulate(orders, prices, FREE, limits))[0]) == bool(told)


def test_a_stop_ends_with_its_position(market: Market) -> None:
    prices = market(A=[STILL, STILL, (100, 101), (80, 80), (80, 80)])
    done = simulate(sent(prices, "A", (1, "open", 1.0), (2, "close", 0.0), stop=0.1), prices, FREE)
    assert exits(done) == {("e", "A"): 101}
    assert why(done) == ["", ""]


def test_a_stop_holds_after_a_part_was_sold_and_to_the_last_close(market: Market) -> None:
    prices = market(A=[STILL, STILL, STILL, STILL, (100, 100, 85, 95)])
    orders = sent(prices, "A", (1, "open", 1.0), (2, "close", 0.5), stop=0.1)
    done = simulate(orders, prices, FREE, STAKE)
    assert done.trades["gross_pnl"].iloc[0] == pytest.approx(50 * (90 - 100))
    assert why(done)[-1] == "stop"


def test_a_stop_comes_before_the_sale_at_the_close_of_its_session(market: Market) -> None:
    prices = market(A=[STILL, STILL, (95, 97, 89, 96), STILL])
    orders = sent(prices, "A", (1, "open", 1.0), (2, "close", 0.0), stop=0.1)
    done = simulate(orders, prices, FREE, STAKE)
    assert exits(done) == {("e", "A"): 90}
    assert f"closed before by its stop, on {prices.sessions[2].date()}" in why(done)


@pytest.mark.parametrize("last", [2, 3])
def test_prices_that_end_before_the_panel_close_what_is_held_and_nothing_else(
    market: Market, last: int
) -> None:
    prices = market(A=[STILL] * last + [(100, 103)] + [GONE] * (4 - last))
    orders = [
        *sent(prices, "A", (1, "open", 1.0), event="held"),
        *sent(prices, "A", (1, "open", 1.0), (2, "open", 0.0), event="sold"),
    ]
    done = simulate(orders, prices, FREE, STAKE)
    assert exits(done) == {("held", "A"): 103, ("sold", "A"): 100}
    ends = done.trades.set_index("event_id")["exit_session"]
    assert ends["held"] == prices.sessions[last + 1]
    assert why(done) == ["", "", "", "prices ended"]


def test_a_position_of_exactly_one_share_waits_for_a_price(market: Market) -> None:
    bars = [(1e4, 1e4), (1e4, 1e4), GONE, (11e3, 11e3), STILL]
    prices = market(A=bars)
    orders = sent(prices, "A", (1, "open", 1.0), (2, "open", 0.0))
    done = simulate(orders, prices, FREE, STAKE)
    assert why(done)[1].startswith("waited")
    assert done.trades[["shares", "gross_pnl"]].to_numpy().tolist() == [[1.0, 1_000.0]]


CLOSE_ALONE = (float("nan"), float("nan"), float("nan"), 104.0)


def test_one_close_after_a_gap_is_still_a_price(market: Market) -> None:
    prices = market(A=[STILL, STILL, GONE, CLOSE_ALONE])
    held = sent(prices, "A", (1, "open", 1.0), event="held")
    late = [Order("late", "A", prices.sessions[2], "open", 1.0)]
    done = simulate([*held, *late], prices, FREE, STAKE)
    assert why(done) == ["", f"no open of A on {prices.sessions[2].date()}"]
    assert done.trades["status"].tolist() == ["open"]


def test_a_hedge_resized_as_its_bet_is_stopped_is_closed_whole(market: Market) -> None:
    prices = market(A=FALLS, B=[STILL, STILL, (97, 96), (95, 94), (93, 92)])
    more: dict[str, Any] = {"bet": "A", "hedge": True}
    orders = [
        *sent(prices, "A", (1, "open", 1.0), (4, "close", 0.0), stop=0.1),
        *sent(prices, "B", (1, "open", -1.0), (2, "open", -0.5), (4, "close", 0.0), **more),
    ]
    done = simulate(orders, prices, FREE, STAKE)
    assert exits(done) == {("e", "A"): 80, ("e", "B"): 97}
    assert why(done).count("closed before with the stop of its bet, A") == 2
    assert done.trades.set_index("ticker")["gross_pnl"]["B"] == pytest.approx(300)
