"""Lines of `inference/` that `mutmut` changed without a test that saw it: docs/mutation.md."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, EventStudyResult, MarketModel, Returns, Window
from backtest.study import max_t
from backtest.study.inference import HEADLINE_TEST, TESTS, by_security
from backtest.study.inference.effects.difference import LEAST, compare, difference
from backtest.study.inference.joint.families import joint_families
from backtest.study.inference.joint.max_t import _common_share, adjusted_pvalues
from backtest.study.inference.joint.romano_wolf import romano_wolf
from backtest.study.inference.nonparametric.bmp_shift import _scores_of_sums
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.shared_shock import mean_test
from backtest.study.measure.event_windows import plain_window
from backtest.study.measure.shifted import standardised_sums

DAYS = pd.bdate_range("2022-01-03", periods=420)
N = 12
WINDOWS = {"1-day": Window(0, 0), "5-day": Window(0, 4)}


def returns(seed: int = 3) -> pd.DataFrame:
    """S0 to S5 share an industry, the others nothing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        rng.normal(0, 0.01, (len(DAYS), N + 1)),
        index=DAYS,
        columns=["MKT", *(f"S{i}" for i in range(N))],
    )
    frame.iloc[:, 1:7] += rng.normal(0, 0.012, (len(DAYS), 1))
    return frame


def fitted(rows: list[int], frame: pd.DataFrame | None = None, **more: object) -> EventStudyResult:
    """One event a security, S0 first, on the sessions with these numbers."""
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(rows))],
            "ticker": [f"S{i}" for i in range(len(rows))],
            "event_session": DAYS[rows],
            **more,
        }
    )
    study = EventStudy(MarketModel("MKT"), windows=WINDOWS)
    return study.fit(events, Returns.from_frame(returns() if frame is None else frame))


def test_the_difference_of_many_by_brute_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """C pair by pair from the sums themselves: both groups' own sums and the degrees of freedom."""
    monkeypatch.setattr(by_security, "PAIRS_UP_TO", 5)
    section = fitted([390] * N).cross_section("5-day")
    assert section.pair_sums == "by security"
    unit = np.eye(N)
    alone = np.array([section.variance_exact(one) for one in unit])
    c = np.array(
        [
            [
                alone[i]
                if i == j
                else (section.variance_exact(unit[i] + unit[j]) - alone[i] - alone[j]) / 2
                for j in range(N)
            ]
            for i in range(N)
        ]
    )
    first = np.arange(N) < 6
    w = np.where(first, 1 / 6, -1 / 6)
    centring = np.eye(N) - (first[:, None] == first) / 6
    x = section.scar
    error = np.sqrt(x @ centring @ x / np.trace(centring @ c) * (w @ c @ w))
    found = difference(section, first)
    assert found.outcome.statistic == pytest.approx(w @ x / error, rel=1e-4)
    df = N**2 / c.sum() - 2  # N_eff - 2, which is over 1 here
    assert df > 2
    assert found.outcome.df == pytest.approx(df, rel=1e-4)
    assert found.high - found.low == pytest.approx(2 * stats.t.ppf(0.975, df) * error, rel=1e-4)


def test_as_many_events_as_are_needed_are_enough_and_one_fewer_says_nothing() -> None:
    x = np.array([0.3, -1.0, 2.0, 0.5, 1.5, -0.4])
    found = compare(x, np.eye(6), np.arange(6) < LEAST)
    assert found.outcome.why_not == ""
    assert found.outcome.n_events == 6
    nothing = compare(x, np.eye(6), np.arange(6) < LEAST - 1)
    assert "needs at least 3 events in either group, got 2 and 4" in nothing.outcome.why_not
    assert nothing.outcome.n_events == 6
    assert np.isnan([nothing.difference, nothing.low, nothing.high]).all()


