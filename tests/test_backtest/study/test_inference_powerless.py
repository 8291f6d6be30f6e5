"""Tests that could not reject whatever happened say so, and those one event larger answer."""

from __future__ import annotations

import numpy as np
import pytest

from backtest.study import TESTS, EventStudy, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, independent
from backtest.study.inference import CrossSection
from backtest.study.inference.parametric.clustered import sign_flips


@pytest.fixture(scope="module")
def six() -> CrossSection:
    market = independent(np.random.default_rng(5), 6)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, {"w": Window(0, 0)})
    return study.fit(market.events, market.returns).cross_section("w")


@pytest.mark.parametrize("key", ["wild_cluster", "wild_event", "sign_z", "wilcoxon"])
def test_five_signs_cannot_reject(six: CrossSection, key: str) -> None:
    """2 of 32 patterns of signs are as extreme as all alike: p is 0.0625 or more."""
    flips, exact = sign_flips(5, 1)
    assert exact
    assert 2 / len(flips) == 0.0625
    for n in (2, 3, 5):
        few = TESTS[key](six.take(np.arange(n)))
        assert few.why_not.startswith("cannot reject at 5%")
        assert np.isnan([few.statistic, few.pvalue]).all()
    assert "smallest p of 5" in TESTS[key](six.take(np.arange(5))).why_not
    assert not TESTS[key](six).why_not


def test_three_ranks_cannot_reject(six: CrossSection) -> None:
    """All three above every day of their own give z = 3 sqrt(250/252) or less.

    For t(2) 4.30 is asked.
    """
    few = TESTS["grank_exact_t"](six.take(np.arange(3)))
    assert few.why_not.startswith("cannot reject at 5%")
    assert not TESTS["grank_exact_z"](six.take(np.arange(3))).why_not
    assert not TESTS["grank_exact_t"](six.take(np.arange(5))).why_not
