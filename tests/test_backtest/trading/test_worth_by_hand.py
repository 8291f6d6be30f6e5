"""What a strategy's bets are worth, from tables small enough to work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.trading.worth.performance import (
    EXACT_CLUSTERS,
    clusters,
    mean_test,
    sign_flip_p,
    weighted_mean,
)
from backtest.trading.worth.summary import daily_returns, judge

DAYS = pd.bdate_range("2024-01-01", periods=13)
NAN = math.nan


def bets(
    *rows: tuple[int, int | None, float, float, float], **columns: list[object]
) -> pd.DataFrame:
    """Bets by their first and last session, money, gross and excess return; costs are 1%."""
    table = pd.DataFrame(
        {
            "entry_session": [DAYS[first] for first, *_ in rows],
            "exit_session": [pd.NaT if last is None else DAYS[last] for _, last, *_ in rows],
            "value": [money for *_, money, _, _ in rows],
            "gross_return": [gross for *_, gross, _ in rows],
            "excess_return": [excess for *_, excess in rows],
            "status": ["open" if last is None else "closed" for _, last, *_ in rows],
        }
    )
    table["net_return"] = table["gross_return"] - 0.01
    table["net_pnl"] = table["net_return"] * table["value"]
    table["costs"] = 0.01 * table["value"]
    table["traded"] = 2 * table["value"]
    table["adverse_excursion"] = -0.02 * (1 + np.arange(len(rows)))
    return table


def equity(worth: list[float], held: list[int] | None = None) -> pd.DataFrame:
    n = len(worth)
    return pd.DataFrame(
        {
            "equity": worth,
            "benchmark_equity": np.linspace(100, 110, n),
            "n_positions": held or [0] + [1] * (n - 1),
            "gross_exposure": np.linspace(0, 1, n),
        }
    )


FLAT = equity([100.0] * 11)


# Bets.


def test_bets_by_hand() -> None:
    """Four closed and one open; the second and third overlap; the fourth has no benchmark price."""
    table = bets(
        (0, 1, 100.0, 0.05, 0.03),
        (2, 4, 300.0, -0.01, -0.02),
        (3, 5, 100.0, 0.09, 0.06),
        (7, 8, 50.0, 0.03, NAN),
        (9, None, 100.0, 0.5, 0.5),
    )
    found = judge(table, FLAT)
    assert (found.n_trades, found.n_open, found.n_clusters) == (4, 1, 2)
    assert found.hit_rate == pytest.approx(2 / 3)
    assert found.mean_net == pytest.approx((0.04 - 0.02 + 0.08 + 0.02) / 4)
    assert found.mean_excess == pytest.approx(0.07 / 3)
    assert found.median_excess == 0.03
    assert found.weighted_excess == pytest.approx((3 - 6 + 6) / 500)
    t, p = stats.ttest_1samp([0.03, -0.02, 0.06], 0)
    assert (found.t, found.df, found.pvalue) == pytest.approx((t, 2, p))
    assert math.isnan(found.sign_flip_p)
    assert (found.leave_one_out_low, found.leave_one_out_high) == pytest.approx((0.005, 0.045))
    assert found.worst_excess == -0.02
    assert found.mean_adverse_excursion == pytest.approx(-0.05)
    assert found.worst_adverse_excursion == pytest.approx(-0.08)
    # profits of the completed 4, -6, 8 and 1: the best is 8 of 7
    assert found.best_trade_share == pytest.approx(8 / 7)
    # before costs the excess is 1% more: 4 - 1 + 7 of three bets that each trade twice their money
    assert found.break_even_bps == pytest.approx(0.10 / 6 * 1e4)
    assert found.net_pnl == pytest.approx(4 - 6 + 8 + 1 + 49)  # open positions are marked
    assert found.costs == pytest.approx(6.5)
    assert found.why_not == (
        "sign flips cannot reject at 5%: the smallest p of 2 clusters of bets is 0.5; "
        "1 trade has no benchmark price at their entry or exit"
    )


def test_six_clusters_have_a_p_by_sign_flips() -> None:
    rows = [(2 * i, 2 * i + 1, 100.0, 0.02, 0.01 * (i + 1)) for i in range(6)]
    found = judge(bets(*rows), FLAT)
    assert found.n_clusters == 6
    assert found.sign_flip_p == pytest.approx(2 / 64)
    assert found.why_not == ""


def test_no_bet_at_all_and_only_open_ones() -> None:
    for table in (bets(), bets((1, None, 100.0, 0.02, 0.01))):
        found = judge(table, FLAT)
        assert (found.n_trades, found.n_open, found.n_clusters) == (0, len(table), 0)
        assert np.isnan([found.mean_excess, found.hit_rate, found.worst_excess]).all()
        assert np.isnan([found.break_even_bps, found.best_trade_share, found.sign_flip_p]).all()
        assert found.why_not == "needs 2 trades that differ, got 0 trades"


# The account.


def test_an_account_by_hand() -> None:
    """Ten sessions after the first: 100, 120, 90 and 108, held on three of them."""
    worth = [100.0, 100, 120, 120, 90, 90, 90, 108, 108, 108, 108]
    held = [0, 1, 1, 0, 0, 2, 0, 0, 0, 0, 0]
    found = judge(bets((1, 2, 100.0, 0.2, 0.1)), equity(worth, held))
    assert found.total_return == pytest.approx(0.08)
    assert found.benchmark_total_return == pytest.approx(0.10)
    assert found.max_drawdown == pytest.approx(90 / 120 - 1)
    assert (found.invested_sessions, found.n_sessions) == (3, 10)
    assert found.exposure == pytest.approx(0.3)
    assert found.mean_gross == pytest.approx((0.1 + 0.2 + 0.5) / 3)
    assert found.turnover == pytest.approx(200 / np.mean(worth) / (10 / 252))
    assert found.sharpe_why_not == "needs 60 invested sessions, got 3"
    assert daily_returns(equity(worth))[:4].tolist() == pytest.approx([0, 0.2, 0, -0.25])


# Weights, clusters, tests of a mean.


def test_the_mean_return_of_money() -> None:
    r, w = np.array([0.02, -0.01, 0.05]), np.array([1.0, 3.0, 2.0])
    mean = 0.09 / 6
    error = math.sqrt((w**2 * (r - mean) ** 2).sum() * 3 / 2) / 6
    assert weighted_mean(r, w) == pytest.approx((mean, mean / error))
    for scale in (0.001, 1e6):
        assert weighted_mean(r, scale * w) == pytest.approx((mean, mean / error))
    alike = weighted_mean(r, np.full(3, 7.0))
    assert alike == pytest.approx((r.mean(), stats.ttest_1samp(r, 0).statistic))


@pytest.mark.parametrize(
    ("returns", "weights", "mean"),
    [([], [], NAN), ([0.1], [0.0], NAN), ([0.1], [2.0], 0.1), ([0.1, 0.1], [1.0, 3.0], 0.1)],
)
def test_money_without_a_spread_has_no_t(
    returns: list[float], weights: list[float], mean: float
) -> None:
    found = weighted_mean(np.array(returns), np.array(weights))
    assert found[0] == pytest.approx(mean, nan_ok=True)
    assert math.isnan(found[1])


def test_the_mean_that_four_of_five_samples_would_find() -> None:
    r = np.array([0.01, 0.03, -0.02, 0.04])
    found = mean_test(r)
    error = r.std(ddof=1) / 2
    assert found.mde80 == pytest.approx(error * (stats.t.ppf(0.975, 3) + stats.t.ppf(0.8, 3)))
    assert (found.t, found.df) == pytest.approx((r.mean() / error, 3))
    assert mean_test(r[:2]).df == 1
    for few in ([], [0.1], [0.1, 0.1]):
        words = f"needs 2 trades that differ, got {len(few)} trade{'s' * (len(few) != 1)}"
        assert mean_test(np.array(few)).why_not == words


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([(0, 2), (2, 3)], [0, 0]),  # out and in on one session
        ([(0, 2), (3, 4)], [0, 1]),
        ([(3, 4), (0, 2)], [1, 0]),
        ([(0, 9), (1, 2), (5, 6), (10, 11)], [0, 0, 0, 1]),  # the first outlasts the second
        ([(0, None), (9, 10)], [0, 0]),
        ([(4, 4), (4, 4), (5, 5)], [0, 0, 1]),
    ],
)
def test_holding_times_that_touch_are_one_cluster(
    spans: list[tuple[int, int | None]], found: list[int]
) -> None:
    entry = pd.Series([DAYS[first] for first, _ in spans])
    leave = pd.Series([pd.NaT if last is None else DAYS[last] for _, last in spans])
    assert clusters(entry, leave).tolist() == found


@pytest.mark.parametrize("n", [EXACT_CLUSTERS, EXACT_CLUSTERS + 1])
def test_up_to_twelve_clusters_are_enumerated(n: int) -> None:
    found = sign_flip_p(np.full(n, 0.01), np.arange(n))
    if n == EXACT_CLUSTERS:
        assert found == 2 / 2**n
    else:
        flips = np.random.default_rng(0).choice([-1.0, 1.0], size=(9_999, n))
        assert found == (1 + (abs(flips.sum(axis=1)) == n).sum()) / 10_000


def test_numbers_of_clusters_that_nobody_has_do_not_flip() -> None:
    alone = sign_flip_p(np.array([1.0, 2.0, 1.0]), np.array([0, 1, 2]))
    assert sign_flip_p(np.array([1.0, 2.0, 1.0]), np.array([3, 7, 11])) == alone
