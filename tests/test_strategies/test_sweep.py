"""Each variant of a sweep is what the simulation says.

The best of many is not sold as a finding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import TradingError
from backtest.prices import Prices
from backtest.trading import Costs, Limits
from backtest.trading.bars import Bars
from backtest.trading.unlimited import excess_returns
from backtest.trading.worth.reality_check import reality_check
from strategies import BetaHedged, Drift
from strategies.base import held, selected
from strategies.errors import StrategyError
from strategies.evaluate.sweep import Filter, Grid, sweep

COSTS = Costs(
    commission_bps=3, commission_per_order=1, spread_bps=12, slippage_bps=4, borrow_rate=0.1
)
SUPPLIERS = (Filter("suppliers", ("supplier",)),)


@pytest.mark.parametrize("entry", ["open", "close"])
@pytest.mark.parametrize("stop", [0.0, 0.03, 0.15])
@pytest.mark.parametrize("hold", [1, 7])
def test_a_variant_is_what_the_strategy_earns(
    entry: Any, stop: Any, hold: Any, events: pd.DataFrame, prices: Prices
) -> None:
    grid = Grid((hold,), (entry,), (stop,), ("",), SUPPLIERS)
    found = sweep(grid, events, prices, COSTS, n_draws=9)
    orders = Drift(hold=hold, entry=entry, stop=stop).orders(events, prices)
    slow = excess_returns(orders, Bars.of(prices), COSTS, "SPY", Limits())
    fast = found.returns[0][np.isfinite(found.returns[0])]
    assert np.sort(fast) == pytest.approx(np.sort(slow), abs=1e-12)
    assert found.table["n_trades"].iloc[0] == len(slow)


@pytest.mark.parametrize("entry", ["open", "close"])
def test_a_hedged_variant_is_what_the_hedged_strategy_earns(
    entry: Any, events: pd.DataFrame, prices: Prices
) -> None:
    found = sweep(
        Grid((5,), (entry,), (0.0,), ("QQQ",), SUPPLIERS), events, prices, COSTS, n_draws=9
    )
    orders = BetaHedged(hold=5, hedge="QQQ", entry=entry).orders(events, prices)
    slow = excess_returns(orders, Bars.of(prices), COSTS, "SPY", Limits())
    fast = found.returns[0][np.isfinite(found.returns[0])]
    assert np.sort(fast) == pytest.approx(np.sort(slow), abs=1e-12)


def test_a_hedge_of_a_stopped_variant_is_closed_with_it(
    events: pd.DataFrame, prices: Prices
) -> None:
    from strategies.signals import Signals

    clock, betas = prices.clock, Signals("SPY").betas(events, prices)
    orders: list[Any] = []
    for event in selected(events, prices.tickers, ("supplier",)):
        beta = betas.get((event.event_id, event.ticker))
        if beta is not None:
            weights = {event.ticker: 1.0, "SPY": -beta}
            orders += held(
                event, weights, clock, 10, "open", 0.05, bet=event.ticker, hedges=("SPY",)
            )
    slow = excess_returns(orders, Bars.of(prices), COSTS, "SPY", Limits())
    found = sweep(
        Grid((10,), ("open",), (0.05,), ("SPY",), SUPPLIERS), events, prices, COSTS, n_draws=9
    )
    assert np.sort(found.returns[0][np.isfinite(found.returns[0])]) == pytest.approx(
        np.sort(slow), abs=1e-12
    )


def test_the_table_has_every_variant_and_a_heat_map(events: pd.DataFrame, prices: Prices) -> None:
    grid = Grid()
    found = sweep(grid, events, prices, n_draws=99)
    assert len(found.table) == len(grid) == 144
    assert not found.table.duplicated(["hold", "entry", "stop", "hedge", "filter"]).any()
    heat = found.heat("hold", "stop")
    assert heat.shape == (6, 3)
    assert heat.notna().all(axis=None)
    ranked = found.table.sort_values("t", key=abs, ascending=False)["pvalue_adjusted"]
    assert ranked.is_monotonic_increasing
    assert ranked.between(0, 1).all()
    assert found.best["t"].iloc[0] == found.table["t"].max()


def test_filters_keep_what_they_say(events: pd.DataFrame, prices: Prices) -> None:
    large = Filter("large", ("supplier",), ("capacity_contract",), 5e9)
    kept = events[large.keeps(events)]
    assert 0 < len(kept) < len(events)
    assert (kept["amount_usd"] >= 5e9).all()
    assert kept["kind"].eq("capacity_contract").all()


def test_the_best_of_noise_is_no_finding_and_a_true_effect_is() -> None:
    random = np.random.default_rng(4)
    block = np.repeat(np.arange(30), 3)
    noise = random.normal(0, 0.05, (500, 90))
    assert reality_check(noise, block).t.max() > 2.5  # a t that would be sold alone
    assert reality_check(noise, block).best_p > 0.1
    noise[7] += 0.04
    found = reality_check(noise, block)
    assert found.best_p < 0.01
    assert found.pvalue.argmin() == 7
    assert (np.delete(found.pvalue, 7) > 0.1).all()


@pytest.mark.slow
def test_the_reality_check_holds_its_size() -> None:
    random = np.random.default_rng(11)
    block = np.repeat(np.arange(25), 4)
    rejected = []
    for _ in range(300):
        shared = random.normal(0, 0.04, 25)[block]  # trades of one month move together
        returns = shared + random.standard_t(4, (40, 100)) * 0.03
        rejected.append(reality_check(returns, block, n_draws=199).pvalue.min() <= 0.05)
    assert 0.015 <= np.mean(rejected) <= 0.09


def test_too_few_trades_are_no_variant() -> None:
    returns = np.full((2, 10), np.nan)
    returns[0, :4] = [0.1, 0.2, 0.1, 0.3]
    found = reality_check(returns, np.arange(10))
    assert np.isnan(found.t).all()
    assert np.isnan(found.best_p)


def test_p_values_step_down_by_hand() -> None:
    # one variant, three blocks of two: the flips that give |t| as large are all plus and all minus,
    # 2 of 8
    returns = np.array([[0.03, 0.031, 0.029, 0.03, 0.032, 0.028]])
    found = reality_check(returns, np.array([0, 0, 1, 1, 2, 2]), n_draws=4000)
    assert found.pvalue[0] == pytest.approx(0.25, abs=0.02)
    assert found.best_p == pytest.approx(0.125, abs=0.02)


def test_grids_that_mean_nothing(events: pd.DataFrame, prices: Prices) -> None:
    with pytest.raises(StrategyError, match="holds is empty"):
        Grid(holds=())
    with pytest.raises(StrategyError, match="hold is 0"):
        Grid(holds=(0,))
    with pytest.raises(TradingError, match="no prices for 'SPYY'; did you mean 'SPY'"):
        sweep(Grid(hedges=("SPYY",)), events, prices)


def test_the_same_seed_the_same_numbers(events: pd.DataFrame, prices: Prices) -> None:
    one, two = (sweep(Grid(), events, prices, n_draws=50, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
