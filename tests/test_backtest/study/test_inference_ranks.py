"""Ranks and signed ranks against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from backtest.study.inference.days.table import centred_ranks
from backtest.study.inference.nonparametric.sign import _signed_ranks, _tails

VALUES = st.sampled_from([np.nan, -2.0, -1.0, 0.0, 0.5, 0.5000001, 1.0, 3.0])


@given(arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 9)), elements=VALUES))
def test_centred_ranks_are_scipys_midranks(values: np.ndarray) -> None:
    ranks = stats.rankdata(values, axis=1, nan_policy="omit")
    n = np.isfinite(values).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(centred_ranks(values), ranks / (n + 1) - 0.5, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 7, 30, 50, 51, 120])
def test_signed_rank_tails_are_scipys(n: int) -> None:
    x = np.random.default_rng(n).normal(0.3, 1.0, n)
    plus = int(stats.rankdata(np.abs(x))[x > 0].sum())
    z = float((plus - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24))
    lower, upper = _tails(x, plus, z)
    assert lower == pytest.approx(stats.wilcoxon(x, alternative="less").pvalue, rel=1e-9)
    assert upper == pytest.approx(stats.wilcoxon(x, alternative="greater").pvalue, rel=1e-9)
    assert min(2 * min(lower, upper), 1.0) == pytest.approx(stats.wilcoxon(x).pvalue, rel=1e-9)


def test_three_signed_ranks_enumerated() -> None:
    assert (8 * _signed_ranks(3)).tolist() == [
        1,
        1,
        1,
        2,
        1,
        1,
        1,
    ]  # 0, 1, 2, 3 twice (3 and 1+2), 4, 5, 6


CARS = st.lists(st.integers(-4, 4), min_size=2, max_size=8)


@settings(max_examples=30, deadline=None)
@given(CARS.filter(lambda cars: sum(car != 0 for car in cars) > 1))
def test_few_cars_with_ties_or_zeros_give_scipys_very_numbers(cars: list[int]) -> None:
    x = np.array(cars) * 0.01
    magnitude = np.abs(x)
    if magnitude.all() and len(np.unique(magnitude)) == len(x):
        x[-1] = x[0]
    assert _tails(x, 0, 0.0) == tuple(
        stats.wilcoxon(x, alternative=side).pvalue for side in ("less", "greater")
    )


def test_many_ties_are_left_to_scipy() -> None:
    x = np.array([0.1, 0.1, -0.2, 0.3, 0.3] * 3)
    assert _tails(x, 0, 0.0) == tuple(
        stats.wilcoxon(x, alternative=side).pvalue for side in ("less", "greater")
    )
