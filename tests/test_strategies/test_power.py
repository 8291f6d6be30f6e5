"""Where the truth is known.

An injected drift is found, and nothing is found where there is nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from backtest.prices import Prices
from backtest.prices.sample import market as sample
from backtest.trading import Costs
from backtest.trading.bars import Bars
from backtest.trading.unlimited import excess_returns
from strategies import Drift
from strategies.evaluate.placebo import joint_shifts

N_SEEDS = 200
NOTHING = 1e-12  # an effect nobody could find
SHIFTS = range(25, 84)  # 59 of them: the smallest p is 1/60


def share_significant(
    monkeypatch: pytest.MonkeyPatch, drift: float, n_seeds: int
) -> tuple[float, float]:
    """How often the drift strategy is significant at 5%, and its mean return.

    The share of simulated markets.
    """
    monkeypatch.setattr(sample, "EFFECTS", {"supplier": (0.04, drift or NOTHING)})
    events = sample.sample_events()
    found = []
    for seed in range(n_seeds):
        monkeypatch.setattr(sample, "_SEED", seed)
        prices = Prices.of(sample.sample_prices.__wrapped__())
        found.append(joint_shifts(Drift(hold=5), events, prices, Costs.none(), shifts=SHIFTS))
    return float(np.mean([one.p_two <= 0.05 for one in found])), float(
        np.mean([one.actual for one in found])
    )


@pytest.mark.slow
def test_an_injected_drift_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    share, mean = share_significant(monkeypatch, 0.012, N_SEEDS)
    assert share > 0.85
    assert mean > 0.04


@pytest.mark.slow
def test_noise_is_found_as_often_as_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    share, mean = share_significant(monkeypatch, 0.0, N_SEEDS)
    assert 0.01 <= share <= 0.10  # 5%, give or take three standard errors of 200 seeds
    assert abs(mean) < 0.01


def test_more_drift_is_more_profit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "_SEED", 5)
    means = []
    for drift in (0.0, 0.01):
        monkeypatch.setattr(sample, "EFFECTS", {"supplier": (0.0, drift or NOTHING)})
        prices = Prices.of(sample.sample_prices.__wrapped__())
        orders = Drift(hold=5).orders(sample.sample_events(), prices)
        means.append(excess_returns(orders, Bars.of(prices), Costs.none(), "SPY").mean())
    assert means[1] - means[0] == pytest.approx(0.05, abs=0.015)  # five sessions of one percent
