"""Tests of ranks and signs from scores made by hand, and against scipy."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from backtest.study import TESTS
from backtest.study.inference import CrossSection
from backtest.study.inference.nonparametric.grank import over_days
from backtest.study.inference.nonparametric.placebo_shift import among, shifted_means
from backtest.study.inference.nonparametric.rank import rank_t, total_score
from backtest.study.inference.nonparametric.sign import _tails, _tied_tails
from backtest.study.running_sums import Floats
from tests.test_backtest.study.inference.by_hand import APART, equal, section


def with_days(events: CrossSection, **scores: object) -> CrossSection:
    """The same events, with these scores of single days."""
    vars(events)["days"] = SimpleNamespace(**scores)
    return events


# Signs.


@pytest.mark.parametrize("positive", range(8))
def test_the_sign_test_is_the_binomial(positive: int) -> None:
    found = TESTS["sign_z"](section(APART[:7], car=[1.0] * positive + [-1.0] * (7 - positive)))
    sides = {
        side: stats.binomtest(positive, 7, alternative=side).pvalue
        for side in ("two-sided", "less", "greater")
    }
    assert found.statistic == pytest.approx((positive - 3.5) / np.sqrt(7 / 4))
    assert found.pvalue == pytest.approx(sides["two-sided"])
    assert (found.pvalue_lower, found.pvalue_upper) == pytest.approx(
        (sides["less"], sides["greater"])
    )


@pytest.mark.parametrize("key", ["sign_z", "gsign_z"])
def test_a_car_of_exactly_nothing_is_not_positive(key: str) -> None:
    days = {"positive": np.full(6, 50), "history": np.full(6, 100)}
    none, below = (
        TESTS[key](with_days(section(APART[:6], car=[1, 1, 1, -1, -1, last]), **days))
        for last in (0.0, -1.0)
    )
    assert none == below


def test_signs_against_the_share_of_earlier_days_that_were_positive() -> None:
    """Shares 0.4, 0.5 and 0.6 of unequal histories: their mean, and not that of all days."""
    days = {"positive": np.array([4, 10, 60]), "history": np.array([10, 20, 100])}
    found = TESTS["gsign_z"](with_days(section(APART[:3], car=[1, 1, -1]), **days))
    assert found.statistic == pytest.approx((2 - 1.5) / np.sqrt(3 * 0.25))
    days["positive"] = np.array([2, 4, 20])
    found = TESTS["gsign_z"](with_days(section(APART[:3], car=[1, 1, -1]), **days))
    assert found.statistic == pytest.approx((2 - 0.6) / np.sqrt(3 * 0.2 * 0.8))
    assert found.pvalue == pytest.approx(2 * stats.norm.sf(found.statistic))


@pytest.mark.parametrize(
    ("key", "n", "why"),
    [
        ("sign_z", 1, "cannot reject at 5%: the smallest p of 1 event is 1"),
        ("sign_z", 5, "cannot reject at 5%: the smallest p of 5 events is 0.062"),
        ("wilcoxon", 1, "cannot reject at 5%: the smallest p of 1 event is 1"),
        ("wilcoxon", 5, "cannot reject at 5%: the smallest p of 5 events is 0.062"),
    ],
)
def test_too_few_signs(key: str, n: int, why: str) -> None:
    found = TESTS[key](section(APART[:n], car=np.arange(1, n + 1) / 100))
    assert (found.why_not, found.n_events) == (why, n)


def test_cars_of_nothing_do_not_count_among_the_signs_that_could_turn() -> None:
    """Eight events of which five moved cannot reject, and none that moved says nothing at all."""
    cars = [0, 0, 0, 0.01, 0.02, 0.03, 0.04, 0.05]
    found = TESTS["wilcoxon"](section(APART[:8], car=cars))
    assert found.why_not == "cannot reject at 5%: the smallest p of 5 events is 0.062"
    still = TESTS["wilcoxon"](section(APART[:8], car=np.zeros(8)))
    assert still.why_not == "needs at least 1 event with a CAR that is not 0"
    assert still.n_events == 8
    same = TESTS["wilcoxon"](section(APART[:8], car=np.ones(8)))
    assert same.pvalue == pytest.approx(2 / 2**8)


@pytest.mark.parametrize(
    "cars",
    [
        [0.03, -0.01, 0.02, 0.05, 0.04, -0.06, 0.07],  # no ties
        [0.03, -0.03, 0.02, 0.05, 0.04, -0.06, 0.07],  # ties
        [0.0, -0.01, 0.02, 0.05, 0.04, -0.06, 0.07],  # one that did not move
        [1.5, 0.5, -1.0, 1.0, -2.0, 2.5, 3.0, 1.0],  # over 1, and 1 itself
        [
            0.01,
            -0.01,
            -0.02,
            -0.02,
            0.03,
            -0.04,
            -0.05,
        ],  # 1.5 + 5 are as many ranks as 1.5 twice and 3.5
        [0.01, -0.01, 0.02, -0.02, 0.03, -0.03, 0.04, -0.04],  # as many on either side
        [*(0.01 * i for i in range(1, 13)), -0.01],  # the most with ties that are enumerated
    ],
)
def test_signed_ranks_over_every_pattern_of_signs(cars: list[float]) -> None:
    x = np.array(cars)
    moved = x[x != 0]
    ranks = stats.rankdata(np.abs(moved))
    own = ranks[moved > 0].sum()
    sums = np.array(list(product([0, 1], repeat=len(ranks)))) @ ranks
    lower, upper = (sums <= own + 1e-9).mean(), (sums >= own - 1e-9).mean()
    found = TESTS["wilcoxon"](section([140 + 13 * i for i in range(len(x))], car=x))
    assert (found.pvalue_lower, found.pvalue_upper) == pytest.approx((lower, upper))
    assert found.pvalue == pytest.approx(min(2 * min(lower, upper), 1))
    n, whole = len(x), stats.rankdata(np.abs(x))
    spread = np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    assert found.statistic == pytest.approx((whole[x > 0].sum() - n * (n + 1) / 4) / spread)
    if len(moved) < n or len(np.unique(np.abs(x))) < n:
        assert _tied_tails(x) == pytest.approx((lower, upper))


@pytest.mark.parametrize("n", [50, 51])
def test_beyond_fifty_events_the_normal_is_as_good(n: int) -> None:
    x = np.arange(1, n + 1) * np.where(np.arange(n) % 3, 1.0, -1.0)
    plus = int(x[x > 0].sum())
    z = (plus - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    lower, upper = _tails(x, plus, z)
    if n > 50:
        assert (lower, upper) == (stats.norm.cdf(z), stats.norm.sf(z))
    else:
        assert lower + upper > 1 + 1e-4  # the pattern itself is on both sides
        assert upper == pytest.approx(stats.wilcoxon(x, alternative="greater").pvalue)


# Ranks of days.

RANKS = (np.array([1.0, -2.0, 0.0, 4.0, -3.0, 2.0, 3.0]), np.array([4, 1, 0, 4, 1, 4, 1]))
DAILY = np.array([0.5, -2.0, 2.0, -3.0, 1.0, 3.0])  # over the root of the count; one day has none


def test_the_last_days_with_a_score_are_the_window() -> None:
    total, length, days = total_score(*RANKS, 3)
    assert (length, days) == (3, 6)
    assert total == pytest.approx((-3 + 1 + 3) / np.sqrt((DAILY**2).mean()))
    assert total_score(*RANKS, 5)[1:] == (4, 6)  # of five days one has no score


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("corrado_rank_z", "ranks"),
        ("corrado_zivney_z", "standardised_ranks"),
        ("cz_sign_z", "signs"),
    ],
)
def test_ranks_summed_over_the_window(key: str, of: str) -> None:
    found = TESTS[key](with_days(section(APART[:4]), **{of: RANKS}))
    assert found.statistic == pytest.approx(1 / np.sqrt((DAILY**2).mean()) / np.sqrt(3))
    assert (found.n_events, found.pvalue) == (4, 2 * min(found.pvalue_upper, found.pvalue_lower))


@pytest.mark.parametrize(
    ("key", "of"), [("cumrank_fpc_t", "ranks"), ("cz_cumrank_fpc_t", "standardised_ranks")]
)
def test_three_of_six_days_with_the_finite_population_factor(key: str, of: str) -> None:
    found = TESTS[key](with_days(section(APART[:4]), **{of: RANKS}))
    z = 1 / np.sqrt((DAILY**2).mean()) / np.sqrt(3 * 3 / 5)
    t = z * np.sqrt(4 / (5 - z**2))
    assert (found.statistic, found.df) == pytest.approx((t, 4))
    assert found.pvalue == pytest.approx(2 * stats.t.sf(t, 4))


@pytest.mark.parametrize(
    ("square", "room"), [(0.0, True), (8.5, True), (8.99, True), (9.0, False), (10.0, False)]
)
def test_a_rank_at_its_bound_says_so(square: float, room: bool) -> None:
    """Of ten days z^2 is 9 where no day but the event's own has a rank."""
    found = rank_t(float(np.sqrt(square)), 10, 7)
    if room:
        assert found.statistic == pytest.approx(np.sqrt(square * 8 / (9 - square)))
        assert found.df == 8
    else:
        assert found.why_not == "the rank statistic is at its bound: no other day's rank varies"
        assert np.isnan(found.statistic)
    assert found.n_events == 7


