"""The joint test.

Its null correlation by brute force, its p-values where they can be worked out.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from backtest.errors import StudyError
from backtest.study import EventStudy, EventStudyResult, MarketAdjusted, MarketModel, Window, max_t
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.study.dependence.correlation import car_weights
from backtest.study.dependence.shared import partners_in
from backtest.study.inference.joint.max_t import _Hypothesis, adjusted_pvalues, null_correlation
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t, mean_test

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def results(design: str, n_events: int, seed: int = 5) -> list[EventStudyResult]:
    market = SIMULATED[design](np.random.default_rng(seed), n_events)
    return [
        EventStudy(model(BENCHMARK), market.estimation, WINDOWS).fit(market.events, market.returns)
        for model in (MarketModel, MarketAdjusted)
    ]


def hypothesis(result: EventStudyResult, number: int, name: str) -> _Hypothesis:
    section = result.cross_section(name)
    test = mean_test(section)
    assert test is not None
    return _Hypothesis(number, section, kp_bmp_shared_t(section), test)


@pytest.mark.parametrize("design", ["same_day_industry", "shared_strongly", "catalog"])
def test_correlation_across_windows_pair_by_pair(design: str) -> None:
    """`w'Cv` over all pairs of events.

    C from their g vectors, rho by security and delta of partners.
    """
    result = results(design, 9)[0]
    tested = [hypothesis(result, 0, name) for name in WINDOWS]
    ours = null_correlation(tested, [result])
    columns = result.measured.events.column
    rho = result.securities.rho.astype(np.float64)[np.ix_(columns, columns)]
    partner = partners_in(tested[0].events.window)

    def covariance(a: _Hypothesis, b: _Hypothesis) -> float:
        total = 0.0
        g, h = car_weights(a.events.window), car_weights(b.events.window)
        one, two = a.events.window.nominal, b.events.window.nominal
        common = max(min(one.end, two.end) + 1, 0) / np.sqrt(len(one) * len(two))
        for i in range(len(g)):
            for j in range(len(h)):
                c = rho[i, j] * (g[i] @ h[j]) / np.sqrt((g[i] @ g[i]) * (h[j] @ h[j]))
                c += np.sqrt(a.test.delta * b.test.delta) * common * partner[i, j]
                total += a.test.weights[i] * b.test.weights[j] * c
        return total

    for i, left in enumerate(tested):
        for j, right in enumerate(tested):
            wanted = covariance(left, right) / np.sqrt(
                covariance(left, left) * covariance(right, right)
            )
            assert ours[i, j] == pytest.approx(wanted, abs=2e-6)


def test_correlation_across_models_is_that_of_their_statistics() -> None:
    """400 markets: the statistics of two models and two windows correlate as the null says."""
    drawn, said = [], []
    for seed in range(400):
        both = results("independent", 5, seed)
        tested = [hypothesis(r, k, name) for k, r in enumerate(both) for name in ("[0,0]", "[0,4]")]
        drawn.append([h.events.scar.mean() for h in tested])
        if seed < 10:
            said.append(null_correlation(tested, both))
    found = np.corrcoef(np.array(drawn).T)
    np.testing.assert_allclose(found, np.mean(said, axis=0), atol=0.12)
    assert found[0, 2] > 0.8


def test_independent_hypotheses_are_sidaks_and_equal_ones_are_one() -> None:
    outcomes = [Outcome(pvalue=0.01), Outcome(pvalue=0.3), Outcome(pvalue=0.02)]
    apart = adjusted_pvalues(outcomes, np.eye(3))
    assert apart == pytest.approx([1 - 0.99**3, 0.3, 1 - 0.98**2], abs=0.006)
    alike = adjusted_pvalues(outcomes, np.ones((3, 3)))
    assert alike == pytest.approx([0.01, 0.3, 0.02], abs=0.004)


def test_two_correlated_hypotheses_by_integration() -> None:
    r, p = 0.7, 0.03
    z = stats.norm.isf(p / 2)
    square = stats.multivariate_normal([0, 0], [[1, r], [r, 1]])
    inside = square.cdf([z, z], lower_limit=[-z, -z])
    ours = adjusted_pvalues([Outcome(pvalue=p), Outcome(pvalue=0.9)], np.array([[1, r], [r, 1]]))
    assert ours[0] == pytest.approx(1 - inside, abs=0.005)


def test_the_table_of_windows_benchmarks_and_groups() -> None:
    both = results("catalog", 24)
    table = max_t(both)
    assert len(table) == 6
    assert (table["pvalue_adjusted"] >= table["pvalue"]).all()
    ordered = table.sort_values("pvalue")["pvalue_adjusted"].tolist()
    assert all(a <= b for a, b in pairwise(ordered))
    assert table["family"].iloc[0].startswith("6 hypotheses: [0,0], [0,4], [0,20] on MKT")
    groups = max_t(both[:1], "ticker")
    few = groups[groups["n_events"] < 3]
    assert few["why_not"].str.contains("at least 3").all()
    assert few["pvalue_adjusted"].isna().all()
    rest = groups[groups["n_events"] >= 3]
    assert rest["pvalue_adjusted"].notna().all()
    assert "groups" in groups["family"].iloc[0]
    assert max_t(both).equals(table)


def test_nothing_to_judge() -> None:
    with pytest.raises(StudyError, match="at least one"):
        max_t([])
    tiny = results("independent", 2)
    table = max_t(tiny)
    assert table["pvalue_adjusted"].isna().all()
    assert table["family"].iloc[0].startswith("0 hypotheses")
