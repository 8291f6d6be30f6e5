"""The test that allows for shared shocks: its algebra, its corners and the intervals from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import TESTS, EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, dense_ticker, shared
from backtest.study.dependence.shared import (
    Partners,
    centred,
    joined,
    own_pairs,
    partners,
    partners_in,
    shared_shock,
    shared_shock_of_sums,
    sharing,
)
from backtest.study.inference import CrossSection
from backtest.study.inference.effects.averages import COLUMNS
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t, mean_test
from backtest.study.running_sums import Floats

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def equal(n: int, r: float) -> Floats:
    return (1 - r) * np.eye(n) + r


@pytest.fixture(scope="module")
def golden(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None)
    return study.fit(golden_events, golden_returns)


@pytest.fixture(scope="module")
def parties() -> EventStudyResult:
    market = shared(np.random.default_rng(3), 12, 3.0)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    return study.fit(market.events, market.returns)


@pytest.fixture(scope="module")
def ticker() -> EventStudyResult:
    market = dense_ticker(np.random.default_rng(3), 6)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    return study.fit(market.events, market.returns)


@pytest.mark.parametrize("window", WINDOWS)
def test_without_partners_it_is_the_exact_test_but_for_the_degrees(
    golden: EventStudyResult, window: str
) -> None:
    section = golden.cross_section(window)
    section = section.take(np.unique(sharing(section.window), return_index=True)[1])
    assert len(section) > 5
    ours, exact = kp_bmp_shared_t(section), TESTS["kp_bmp_exact_t"](section)
    assert ours.statistic == pytest.approx(exact.statistic, rel=1e-10)
    assert ours.n_eff == pytest.approx(exact.n_eff, rel=1e-10)
    assert 1 < ours.df <= exact.df
    test = mean_test(section)
    assert test is not None
    assert test.delta == 0


@pytest.mark.parametrize("r", [-0.05, 0.0, 0.3, 0.9])
def test_equal_correlations_give_all_degrees(parties: EventStudyResult, r: float) -> None:
    section = parties.cross_section("[0,4]")
    alike = replace(section.take(np.arange(0, 12, 3)), correlation=equal(4, r))
    test = mean_test(alike)
    assert test is not None
    assert test.df == pytest.approx(3)
    mean, spread = alike.scar.mean(), alike.scar.std(ddof=1)
    wanted = mean / (spread * np.sqrt((1 + 3 * r) / (1 - r) / 4))
    assert test.statistic(alike.scar) == pytest.approx(wanted)


def test_satterthwaite_by_eigenvalues(parties: EventStudyResult) -> None:
    """x'Mx is a sum of chi-squared, weighted by the eigenvalues of MC.

    Degrees of freedom: (sum)^2 over the sum of squares.
    """
    section = parties.cross_section("[0,20]")
    test = mean_test(section)
    assert test is not None
    partner = partners_in(section.window)
    middle = np.eye(12) - 1 / 12
    values = np.linalg.eigvals(middle @ (section.correlation + test.delta * partner)).real
    assert test.df == pytest.approx(values.sum() ** 2 / (values**2).sum())


def test_delta_by_enumeration() -> None:
    """Moments and delta are those of 0.5.

    Over all sign patterns with pairs that agree in 3 of 4.
    """
    pairs = partners(np.repeat(np.arange(3), 2), np.arange(6))
    truth = np.eye(6) + 0.5 * pairs
    top = bottom = 0.0
    for pattern in range(2**6):
        x = np.array([1.0 if pattern >> i & 1 else -1.0 for i in range(6)])
        agree = x[0::2] == x[1::2]
        weight = float(np.where(agree, 0.375, 0.125).prod())
        e = x - x.mean()
        top, bottom = top + weight * (e @ pairs @ e), bottom + weight * (e @ e)
    assert bottom == pytest.approx(np.trace(centred(truth)))
    assert top == pytest.approx((pairs * centred(truth)).sum())


def test_delta_solves_its_moment_equation(parties: EventStudyResult) -> None:
    section = parties.cross_section("[0,0]")
    partner = partners_in(section.window)
    assert partner.sum() == 12 * 2
    delta = shared_shock(section.scar, section.correlation, partner)
    assert 0 < delta < 1
    e = section.scar - section.scar.mean()
    middle = centred(section.correlation + delta * partner)
    assert (e @ partner @ e) / (e @ e) == pytest.approx((partner * middle).sum() / np.trace(middle))


def test_one_announcement_tells_nothing_of_delta() -> None:
    everybody = partners(np.zeros(5, dtype=np.int64), np.arange(5))
    assert shared_shock(np.array([1.0, 2.0, 3.0, 1.0, 0.5]), equal(5, 0.2), everybody) == 0


def test_parties_that_move_together_count_less(parties: EventStudyResult) -> None:
    section = parties.cross_section("[0,0]")
    ours, exact = kp_bmp_shared_t(section), TESTS["kp_bmp_exact_t"](section)
    assert ours.n_eff < exact.n_eff
    assert abs(ours.statistic) < abs(exact.statistic)
    assert ours.df < exact.df


def test_one_security_is_weighted_by_least_squares(ticker: EventStudyResult) -> None:
    """t of the whitened regression on a constant."""
    section = ticker.cross_section("[0,20]")
    root = np.linalg.cholesky(np.linalg.inv(section.correlation)).T
    y, x = root @ section.scar, root @ np.ones(len(section))
    effect = (x @ y) / (x @ x)
    se = np.sqrt(((y - effect * x) ** 2).sum() / (len(y) - 1) / (x @ x))
    ours = kp_bmp_shared_t(section)
    assert ours.statistic == pytest.approx(effect / se)
    assert ours.df == len(section) - 1


def test_the_same_event_twice_is_not_inverted(ticker: EventStudyResult) -> None:
    section = ticker.cross_section("[0,4]")
    twice = section.take(np.array([0, 0, 1, 2, 3]))
    assert np.isfinite(kp_bmp_shared_t(twice).pvalue)
    assert kp_bmp_shared_t(section.take(np.zeros(4, dtype=np.int64))).why_not


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_events(parties: EventStudyResult, n: int) -> None:
    few = parties.cross_section("[0,4]").take(np.arange(n))
    assert kp_bmp_shared_t(few).why_not == f"needs at least 3 events, got {n}"
    assert (mean_test(few) is None) == (n < 2)


@pytest.mark.parametrize("name", ["golden", "parties", "ticker"])
def test_averages_agree_with_the_test(name: str, request: pytest.FixtureRequest) -> None:
    result: EventStudyResult = request.getfixturevalue(name)
    table = result.averages()
    assert list(table.columns) == list(COLUMNS)
    tests = result.tests().set_index(["window", "test"])
    for row in table.to_dict("records"):
        section: CrossSection = result.cross_section(row["window"])
        tested = tests.loc[(row["window"], "kp_bmp_shared_t")]
        assert row["pvalue"] == tested["pvalue"]
        assert row["mean"] == pytest.approx(section.car.mean())
        assert np.sign(row["weighted_mean"]) == np.sign(tested["statistic"])
        assert row["low"] < row["weighted_mean"] < row["high"]
        assert (row["low"] <= 0 <= row["high"]) == (row["pvalue"] >= 0.05)


def test_the_ends_are_where_p_is_five_percent(parties: EventStudyResult) -> None:
    """Taking an end of the interval from every event brings |t| to its quantile."""
    from scipy import stats

    section = parties.cross_section("[0,0]")
    test = mean_test(section)
    assert test is not None
    row = parties.averages().set_index("window").loc["[0,0]"]
    for end in (row["low"], row["high"]):
        moved = section.scar - end / section.car_se
        assert 2 * stats.t.sf(abs(test.statistic(moved)), test.df) == pytest.approx(0.05)
    centre = section.scar - row["weighted_mean"] / section.car_se
    assert test.statistic(centre) == pytest.approx(0, abs=1e-9)


def test_groups_without_a_test_still_have_their_means(parties: EventStudyResult) -> None:
    table = parties.averages("all", "ticker")
    assert len(table) == (1 + 12) * len(WINDOWS)
    single = table[table["group"] == "ticker"]
    assert (single["n_events"] == 1).all()
    assert np.isfinite(single["mean"]).all()
    assert single[["weighted_mean", "low", "high", "df", "delta", "pvalue"]].isna().all(axis=None)


@pytest.mark.parametrize("seed", range(5))
def test_delta_from_sums_is_delta_from_matrices(seed: int) -> None:
    """With securities that stand twice in a group, which are no partners of each other."""
    rng = np.random.default_rng(seed)
    group, column = np.sort(rng.integers(0, 9, 20)), rng.integers(0, 6, 20)
    root = rng.normal(size=(20, 30))
    spread = np.sqrt((root**2).sum(axis=1))
    correlation = root @ root.T / np.outer(spread, spread)
    scar = rng.normal(size=20) + rng.normal(size=9)[group]
    partner = partners(group, column)
    b, among = partner.sum(axis=1), correlation[partner > 0]
    of_all = (float(correlation.sum()), float(b @ correlation.sum(axis=1)))
    of_sums = Partners(group, own_pairs(group, column))
    found = shared_shock_of_sums(scar, of_sums, of_all, (float(among.sum()), float(among.max())))
    assert found == pytest.approx(shared_shock(scar, correlation, partner), rel=1e-9)
    np.testing.assert_array_equal(of_sums.counts, b)
    assert of_sums.form(scar) == pytest.approx(scar @ partner @ scar)


def test_an_announcement_or_a_date_joins() -> None:
    """Directly or through others; a security is no partner of itself on one date."""
    announcement, date = np.array(list("aabcde")), np.array([1, 2, 2, 5, 5, 9])
    group = joined(announcement, date)
    assert group.tolist() == [0, 0, 0, 1, 1, 2]
    found = partners(group, np.array([0, 1, 2, 3, 3, 4]))
    assert found.sum() == 6  # three of the first group, and none of one security twice
    assert found[3, 4] == 0


def test_events_of_one_date_share_its_shock_whatever_they_are_called() -> None:
    """A list of tickers and dates has an announcement a row: the size it was made for is kept."""
    market = shared(np.random.default_rng(3), 12, 3.0)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    apart = market.events.assign(event_id=np.arange(12).astype(str))
    ours, unlinked = (study.fit(events, market.returns) for events in (market.events, apart))
    section = unlinked.cross_section("[0,0]")
    assert len(np.unique(sharing(section.window))) == 4
    test = mean_test(section)
    assert test is not None
    assert test.delta > 0
    pd.testing.assert_frame_equal(
        ours.averages().drop(columns="why_not"), unlinked.averages().drop(columns="why_not")
    )


def test_two_announcements_of_one_security_on_one_date_take_no_room() -> None:
    """Their CARs are one observation: they say nothing of delta, and do not force it to zero."""
    market = shared(np.random.default_rng(3), 12, 3.0)
    study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
    twice = pd.concat([market.events, market.events.iloc[[0]].assign(event_id="again")])
    section = study.fit(twice, market.returns).cross_section("[0,0]")
    assert section.correlation[0, -1] == pytest.approx(1) or (
        np.sort(section.correlation[np.triu_indices(13, 1)])[-1] == pytest.approx(1)
    )
    test = mean_test(section)
    assert test is not None
    assert test.delta > 0.1