# General ranks: the whole window as one more day.


def test_mean_ranks_of_days_count_by_how_many_events_they_have() -> None:
    """Means 1, -1, and 1 of the event; of 4 events a day has 4, 2, none, and 4."""
    found = over_days(np.array([4.0, -2.0, 0.0, 4.0]), np.array([4, 2, 0, 4]), 4)
    z = 1 / np.sqrt((1 + 0.5 + 1) / 3)
    assert found.statistic == pytest.approx(z * np.sqrt(1 / (2 - z**2)))
    assert found == rank_t(float(z), 3, 4)


def test_a_day_of_one_event_counts_too() -> None:
    ranks = over_days(np.array([1.0, -1.0, 0.5, 0.4]), np.array([1, 1, 1, 1]), 1)
    z = 0.4 / np.sqrt((1 + 1 + 0.25 + 0.16) / 4)
    assert ranks.statistic == pytest.approx(z * np.sqrt(2 / (3 - z**2)))


HISTORY = np.array([9, 9, 19, 19, 29])
SIZE = HISTORY + 1
VARIANCE = ((SIZE - 1) / (12 * (SIZE + 1))).sum() / 25  # of the mean of five uniform ranks
PLACE = np.array([0.3, -0.1, 0.2, 0.4, 0.1])


@pytest.mark.parametrize("r", [0.0, 0.05, 0.1])
def test_general_ranks_of_events_that_correlate(r: float) -> None:
    events = section(APART[:5], correlation=equal(5, r))
    with_days(events, history=HISTORY, place=PLACE)
    alone, inflation = 0.18 / np.sqrt(VARIANCE), 1 + 4 * r
    assert TESTS["grank_z"](events).statistic == pytest.approx(alone)
    z, t = TESTS["grank_exact_z"](events), TESTS["grank_exact_t"](events)
    assert z.statistic == pytest.approx(alone / np.sqrt(inflation))
    assert t.statistic == z.statistic
    assert (z.n_eff, t.n_eff) == pytest.approx((5 / inflation, 5 / inflation))
    assert (t.df, t.n_events, z.n_events) == (4, 5, 5)
    assert t.pvalue == pytest.approx(2 * stats.t.sf(t.statistic, 4))