def test_joint_rows_of_groups_are_those_of_each_group_where_an_event_cannot_be_measured() -> None:
    """The first event has no 5-day window, so positions among the usable are not those of all."""
    rows = [419, *([390] * 5), *([300] * 6)]
    result = fitted(rows, half=["a"] * 6 + ["b"] * 6)
    table = max_t([result], "half")
    tests = result.tests("half").query("test == 'kp_bmp_shared_t'")
    both = table.merge(tests, on=["group", "group_value", "window"], suffixes=("", "_alone"))
    assert len(both) == 4
    assert set(both["n_events"]) == {5, 6}
    pd.testing.assert_series_equal(
        both["statistic"], both["statistic_alone"], check_names=False, rtol=1e-12
    )


def test_normal_scores_have_variance_one_where_the_correlation_is_none() -> None:
    """Correlations taken pair by pair need not be those of anything: the nearest are drawn from."""
    given = np.array([[1, 0.9, -0.9], [0.9, 1, 0.4], [-0.9, 0.4, 1]])
    values, vectors = np.linalg.eigh(given)
    assert values[0] < -0.1
    root = vectors * np.sqrt(np.maximum(values, 0))
    root /= np.linalg.norm(root, axis=1)[:, None]
    drawn = np.abs(np.random.default_rng(9).standard_normal((200_000, 3)) @ root.T).max(axis=1)
    outcomes = [Outcome(pvalue=p) for p in (0.02, 0.5, 0.9)]
    largest = float((drawn >= stats.norm.isf(0.01)).mean())
    assert adjusted_pvalues(outcomes, given)[0] == pytest.approx(largest, abs=0.004)


def test_results_on_other_sessions_are_judged_together_in_either_order() -> None:
    frame = returns()
    early = fitted(list(range(300, 312)), frame.iloc[:405])
    late = fitted(list(range(404, 416)), frame.iloc[60:])
    one, other = max_t([early, late]), max_t([late, early])
    again = pd.concat([other.iloc[2:], other.iloc[:2]], ignore_index=True)
    np.testing.assert_allclose(one["pvalue_adjusted"], again["pvalue_adjusted"], atol=0.012)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (Window(-5, -1), Window(2, 6), 0.0),
        (Window(2, 6), Window(4, 8), 3 / 5),
        (Window(1, 2), Window(2, 9), 1 / 4),
        (Window(-3, -1), Window(0, 2), 0.0),
    ],
)
def test_sessions_that_two_windows_share(one: Window, other: Window, share: float) -> None:
    measured = fitted([390] * 3).measured
    ends = plain_window(measured, one), plain_window(measured, other)
    assert _common_share(*ends) == pytest.approx(share)
    assert _common_share(*ends[::-1]) == pytest.approx(share)


def test_two_clusters_are_judged_and_one_is_not() -> None:
    two = romano_wolf([fitted([300] * 3 + [390] * 3)])
    assert two["why_not"].eq("").all()
    assert two["n_clusters"].eq(2).all()
    assert two["pvalue_adjusted"].notna().all()
    one = romano_wolf([fitted([390] * 4)])
    assert one["why_not"].eq("needs at least 2 clusters of events, got 1").all()
    assert one[["statistic", "pvalue", "pvalue_adjusted"]].isna().all(axis=None)


def test_events_of_one_share_count_as_their_least_squares_weights_say() -> None:
    frame = returns()
    events = pd.DataFrame(
        {
            "event_id": list("abcde"),
            "ticker": "S7",
            "event_session": DAYS[[380, 382, 385, 390, 396]],
        }
    )
    study = EventStudy(MarketModel("MKT"), windows=WINDOWS)
    section = study.fit(events, Returns.from_frame(frame)).cross_section("5-day")
    test = mean_test(section)
    assert test is not None
    assert test.n_eff == pytest.approx(np.linalg.inv(section.correlation).sum())


def test_a_value_of_some_events_is_not_one_of_all() -> None:
    some = ["a"] * 6 + [None] * 6
    result = fitted([390, 300] * 6, some=some, every=["b"] * 12)
    all_of, every, of_some = joint_families([result], result, ["every", "some"])
    assert every["group_value"].eq("b").all()
    assert every["n_events"].eq(12).all()
    np.testing.assert_array_equal(every["pvalue_adjusted"], all_of["pvalue_adjusted"])
    assert of_some["group_value"].eq("a").all()
    assert of_some["n_events"].eq(6).all()


