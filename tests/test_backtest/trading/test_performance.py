"""Statistics of few trades against numbers of others and small worlds counted by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backtest.trading.worth.performance import (
    best_share,
    break_even_bps,
    clusters,
    flips_too_few,
    hit_rate,
    leave_one_out,
    mean_test,
    sign_flip_p,
)
from backtest.trading.worth.sharpe import (
    Sharpe,
    deflated_sharpe,
    expected_best,
    min_track_record,
    probabilistic_sharpe,
    sharpe,
)

EXPECTED = json.loads((Path(__file__).parents[2] / "golden" / "expected.json").read_text())


def test_the_example_of_bailey_and_lopez_de_prado() -> None:
    # SR 2.5 a year, T = 1250 days of 250 a year, 100 trials with variance 1/2 a year, skew -3,
    # kurtosis 10
    paper = EXPECTED["sharpe_reference"]
    ratio = Sharpe(2.5 / math.sqrt(250), 1250, -3.0, 10.0)
    best = expected_best(100, 0.5 / 250)
    assert best == pytest.approx(paper["sr0_daily"], abs=1e-9)
    assert probabilistic_sharpe(ratio, best) == pytest.approx(paper["dsr"], abs=1e-9)
    assert best == pytest.approx(0.1132, abs=5e-5)  # as printed in the paper
    assert probabilistic_sharpe(ratio, best) == pytest.approx(0.9004, abs=5e-5)


def test_golden_trades() -> None:
    golden = EXPECTED["strategy"]
    trades = np.array(list(golden["trades"].values()))
    test = mean_test(trades)
    assert test.mean == pytest.approx(golden["mean"], abs=1e-12)
    assert test.t == pytest.approx(golden["t"], abs=1e-9)
    assert hit_rate(trades).rate == pytest.approx(golden["hit_rate"])


def test_the_exact_interval_of_a_hit_rate() -> None:
    low, high = (
        hit_rate(np.array([1.0] * 5 + [-1.0] * 5)).low,
        hit_rate(np.array([1.0] * 5 + [-1.0] * 5)).high,
    )
    assert (low, high) == pytest.approx((stats.beta.ppf(0.025, 5, 6), stats.beta.ppf(0.975, 6, 5)))
    assert hit_rate(np.array([1.0])).low == pytest.approx(0.025)
    assert math.isnan(hit_rate(np.array([])).rate)


def test_sign_flips_of_a_small_world() -> None:
    # two clusters with sums 3 and 1: |±3 ±1| is 4, 2, 2, 4, so half of the flips are as far as 4
    assert sign_flip_p(np.array([1.0, 2.0, 1.0]), np.array([0, 0, 1])) == 0.5
    # alone each trade may flip: |±1 ±2 ±1| is 4 in two of eight
    assert sign_flip_p(np.array([1.0, 2.0, 1.0]), np.array([0, 1, 2])) == 0.25
    assert sign_flip_p(np.array([0.5]), np.array([0])) == 1.0
    assert math.isnan(sign_flip_p(np.array([]), np.array([], dtype=np.int64)))


def test_few_clusters_say_why_there_is_no_p() -> None:
    assert "1 cluster of bets is 1" in flips_too_few(1)
    assert "2 clusters of bets is 0.5" in flips_too_few(2)
    assert "5 clusters of bets is 0.062" in flips_too_few(5)
    assert flips_too_few(6) == flips_too_few(0) == ""


def test_many_clusters_are_drawn_and_the_draw_is_repeatable() -> None:
    returns = np.random.default_rng(1).normal(0.01, 0.02, 60)
    p = sign_flip_p(returns, np.arange(60))
    assert p == sign_flip_p(returns, np.arange(60))
    assert p == pytest.approx(mean_test(returns).pvalue, abs=0.01)


def test_overlapping_holdings_are_one_cluster() -> None:
    day = pd.to_datetime
    entry = pd.Series(day(["2026-03-02", "2026-03-10", "2026-03-04", "2026-03-20"]))
    leave = pd.Series(day(["2026-03-05", "2026-03-12", "2026-03-10", None]))
    assert clusters(entry, leave).tolist() == [0, 0, 0, 1]  # the third bridges the first two
    assert clusters(entry[:2], leave[:2]).tolist() == [0, 1]
    assert len(clusters(entry[:0], leave[:0])) == 0


def test_leaving_one_out() -> None:
    assert leave_one_out(np.array([1.0, 2.0, 6.0])) == (1.5, 4.0)
    assert all(map(math.isnan, leave_one_out(np.array([1.0]))))


def test_the_best_trade() -> None:
    assert best_share(np.array([3.0, 1.0, -2.0])) == 1.5
    assert math.isnan(best_share(np.array([1.0, -2.0])))


def test_break_even_costs_make_the_mean_zero() -> None:
    gross, passive, traded = np.array([0.03, 0.01]), np.array([0.01, 0.01]), np.array([2.0, 2.0])
    bps = break_even_bps(gross, passive, traded)
    assert bps == pytest.approx(50)
    assert (gross - passive - bps * 1e-4 * traded).mean() == pytest.approx(0, abs=1e-15)


def test_no_sharpe_below_sixty_invested_sessions() -> None:
    returns = np.random.default_rng(0).normal(0.001, 0.01, 300)
    few = sharpe(returns, 59)
    assert math.isnan(few.annual)
    assert few.why_not == "needs 60 invested sessions, got 59"
    assert math.isnan(probabilistic_sharpe(few))
    enough = sharpe(returns, 60)
    low, high = enough.interval()
    assert enough.annual == pytest.approx(returns.mean() / returns.std(ddof=1) * math.sqrt(252))
    assert low < enough.annual < high
    assert sharpe(np.zeros(300), 100).why_not == "the returns do not vary"


def test_the_interval_covers_the_true_ratio() -> None:
    random = np.random.default_rng(3)
    true = 0.05
    covered = [
        low <= true * math.sqrt(252) <= high
        for low, high in (sharpe(random.normal(true, 1, 400), 400).interval() for _ in range(800))
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)


def test_a_deflated_ratio_falls_with_the_number_tried() -> None:
    ratio = Sharpe(0.15, 500, 0.0, 3.0)
    trials = np.random.default_rng(2).normal(0, 0.05, 1000)
    few, many = deflated_sharpe(ratio, trials[:10]), deflated_sharpe(ratio, trials)
    assert probabilistic_sharpe(ratio) > few > many
    assert deflated_sharpe(ratio, np.array([0.15])) == probabilistic_sharpe(ratio)


def test_the_expected_best_of_nothing_is_what_simulation_says() -> None:
    random = np.random.default_rng(5)
    best = random.normal(0, 0.1, (4000, 50)).max(axis=1).mean()
    assert expected_best(50, 0.01) == pytest.approx(best, rel=0.02)


def test_the_track_record_that_would_do() -> None:
    ratio = Sharpe(0.1, 100, 0.0, 3.0)
    needed = min_track_record(ratio)
    assert probabilistic_sharpe(Sharpe(0.1, math.ceil(needed), 0.0, 3.0)) == pytest.approx(
        0.95, abs=1e-3
    )
    assert math.isinf(min_track_record(Sharpe(-0.1, 100, 0.0, 3.0)))
    assert math.isnan(min_track_record(Sharpe(math.nan, 100, math.nan, math.nan)))


numbers = st.lists(st.floats(-0.5, 0.5).filter(lambda x: abs(x) > 1e-6), min_size=2, max_size=9)


@given(numbers)
def test_scaling_trades_changes_no_p_value(values: list[float]) -> None:
    returns, each = np.array(values), np.arange(len(values))
    assert sign_flip_p(returns, each) == sign_flip_p(8 * returns, each)
    assert hit_rate(returns) == hit_rate(8 * returns)
    low, high = leave_one_out(returns)
    assert low - 1e-12 <= returns.mean() <= high + 1e-12
