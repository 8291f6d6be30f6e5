"""The bridge: every step adds up, and one is reckoned by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, MarketModel, Window
from backtest.prices import Prices
from backtest.trading import Costs
from strategies import STRATEGIES, Drift
from strategies.evaluate.bridge import STEPS, bridge
from strategies.evaluate.evaluate import evaluate


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_the_steps_add_up_to_what_the_bet_earned(
    name: str, events: pd.DataFrame, prices: Prices
) -> None:
    found = evaluate(STRATEGIES[name](), events, prices)
    table = bridge(found, events, prices).table
    done = found.bets[found.bets["status"] != "open"]
    assert list(table["bet"]) == list(done["bet"])
    assert table["excess_return"].to_numpy() == pytest.approx(
        done["excess_return"].to_numpy(), abs=1e-12, nan_ok=True
    )
    parts = table[["left", "market", "commission", "slippage", "borrow"]].sum(axis=1, skipna=False)
    known = parts.notna().to_numpy()
    assert known.sum() >= 0.9 * len(table)
    assert parts[known].to_numpy() == pytest.approx(
        table["excess_return"][known].to_numpy(), abs=1e-12
    )
    assert (table["gap"] + table["left"]).to_numpy() == pytest.approx(
        table["announced"].to_numpy(), nan_ok=True
    )


def test_an_entry_at_the_close_of_day_0_leaves_the_days_after(
    events: pd.DataFrame, prices: Prices
) -> None:
    found = evaluate(Drift(hold=3, entry="close"), events, prices)
    table = bridge(found, events, prices).table.set_index(["event_id", "bet"])
    study = EventStudy(
        MarketModel("SPY"),
        windows={"0": Window(0, 0), "rest": Window(1, 3), "run-up": Window(-5, -1)},
    )
    windows = study.fit(events, prices).windows.pivot_table(
        index=["event_id", "ticker"], columns="window", values="car"
    )
    trades = found.trades.merge(events, on=["event_id", "ticker"])
    same = trades[trades["entry_session"] == trades["event_session"]]
    assert len(same) > 20
    for trade in same.itertuples():
        row, cars = (
            table.loc[(trade.event_id, trade.ticker)],
            windows.loc[(trade.event_id, trade.ticker)],
        )
        assert (row["run_up"], row["gap"], row["left"]) == pytest.approx(
            (cars["run-up"], cars["0"], cars["rest"])
        )


def test_an_entry_at_an_open_by_hand(events: pd.DataFrame, prices: Prices) -> None:
    found = evaluate(Drift(hold=1), events, prices, Costs.none())
    row = bridge(found, events, prices).table.iloc[0]
    trade = found.trades.iloc[0]
    event = events[
        (events["event_id"] == trade["event_id"]) & (events["ticker"] == trade["ticker"])
    ].iloc[0]
    result = EventStudy(MarketModel("SPY")).fit(events, prices)
    own = result.estimates[
        (result.estimates["event_id"] == trade["event_id"])
        & (result.estimates["ticker"] == trade["ticker"])
    ]
    days = result.abnormal.set_index(["event_id", "ticker", "day"])["abnormal"]
    entry = prices.sessions.get_loc(trade["entry_session"])
    before = entry - prices.sessions.get_loc(event["event_session"])
    night = prices.adjusted_open().iloc[entry] / prices.adjusted.iloc[entry - 1] - 1
    gap = sum(days[trade["event_id"], trade["ticker"], day] for day in range(before))
    gap += night[trade["ticker"]] - own["beta"].iloc[0] * night["SPY"]
    assert row["gap"] == pytest.approx(gap)
    assert row["announced"] == pytest.approx(gap + row["left"])


def test_on_the_sample_most_of_the_injected_move_is_gone_at_the_open(
    events: pd.DataFrame, prices: Prices
) -> None:
    # 4% comes with the first open after the news (or during day 0), 0.3% on each of the five days
    # after it
    average = bridge(evaluate(Drift(hold=5), events, prices), events, prices).average.set_index(
        "step"
    )["mean"]
    assert average["gap"] == pytest.approx(0.04, abs=0.015)
    assert 0 < average["left"] < 0.035
    assert list(average.index) == list(STEPS)


def test_without_opens_of_the_benchmark_nothing_is_made_up(
    events: pd.DataFrame, prices: Prices
) -> None:
    dark = dataclasses.replace(prices, open=prices.open.assign(SPY=np.nan))
    table = bridge(evaluate(Drift(), events, dark), events, dark).table
    assert table[["gap", "left", "excess_return"]].isna().all(axis=None)
    assert bridge(evaluate(Drift(), events, dark), events, dark).average["n_bets"].eq(0).all()


def test_no_bets_no_rows(events: pd.DataFrame, prices: Prices) -> None:
    assert bridge(evaluate(Drift(), events.iloc[:0], prices), events, prices).table.empty
    pd.testing.assert_index_equal(
        bridge(evaluate(Drift(), events.iloc[:0], prices), events, prices).table.columns,
        pd.Index(["event_id", "bet", *STEPS]),
    )
