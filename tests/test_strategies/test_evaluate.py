"""An evaluation is one answer: its tables fit together, and it says what it cannot say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.trading import Costs, Limits
from backtest.trading.worth.sharpe import expected_best, probabilistic_sharpe
from backtest.trading.worth.summary import Judgement, account_sharpe
from events import Catalog, Sessions, place_events
from reports.run.columns import COLUMNS
from strategies import BuyAndHold, Drift, Reversal
from strategies.evaluate.evaluate import evaluate
from strategies.evaluate.trials import trials


def test_the_summary_is_of_its_bets(events: pd.DataFrame, prices: Prices) -> None:
    found = evaluate(Drift(), events, prices)
    row = found.summary.iloc[0]
    done = found.bets[found.bets["status"] != "open"]
    assert row["n_trades"] == len(done)
    assert row["mean_excess"] == pytest.approx(done["excess_return"].mean())
    assert row["hit_rate"] == pytest.approx((done["excess_return"] > 0).mean())
    assert row["hit_low"] < row["hit_rate"] < row["hit_high"]
    assert row["leave_one_out_low"] <= row["mean_excess"] <= row["leave_one_out_high"]
    assert row["n_orders"] == row["n_filled"] + row["n_refused"] == len(found.orders)
    assert 0 < row["exposure"] <= 1
    assert row["n_clusters"] < row["n_trades"]
    assert list(found.summary.columns[5:]) == [
        field.name for field in dataclasses.fields(Judgement)
    ]


def test_break_even_costs_leave_a_mean_of_zero(events: pd.DataFrame, prices: Prices) -> None:
    free = Limits(stake=1e-3)
    bps = (
        evaluate(Drift(), events, prices, Costs.none(), limits=free)
        .summary["break_even_bps"]
        .iloc[0]
    )
    at_it = Costs(
        commission_bps=0,
        commission_per_order=0,
        spread_bps=0,
        slippage_bps=float(bps),
        borrow_rate=0,
    )
    assert evaluate(Drift(), events, prices, at_it, limits=free).summary["mean_excess"].iloc[
        0
    ] == pytest.approx(0, abs=1e-9)


def test_open_bets_are_counted_apart(events: pd.DataFrame, prices: Prices) -> None:
    row = evaluate(BuyAndHold(), events, prices).summary.iloc[0]
    assert row["n_trades"] == 0
    assert row["n_open"] > 10
    assert row["why_not"] == "needs 2 trades that differ, got 0 trades"
    assert np.isnan(row["mean_excess"])
    assert np.isfinite(row["total_return"])


def test_a_benchmark_without_opens_leaves_the_excess_unknown_and_says_so(
    events: pd.DataFrame, prices: Prices
) -> None:
    dark = dataclasses.replace(prices, open=prices.open.assign(SPY=np.nan))
    row = evaluate(Drift(), events, dark).summary.iloc[0]
    assert "have no benchmark price" in row["why_not"]
    assert np.isnan(row["mean_excess"])
    assert np.isfinite(row["mean_net"])


def test_few_days_have_no_sharpe(events: pd.DataFrame, prices: Prices) -> None:
    row = evaluate(Drift(hold=1), events.head(20), prices).summary.iloc[0]
    assert np.isnan(row["sharpe"])
    assert row["sharpe_why_not"].startswith("needs 60 invested sessions, got ")


def test_no_orders_say_why(events: pd.DataFrame, prices: Prices) -> None:
    row = evaluate(
        Drift(roles=("landlord",)), events[events["role"] == "reporter"], prices
    ).summary.iloc[0]
    assert row["n_orders"] == 0
    assert row["why_not"].startswith("no orders: no event has a role")


def test_its_sentence(events: pd.DataFrame, prices: Prices) -> None:
    assert repr(evaluate(Drift(), events, prices)).startswith("<Evaluation drift against SPY: ")
    assert "no completed trade" in repr(evaluate(BuyAndHold(), events, prices))
    assert "<script" not in evaluate(Drift(), events, prices)._repr_html_()


def test_trials_deflate_what_was_tried(events: pd.DataFrame, prices: Prices) -> None:
    every = [evaluate(Drift(hold=hold), events, prices) for hold in (3, 5, 10, 20)]
    few = evaluate(Drift(hold=1), events.head(20), prices)
    table = trials([*every, few])
    known = table.dropna(subset=["sharpe"])
    assert table["n_trials"].eq(5).all()
    assert (known["deflated"] <= known["probabilistic"]).all()
    assert table["why_not"].iloc[-1] != ""
    assert np.isnan(table["deflated"].iloc[-1])


def test_no_number_of_sessions_makes_one_sure_of_a_ratio_that_is_not_above_zero(
    events: pd.DataFrame, prices: Prices
) -> None:
    table = trials([evaluate(one, events, prices) for one in (Drift(), Reversal())])
    known = table.dropna(subset=["sharpe"])
    assert (known["sharpe"] <= 0).any()
    assert np.isinf(known["min_track_record"]).tolist() == (known["sharpe"] <= 0).tolist()
    assert "inf where the ratio is not above 0" in COLUMNS["min_track_record"].meaning


def test_how_much_ratios_vary_is_that_of_all_that_was_tried(
    events: pd.DataFrame, prices: Prices
) -> None:
    """By hand: the variance of the evaluations' ratios and those of the sweep.

    The latter are t over the root of sessions.
    """
    every = [evaluate(Drift(hold=hold), events, prices) for hold in (5, 10)]
    t = np.array([2.5, -1.0, np.nan, 0.3])
    table = trials(every, t)
    ratios = [account_sharpe(one.whole_equity) for one in every]
    n = np.mean([ratio.n_sessions for ratio in ratios])
    tried = [ratio.per_session for ratio in ratios] + [2.5 / n**0.5, -1.0 / n**0.5, 0.3 / n**0.5]
    bar = expected_best(6, float(np.var(tried, ddof=1)))
    assert table["n_trials"].eq(6).all()
    for ratio, deflated in zip(ratios, table["deflated"], strict=True):
        assert deflated == pytest.approx(probabilistic_sharpe(ratio, bar))
    assert bar != pytest.approx(expected_best(6, float(np.var(tried[:2], ddof=1))), rel=0.01)


def test_the_same_inputs_the_same_tables(events: pd.DataFrame, prices: Prices) -> None:
    one, two = (evaluate(Drift(), events, prices) for _ in range(2))
    for name in ("trades", "bets", "orders", "equity", "summary"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_the_deal_of_april_on_real_prices(real_prices_dir: Path) -> None:
    prices = Prices.read(real_prices_dir)
    sessions = Sessions.exchange(
        "XNYS", str(prices.sessions[0].date()), str(prices.sessions[-1].date())
    )
    placed = place_events(
        Catalog.bundled().filter(ids=["2026-04-09-meta-coreweave-21bn"]).events(), sessions
    )
    trades = evaluate(Drift(hold=5), placed, prices).trades.set_index("ticker")
    trade = trades.loc["CRWV"]
    # before the open of 9 April: bought at that open, 90.40; sold at the close of the fifth
    # session, 118.69
    assert (str(trade["entry_session"].date()), trade["entry_at"]) == ("2026-04-09", "open")
    assert trade["entry_price"] == pytest.approx(90.40, abs=0.005)
    assert (str(trade["exit_session"].date()), trade["exit_at"]) == ("2026-04-15", "close")
    assert trade["exit_price"] == pytest.approx(118.69, abs=0.005)
    assert trade["holding_sessions"] == 5
