"""Bootstraps and flips of signs, drawn again with plain loops or enumerated by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from backtest.study import TESTS
from backtest.study.inference.parametric.clustered import (
    _drawn,
    clustered_t,
    flips_in_parts,
    sign_flips,
)
from backtest.study.running_sums import Floats
from tests.test_backtest.study.inference.by_hand import APART, section


def johnson(x: Floats, centre: float = 0.0) -> float:
    """sqrt N (S + g S^2 / 3 + g / 6N), g the third moment over the cube of the spread."""
    n, s = len(x), x.std(ddof=1)
    ratio, g = (x.mean() - centre) / s, ((x - x.mean()) ** 3).mean() / s**3
    return float(np.sqrt(n) * (ratio + g * ratio**2 / 3 + g / (6 * n)))


SKEWED = [0.01, 0.02, -0.01, 0.15, 0.0, 0.03, -0.02, 0.01]


def test_johnson_and_hall_from_their_formulas() -> None:
    x = np.array(SKEWED)
    events = section(APART[:8], car=x)
    n, s = 8, x.std(ddof=1)
    ratio, g = x.mean() / s, ((x - x.mean()) ** 3).mean() / s**3
    found = TESTS["johnson_t"](events)
    assert found.statistic == pytest.approx(johnson(x))
    assert (found.df, found.pvalue) == pytest.approx((7, 2 * stats.t.sf(abs(johnson(x)), 7)))
    hall = np.sqrt(n) * (ratio + g * ratio**2 / 3 + g**2 * ratio**3 / 27 + g / (6 * n))
    assert TESTS["hall_z"](events).statistic == pytest.approx(hall)


@pytest.mark.parametrize("key", ["johnson_t", "hall_z"])
def test_cars_that_are_symmetric_about_their_mean_need_no_adjustment(key: str) -> None:
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) * 0.01 + 0.008
    found = TESTS[key](section(APART[:5], car=x))
    assert found.statistic == pytest.approx(stats.ttest_1samp(x, 0).statistic)


@pytest.mark.parametrize(("n", "size"), [(5, 5), (8, 5), (23, 5), (24, 6), (30, 7)])
def test_the_bootstrap_draws_a_quarter_of_the_events_at_least_five(n: int, size: int) -> None:
    x = np.random.default_rng(n).normal(0.004, 0.02, n)
    found = TESTS["lbt_boot"](section([140 + 4 * i for i in range(n)], car=x))
    places = np.random.default_rng(1).integers(0, n, (999, size))
    drawn = [johnson(x[row], float(x.mean())) for row in places if len(set(row)) > 1]
    lower = (1 + sum(one <= johnson(x) for one in drawn)) / (len(drawn) + 1)
    upper = (1 + sum(one >= johnson(x) for one in drawn)) / (len(drawn) + 1)
    assert found.statistic == pytest.approx(johnson(x))
    assert found.pvalue_lower == pytest.approx(lower)
    assert found.pvalue_upper == pytest.approx(upper)
    assert found.pvalue == pytest.approx(2 * min(lower, upper))
    assert np.isnan(found.df)


def test_draws_as_large_as_the_statistic_count_on_both_sides_and_no_p_is_over_one() -> None:
    """CARs of -1, 0 and 1 whose own statistic is 0, as is that of one draw in seven."""
    found = TESTS["lbt_boot"](section(APART, car=[-1, 0, 1] * 4))
    assert found.statistic == 0
    assert found.pvalue_lower + found.pvalue_upper > 1.1
    assert min(found.pvalue_lower, found.pvalue_upper) > 0.5
    assert found.pvalue == 1


# Signs flipped.


def flipped(scar: Floats, cluster: list[int]) -> tuple[float, float, float, float]:
    """The statistic, both tails and the share of its size, over every pattern of signs."""
    labels, at = np.unique(cluster, return_inverse=True)

    def t(x: Floats) -> float:
        n, g = len(x), len(labels)
        away = np.bincount(at, x - x.mean())
        return float(x.mean() / np.sqrt(g / (g - 1) / n**2 * (away**2).sum()))

    own = t(scar)
    draws = np.array([t(scar * np.array(s)[at]) for s in product([1, -1], repeat=len(labels))])
    near = 1e-9
    return (
        own,
        float((draws >= own - near).mean()),
        float((draws <= own + near).mean()),
        float((np.abs(draws) >= abs(own) - near).mean()),
    )


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shift", [-0.6, 0.6])
def test_every_pattern_of_signs_of_seven_events(seed: int, shift: float) -> None:
    scar = np.random.default_rng(seed).normal(shift, 1, 7)
    found = TESTS["wild_event"](section(APART[:7], scar=scar))
    own, upper, lower, both = flipped(scar, list(range(7)))
    assert found.statistic == pytest.approx(own)
    assert (found.pvalue_upper, found.pvalue_lower) == pytest.approx((upper, lower))
    assert found.pvalue == pytest.approx(both)
    assert (found.n_events, found.n_eff) == (7, 7)


def test_clusters_of_windows_that_meet_flip_together() -> None:
    """Ten events in seven clusters: windows of 3 sessions that begin 2 apart meet."""
    rows = [140, 142, 144, 160, 180, 181, 200, 220, 240, 260]
    scar = np.random.default_rng(5).normal(0.7, 1, 10)
    found = TESTS["wild_cluster"](section(rows, scar=scar))
    own, upper, lower, both = flipped(scar, [0, 0, 0, 1, 2, 2, 3, 4, 5, 6])
    assert found.statistic == pytest.approx(own)
    assert (found.pvalue_upper, found.pvalue_lower) == pytest.approx((upper, lower))
    assert found.pvalue == pytest.approx(both)
    assert (found.n_events, found.n_eff) == (10, 7)


def test_a_mean_of_nothing_is_reached_by_every_pattern() -> None:
    found = TESTS["wild_event"](section(APART[:6], scar=[1, -1, 2, -2, 3, -3]))
    assert (found.statistic, found.pvalue) == (0, 1)
    assert found.pvalue_upper == found.pvalue_lower > 0.5


def test_signs_all_alike_are_as_extreme_as_two_patterns_of_all() -> None:
    found = TESTS["wild_event"](section(APART, scar=np.linspace(0.8, 1.2, 12)))
    assert found.pvalue == pytest.approx(2 / 2**12)
    assert found.pvalue_upper == pytest.approx(1 / 2**12)
    assert found.pvalue_lower == 1


def test_of_thirteen_events_patterns_are_drawn_and_the_catalog_is_one_more() -> None:
    found = TESTS["wild_event"](section([*APART, 300], scar=np.linspace(0.8, 1.2, 13)))
    flips = np.random.default_rng(1).choice([1.0, -1.0], (999, 13))
    alike = (np.abs(flips.sum(axis=1)) == 13).sum()
    assert found.pvalue == pytest.approx((1 + alike) / 1000)
    assert found.pvalue_lower == 1


@pytest.mark.parametrize("shift", [-0.4, 0.4])
def test_drawn_patterns_are_no_mirror_of_each_other(shift: float) -> None:
    scar = np.random.default_rng(8).normal(shift, 1, 13)
    found = TESTS["wild_event"](section([*APART, 300], scar=scar))
    flips = np.random.default_rng(1).choice([1.0, -1.0], (999, 13))
    t = stats.ttest_1samp(flips * scar, 0, axis=1).statistic
    own = stats.ttest_1samp(scar, 0).statistic
    assert found.statistic == pytest.approx(own)
    assert found.pvalue_upper == pytest.approx((1 + (t >= own - 1e-9).sum()) / 1000)
    assert found.pvalue_lower == pytest.approx((1 + (t <= own + 1e-9).sum()) / 1000)
    assert found.pvalue == pytest.approx((1 + np.sum(np.abs(t) >= abs(own) - 1e-9)) / 1000)


@pytest.mark.parametrize(
    ("key", "n", "why"),
    [
        ("wild_event", 1, "needs at least 2 events, got 1"),
        ("wild_cluster", 1, "needs at least 2 clusters of events, got 1"),
        ("wild_event", 2, "cannot reject at 5%: the smallest p of 2 events is 0.5"),
        ("wild_event", 5, "cannot reject at 5%: the smallest p of 5 events is 0.062"),
        ("wild_cluster", 4, "cannot reject at 5%: the smallest p of 4 clusters of events is 0.12"),
    ],
)
def test_too_few_to_flip(key: str, n: int, why: str) -> None:
    found = TESTS[key](section(APART[:n]))
    assert (found.why_not, found.n_events) == (why, n)


# The parts.


@pytest.mark.parametrize("n", [1, 2, 5])
def test_sign_flips_are_every_pattern_once(n: int) -> None:
    flips, exact = sign_flips(n, 7)
    assert exact
    assert {tuple(row) for row in flips.tolist()} == set(product([1.0, -1.0], repeat=n))
    assert len(flips) == 2**n


@pytest.mark.parametrize(("n", "exact"), [(12, True), (13, False)])
def test_up_to_twelve_all_patterns_are_laid_out(n: int, exact: bool) -> None:
    flips, whole = sign_flips(n, 7)
    assert whole is exact
    assert flips.shape == (2**12 if exact else 7, n)
    assert not flips.flags.writeable


def test_flips_in_parts_are_the_rows_of_one_table() -> None:
    parts = list(flips_in_parts(2_001, 150))
    assert len(parts) > 1
    np.testing.assert_array_equal(np.vstack(parts), sign_flips(2_001, 150)[0])


def test_very_many_clusters_are_flipped_with_the_same_law() -> None:
    """By bits in place of a table: other draws, as often beyond a bound as those of the table."""
    rng = np.random.default_rng(3)
    sums, sizes = rng.normal(0.1, 1, 2_001), rng.integers(1, 4, 2_001).astype(float)
    table = clustered_t(sign_flips(2_001, 999)[0] * sums, sizes)
    drawn = _drawn(sums, sizes)
    assert not np.isclose(drawn, table).any()
    assert stats.ks_2samp(drawn, table).pvalue > 0.01