@pytest.mark.parametrize("many", [False, True])
def test_every_outcome_says_of_how_many_events_it_is(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr(by_security, "PAIRS_UP_TO", 5)
    section = fitted([300 + 8 * i for i in range(N)]).cross_section("5-day")
    assert section.pair_sums == ("by security" if many else "by pair")
    told = {name: test(section) for name, test in TESTS.items()}
    assert {name for name, one in told.items() if one.n_events != N} == set()
    assert {name for name, one in told.items() if one.why_not == ""} > {HEADLINE_TEST, "bmp_shift"}


FROM = {  # events on as many dates: the tests that they are just enough for
    1: {
        "caar_exact_z", "caar_overlap_z", "calendar_time_z", "corrado_rank_z", "corrado_zivney_z",
        "crude_dep_t", "cumrank_fpc_t", "cz_cumrank_fpc_t", "cz_sign_z", "gsign_z",
        "kp_patell_overlap_z", "kp_patell_z", "patell_csar_z", "patell_exact_z",
        "patell_overlap_z", "patell_z", "placebo_shift", "ts_indep_z",
    },
    2: {"bmp_t", "cross_t"},
    3: {
        "bmp_shift", "cr2_date_t", "grank_exact_z", "grank_t", "grank_z", "hall_z", "johnson_t",
        "kp_bmp_exact_neff_t", "kp_bmp_exact_t", "kp_bmp_overlap_neff_t", "kp_bmp_overlap_t",
        "kp_bmp_shared_t", "kp_bmp_t",
    },
    4: {"grank_exact_t"},
    5: {"lbt_boot"},
}  # fmt: skip


@pytest.mark.parametrize("n", FROM)
def test_which_tests_so_few_events_are_enough_for(n: int) -> None:
    section = fitted([330 + 15 * i for i in range(n)]).cross_section("5-day")
    found = {name for name, test in TESTS.items() if test(section).why_not == ""}
    assert found == set().union(*(names for least, names in FROM.items() if least <= n))


def test_independent_events_of_the_scaled_patell_tests() -> None:
    section = fitted([390] * N).cross_section("5-day")
    inflation = 1 + (N - 1) * section.r_bar
    assert inflation > 1.5
    assert TESTS["kp_patell_z"](section).n_eff == pytest.approx(N / inflation)


def test_independent_events_as_informative_as_those_of_the_caar() -> None:
    section = fitted([390] * N).cross_section("5-day")
    se = section.car_se
    variance = se @ section.correlation @ se
    assert TESTS["caar_exact_z"](section).n_eff == pytest.approx(N * (se @ se) / variance)


def test_scores_of_shifts_of_many_events_by_brute_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """The t of every shift from the table of all events' sums, which the sums stand in for."""
    monkeypatch.setattr(by_security, "PAIRS_UP_TO", 5)
    section = fitted([390] * N).cross_section("1-day")
    table = standardised_sums(section.window) + 0.8  # a mean far from zero
    there = np.isfinite(table)
    sums = tuple(np.where(there, value, 0).sum(axis=0) for value in (table, there, table**2))
    monkeypatch.setattr(type(section), "shifts", sums)
    found = _scores_of_sums(section)
    r = section.r_star
    assert r > 0.02
    seen = 0
    for at, column in enumerate(table.T):
        x = column[np.isfinite(column)]
        n = len(x)
        if n < 6:
            assert np.isnan(found[at])
            continue
        spread = ((x - x.mean()) ** 2).sum() / (n - 1) / (1 - r)  # of E[x'Mx] = v (n - 1)(1 - r)
        t = x.mean() / np.sqrt(spread * (1 + (n - 1) * r) / n)
        assert stats.norm.cdf(found[at]) == pytest.approx(stats.t.cdf(t, n - 1), rel=1e-9)
        seen += 1
    assert seen > 100
