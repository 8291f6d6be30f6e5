"""The best of many variants, draw by draw, and Sharpe ratios from their moments."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from backtest.trading.worth.reality_check import DRAWS, Floats, Ints, reality_check
from backtest.trading.worth.sharpe import (
    Sharpe,
    deflated_sharpe,
    expected_best,
    min_track_record,
    probabilistic_sharpe,
    sharpe,
)

NAN = math.nan


# The best of many.


def block_t(returns: Floats, block: Ints) -> float:
    """A mean over its error by blocks: deviations summed by block, times G / (G - 1)."""
    there = np.isfinite(returns)
    r, b = returns[there], block[there]
    sums = np.array([(r[b == one] - r.mean()).sum() for one in np.unique(b)])
    return float(r.mean() / np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)) * len(r))


def variants() -> tuple[Floats, Ints]:
    """Three variants of ten events in five blocks; the second trades seven, the third in three."""
    block = np.repeat([4, 1, 7, 9, 2], 2)
    returns = np.random.default_rng(6).normal(0.01, 0.02, (3, 10))
    returns[1, [0, 5, 8]] = NAN
    returns[2, 6:] = NAN
    returns[2, 5] = 0.03
    return returns, block


def test_the_reality_check_draw_by_draw() -> None:
    returns, block = variants()
    found = reality_check(returns, block)
    names = np.unique(block)
    observed = np.array([block_t(one, block) for one in returns])
    assert found.t == pytest.approx(observed)
    random, drawn = np.random.default_rng(0), []
    for start in range(0, DRAWS, 100):
        flips = random.choice([-1.0, 1.0], size=(len(names), min(100, DRAWS - start)))
        for column in flips.T:
            sign = column[np.searchsorted(names, block)]
            drawn.append([block_t(one * sign, block) for one in returns])
    table = np.nan_to_num(np.array(drawn))
    near = 1 - 1e-9
    best = (1 + (table.max(axis=1) >= observed.max() * near).sum()) / (DRAWS + 1)
    assert found.best_p == pytest.approx(best)
    order = np.argsort(-np.abs(observed))
    stepped, largest = [], 0.0
    for place, at in enumerate(order):
        most = np.abs(table[:, order[place:]]).max(axis=1)
        largest = max(largest, (1 + (most >= abs(observed[at]) * near).sum()) / (DRAWS + 1))
        stepped.append(largest)
    assert found.pvalue[order] == pytest.approx(stepped)
    assert found.n_draws == DRAWS


@pytest.mark.parametrize(
    ("places", "judged"),
    [
        ([0, 1, 3, 4, 5], True),  # five trades in three blocks
        ([0, 3, 5, 6], False),  # four in three
        ([0, 1, 2, 3, 4], False),  # five in two
        ([0, 1, 2, 3, 5, 7], True),
    ],
)
def test_a_variant_needs_five_trades_in_three_blocks(places: list[int], judged: bool) -> None:
    block = np.array([0, 0, 0, 1, 1, 2, 2, 3])
    returns = np.full((2, 8), NAN)
    returns[0] = np.linspace(-0.02, 0.05, 8)
    returns[1, places] = returns[0, places]
    found = reality_check(returns, block)
    assert np.isfinite(found.t).tolist() == [True, judged]
    assert np.isfinite(found.pvalue).tolist() == [True, judged]


def test_nothing_to_judge_and_what_does_not_vary() -> None:
    block = np.arange(6)
    nothing = reality_check(np.full((2, 6), NAN), block)
    assert np.isnan([*nothing.t, *nothing.pvalue, nothing.best_p]).all()
    still = reality_check(np.full((1, 6), 0.01), block)
    assert np.isnan(still.t).all()
    assert np.isnan(still.best_p)


# Sharpe ratios.


def test_moments_of_a_ratio() -> None:
    r = np.array([0.01, -0.02, 0.03, 0.0, 0.015] * 20)
    found = sharpe(r, 60)
    away, s = r - r.mean(), r.std()
    assert found.per_session == pytest.approx(r.mean() / r.std(ddof=1))
    assert found.skew == pytest.approx((away**3).mean() / s**3)
    assert found.kurtosis == pytest.approx((away**4).mean() / s**4)
    sr = found.per_session
    spread = 1 - found.skew * sr + (found.kurtosis - 1) / 4 * sr**2
    assert found.error == pytest.approx(math.sqrt(spread / 99))
    low, high = found.interval(0.9)
    half = stats.norm.ppf(0.95) * found.error * math.sqrt(252)
    assert (low, high) == pytest.approx((found.annual - half, found.annual + half))
    assert probabilistic_sharpe(found, 0.05) == pytest.approx(
        stats.norm.cdf((sr - 0.05) / found.error)
    )
    need = min_track_record(found, 0.05, 0.9)
    assert need == pytest.approx(1 + spread * (stats.norm.ppf(0.9) / (sr - 0.05)) ** 2)


NORMAL = Sharpe(0.1, 100, 0.0, 3.0)


@pytest.mark.parametrize(
    ("ratio", "error"),
    [
        (NORMAL, math.sqrt(1.005 / 99)),
        (replace(NORMAL, n_sessions=1), NAN),
        (replace(NORMAL, n_sessions=2), math.sqrt(1.005)),
        (replace(NORMAL, per_session=1.0, skew=5.0), 0.0),  # no spread is below zero
    ],
)
def test_the_error_of_a_ratio(ratio: Sharpe, error: float) -> None:
    assert ratio.error == pytest.approx(error, nan_ok=True)
    assert math.isnan(probabilistic_sharpe(ratio)) == (not error > 0)


def test_a_ratio_at_the_benchmark_is_never_sure_to_be_above_it() -> None:
    assert min_track_record(NORMAL, 0.1) == math.inf
    assert min_track_record(NORMAL, 0.0999) < math.inf
    assert probabilistic_sharpe(NORMAL, 0.1) == 0.5


def test_the_best_of_one_is_no_best() -> None:
    assert expected_best(0, 1.0) == expected_best(1, 1.0) == 0.0
    euler = 0.5772156649015329
    two = (1 - euler) * stats.norm.ppf(0.5) + euler * stats.norm.ppf(1 - 1 / (2 * math.e))
    assert expected_best(2, 4.0) == pytest.approx(2 * two)


def test_trials_without_a_ratio_do_not_count_unless_they_are_said_to_have_been_tried() -> None:
    trials = np.array([0.1, NAN, 0.02, NAN])
    variance = float(np.var([0.1, 0.02], ddof=1))
    wanted = probabilistic_sharpe(NORMAL, expected_best(2, variance))
    assert deflated_sharpe(NORMAL, trials) == pytest.approx(wanted)
    more = probabilistic_sharpe(NORMAL, expected_best(50, variance))
    assert deflated_sharpe(NORMAL, trials, 50) == pytest.approx(more)


def test_one_known_ratio_says_nothing_of_how_much_ratios_vary() -> None:
    assert deflated_sharpe(NORMAL, np.array([0.1, NAN]), 50) == probabilistic_sharpe(NORMAL)
