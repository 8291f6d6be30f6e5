"""No profit is made of pence for pounds: a position over a change of unit is refused."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest

from backtest import Prices
from backtest.trading import Costs, Limits, Order, simulate
from backtest.trading.bars import Bars
from backtest.trading.unlimited import excess_returns
from strategies import Drift
from strategies.evaluate.evaluate import evaluate
from strategies.evaluate.sweep import Grid, sweep

DAYS = pd.bdate_range("2025-01-02", periods=60, unit="us")
IN, OUT = 30, 33  # sessions of the entry and the exit
At = Literal["open", "close"]


def _prices(ticker: str = "X", row: int = 0, by: float = 1.0) -> Prices:
    moves = np.random.default_rng(5).normal(0, 0.01, (len(DAYS), 3))
    close = pd.DataFrame(50 * np.exp(moves.cumsum(axis=0)), DAYS, ["SPY", "X", "Y"])
    opens = close * 1.001
    for frame in (close, opens):
        frame.loc[DAYS[row] :, ticker] *= by
    high, low = np.maximum(opens, close), np.minimum(opens, close)
    return Prices(opens, high, low, close, close, close * 0 + 1e6, source="made")


def _orders(at: At, leave: At, ticker: str = "X", hedge: bool = False) -> list[Order]:
    return [
        Order("e", ticker, DAYS[IN], at, 1.0, bet="b", hedge=hedge),
        Order("e", ticker, DAYS[OUT], leave, 0.0, bet="b", hedge=hedge),
    ]


@pytest.mark.parametrize("by", [0.01, 100.0])
@pytest.mark.parametrize("ticker", ["X", "SPY"])
@pytest.mark.parametrize(
    ("at", "leave", "row", "refused"),
    [
        ("open", "close", IN - 1, False),
        ("open", "close", IN, True),  # sized by a close in the other unit
        ("close", "close", IN, True),
        ("open", "close", OUT, True),
        ("open", "open", OUT, True),
        ("open", "close", OUT + 1, False),
        ("open", "close", IN + 1, True),
    ],
)
def test_orders_over_it_are_refused_with_the_reason(
    at: At, leave: At, row: int, refused: bool, ticker: str, by: float
) -> None:
    prices = _prices(ticker, row, by)
    found = simulate(_orders(at, leave), prices, Costs.none())
    reasons = set(found.orders["reason"])
    if not refused:
        assert reasons == {""}
        assert abs(found.trades["net_return"].iloc[0]) < 0.1
    else:
        assert found.trades.empty
        (why,) = reasons
        day = DAYS[row].date()
        assert why.startswith(f"probable change of unit in the prices of {ticker} on {day}: close")
        assert not len(excess_returns(_orders(at, leave), Bars.of(prices), Costs.none(), "SPY"))


def test_a_position_that_stays_open_ends_with_the_prices() -> None:
    entry = _orders("open", "close")[:1]
    assert simulate(entry, _prices("X", 59, 0.01), Costs.none()).trades.empty
    assert len(simulate(entry, _prices("X", 29, 0.01), Costs.none()).trades) == 1


def test_a_hedge_over_it_takes_its_bet_along() -> None:
    orders = _orders("open", "close") + _orders("open", "close", "Y", hedge=True)
    found = simulate(orders, _prices("Y", IN + 1, 0.01), Costs.none()).orders
    assert set(found["status"]) == {"refused"}
    assert "its other leg, Y, was refused" in set(found["reason"])


@pytest.mark.parametrize("ticker", ["X", "SPY"])
def test_the_sweep_leaves_out_what_an_evaluation_refuses(ticker: str) -> None:
    day = DAYS[[IN, IN]]
    events = pd.DataFrame(
        {"event_id": ["e", "f"], "ticker": ["X", "Y"], "event_session": day, "tradable_open": day,
         "timing_flags": "", "role": "supplier", "roles": "supplier"}
    )  # fmt: skip
    prices = _prices(ticker, IN + 2, 0.01)
    left = 0 if ticker == "SPY" else 1
    strategy = Drift(hold=5, roles=())
    assert len(evaluate(strategy, events, prices, Costs.none()).bets) == left
    short = len(evaluate(Drift(hold=2, roles=()), events, prices, Costs.none()).bets)
    assert short == 2  # sold before it
    grid = Grid(holds=(2, 5), entries=("open",), stops=(0.0,), hedges=("",))
    found = sweep(grid, events, prices, Costs.none()).table
    assert found.groupby("hold")["n_trades"].unique().to_dict() == {2: [2], 5: [left]}


@pytest.mark.parametrize(("by", "row"), [(0.01, IN - 3), (100.0, IN - 3), (0.01, IN - 1)])
def test_a_share_of_the_volume_is_that_of_the_sessions_in_one_unit(by: float, row: int) -> None:
    prices = _prices("X", row, by)
    limits = Limits(capital=1e8, max_volume_share=1e-4)
    (trade,) = simulate(_orders("open", "close"), prices, Costs.none(), limits).trades.itertuples()
    mean = (prices.close["X"] * 1e6).iloc[row:IN].mean()  # a million shares a day in either unit
    known = prices.close["X"].iloc[IN - 1]
    assert trade.shares == pytest.approx(1e-4 * mean / known)
    assert 90 < trade.shares < 110


def test_before_a_change_of_unit_it_is_that_of_the_twenty_sessions_before() -> None:
    prices = _prices("X", IN + 5, 100.0)
    limits = Limits(max_volume_share=1e-4)
    (trade,) = simulate(_orders("open", "close"), prices, Costs.none(), limits).trades.itertuples()
    mean = (prices.close["X"] * 1e6).iloc[IN - 20 : IN].mean()
    assert trade.shares == pytest.approx(1e-4 * mean / prices.close["X"].iloc[IN - 1])


def test_reasons_told_before_are_kept() -> None:
    prices = _prices("X", IN + 1, 0.01)
    late = DAYS[-1] + pd.Timedelta(days=1)
    orders = [Order("f", "Y", late, "open", 1.0), *_orders("open", "close")]
    orders.append(Order("e", "X", late, "open", 1.0, bet="b"))
    told = simulate(orders, prices, Costs.none()).orders.set_index(["event_id", "session"])
    assert told.loc[("f", late), "reason"] == "after the end of the prices"
    assert told.loc[("e", late), "reason"] == "after the end of the prices"
    assert told.loc[("e", DAYS[IN]), "reason"].startswith("probable change of unit")