@pytest.mark.parametrize("key", ["grank_exact_z", "grank_exact_t"])
@pytest.mark.parametrize("r", np.linspace(0, 0.95, 20).round(2))
def test_the_smallest_p_is_that_of_every_event_above_all_its_days(key: str, r: float) -> None:
    """Refused where even that is over 5%, with the number itself; else it is what is answered."""
    top = SIZE / (SIZE + 1) - 0.5
    z = top.mean() / np.sqrt(VARIANCE * (1 + 4 * r))
    least = 2 * float(stats.t.sf(z, 4) if key.endswith("t") else stats.norm.sf(z))
    events = with_days(section(APART[:5], correlation=equal(5, r)), history=HISTORY, place=top)
    found = TESTS[key](events)
    if least <= 0.05:
        assert found.pvalue == pytest.approx(least)
        return
    n_eff = f"{5 / (1 + 4 * r):.2g}"
    units = "independent event" if n_eff == "1" else "independent events"
    why = f"cannot reject at 5%: the smallest p of {n_eff} {units} is {least:.2g}"
    assert (found.why_not, found.n_events) == (why, 5)


@pytest.mark.parametrize("key", ["grank_t", "grank_z", "grank_exact_z", "grank_exact_t"])
@pytest.mark.parametrize(
    ("scar", "why"),
    [
        ([1.0, 2.0], "needs at least 3 events, got 2"),
        ([1.0, 1.0, 1.0, 1.0], "the SCARs do not vary"),
    ],
)
def test_general_ranks_need_a_spread(key: str, scar: list[float], why: str) -> None:
    found = TESTS[key](section(APART[: len(scar)], scar=scar))
    assert (found.why_not, found.n_events) == (why, len(scar))


# Among placebos.


def test_a_placebo_as_far_away_counts_on_its_side_and_on_both() -> None:
    found = among(1.0, np.array([1.0, -1.0, 2.0, 0.5, -3.0]), 7)
    assert found.pvalue == pytest.approx((1 + 4) / 6)
    assert found.pvalue_upper == pytest.approx((1 + 2) / 6)
    assert found.pvalue_lower == pytest.approx((1 + 4) / 6)
    assert (found.statistic, found.n_events) == (1.0, 7)


def shifts(counts: list[int]) -> tuple[Floats, Floats, Floats]:
    ones = np.array(counts, float)
    return ones * np.linspace(-1, 1, len(counts)), ones, ones


@pytest.mark.parametrize(("many", "enough"), [(18, False), (19, True), (20, True)])
def test_nineteen_shifts_are_enough(many: int, enough: bool) -> None:
    events = section(APART[:5], scar=[1, 2, 3, 4, 5])
    vars(events)["shifts"] = shifts([5] * many)
    found = TESTS["placebo_shift"](events)
    if enough:
        assert (found.statistic, found.pvalue) == pytest.approx((3, 1 / (many + 1)))
    else:
        assert found.why_not == "needs at least 19 shifts, got 18"
    assert found.n_events == 5


def test_a_shift_counts_that_half_of_the_events_have() -> None:
    events = section(APART[:6])
    vars(events)["shifts"] = shifts([0, 1, 2, 3, 4, 6])
    assert shifted_means(events) == pytest.approx([0.2, 0.6, 1.0])
