"""Shocks that events share, shifts of a catalog, families of hypotheses, by other ways."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, EventStudyResult, MarketModel, Returns, Window
from backtest.study import TESTS, adjust_events, max_t, romano_wolf
from backtest.study.inference import CrossSection, by_security
from backtest.study.inference.joint.multiple import FAMILY, adjust
from backtest.study.inference.nonparametric.bmp_shift import (
    _column_scores,
    _largest,
    _no_less,
    _score,
    _scores_of_sums,
    shifted,
)
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.shared_shock import mean_test
from tests.test_backtest.study.inference.by_hand import APART, equal, section

DAYS = pd.bdate_range("2022-01-03", periods=420)
NAN = float("nan")


def study(
    places: list[tuple[str, int]],
    late: dict[str, int] | None = None,
    shock: float = 0.0,
    model: MarketModel | None = None,
    **windows: Window,
) -> EventStudyResult:
    """Events of tickers at rows; `late` shares begin at a row; events of a row share a shock."""
    tickers = sorted({ticker for ticker, _ in places})
    rng = np.random.default_rng(8)
    values = rng.normal(0, 0.01, (420, len(tickers) + 2))
    values[:, 2:] += 0.6 * values[:, [0]] + rng.normal(0, 0.006, (420, 1))
    common = {row: rng.normal(0, shock) if shock else 0.0 for _, row in places}
    for ticker, row in places:
        values[row, 2 + tickers.index(ticker)] += common[row]
    frame = pd.DataFrame(values, index=DAYS, columns=["MKT", "OWN", *tickers])
    for ticker, row in (late or {}).items():
        frame.loc[DAYS[:row], ticker] = NAN
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(places))],
            "ticker": [ticker for ticker, _ in places],
            "event_session": DAYS[[row for _, row in places]],
            "kind": ["a", "b"] * (len(places) // 2) + ["a"] * (len(places) % 2),
        }
    )
    fit = EventStudy(
        model or MarketModel("MKT"), Window(-130, -11), windows or {"w": Window(0, 0)}, None,
        skip_after_listing=0,
    )  # fmt: skip
    return fit.fit(events, Returns.from_frame(frame))


FOUR_DATES = [(f"S{i}", 300 + 20 * (i % 4)) for i in range(12)]


# The recommended test.


def test_a_shared_shock_by_matrices() -> None:
    """v = x'Mx / tr(MA), df = tr(MA)^2 / tr(MAMA) with A = C + delta B, delta by its moments."""
    events = study(FOUR_DATES, shock=0.03).cross_section("w")
    n, x, c = 12, events.scar, events.correlation
    row = np.array([row for _, row in FOUR_DATES])
    b = ((row[:, None] == row) & ~np.eye(n, dtype=bool)).astype(float)
    m = np.eye(n) - 1 / n
    ratio = (x @ m @ b @ m @ x) / (x @ m @ x)
    excess = ratio * np.trace(m @ c) - np.trace(b @ m @ c @ m)
    delta = excess / (np.trace(b @ m @ b @ m) - ratio * np.trace(m @ b))
    assert 0.05 < delta < 1 - c[b > 0].max()
    a = c + delta * b
    spread = x @ m @ x / np.trace(m @ a)
    t = x.mean() / np.sqrt(spread * a.sum() / n**2)
    df = np.trace(m @ a) ** 2 / np.trace(m @ a @ m @ a)
    found = TESTS["kp_bmp_shared_t"](events)
    assert (found.statistic, found.df) == pytest.approx((t, df))
    assert found.n_eff == pytest.approx(n**2 / a.sum())
    assert found.pvalue == pytest.approx(2 * stats.t.sf(abs(t), df))


@pytest.mark.parametrize("shock", [0.0, 0.03])
def test_sums_by_security_stand_in_for_pairs(shock: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Partners correlate as their securities do, over all sessions, which is what the sums take."""
    by_pair = mean_test(study(FOUR_DATES, shock=shock).cross_section("w"))
    monkeypatch.setattr(by_security, "PAIRS_UP_TO", 5)
    events = study(FOUR_DATES, shock=shock).cross_section("w")
    assert events.pair_sums == "by security"
    found = mean_test(events)
    assert found is not None
    assert by_pair is not None
    assert found.delta == pytest.approx(by_pair.delta, rel=0.03)
    assert (found.delta > 0.05) == (shock > 0)
    assert found.n_eff == pytest.approx(by_pair.n_eff, rel=0.03)
    assert found.statistic(events.scar) == pytest.approx(by_pair.statistic(events.scar), rel=0.03)
    assert found.df == pytest.approx(max(min(found.n_eff, 12) - 1, 1))
    assert found.weights == pytest.approx(np.full(12, 1 / 12))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_how_few_events_the_recommended_test_weighs(n: int) -> None:
    events = section(APART[:n])
    assert (mean_test(events) is None) == (n < 2)
    found = TESTS["kp_bmp_shared_t"](events)
    assert found.n_events == n
    assert (found.why_not == "") == (n == 3)


@pytest.mark.parametrize("key", ["kp_bmp_shared_t", "bmp_shift"])
def test_events_that_are_one_observation_are_refused(key: str) -> None:
    found = TESTS[key](section(APART[:5], correlation=np.ones((5, 5))))
    assert (found.why_not, found.n_events) == ("all events are the same observation", 5)


def test_events_of_one_security_that_do_not_vary_have_no_t() -> None:
    found = TESTS["kp_bmp_shared_t"](section(APART[:5], scar=np.ones(5)))
    assert found.why_not == "the statistic is not finite: there is no variation"


# Shifts.


def test_the_largest_correlation_of_partners_that_are_both_there() -> None:
    c = np.array([[1, 0.5, 0.9], [0.5, 1, -0.2], [0.9, -0.2, 1]])
    b = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], float)
    there = np.array([[1, 1, 0, 1, 0], [1, 1, 1, 0, 0], [1, 0, 1, 1, 1]], dtype=bool)
    assert _largest(c, b, there).tolist() == [0.9, 0.5, -np.inf, 0.9, -np.inf]


def test_a_placebo_p_is_no_less_than_that_of_student_on_every_side() -> None:
    own = Outcome(2.0, 0.01, pvalue_upper=0.2, pvalue_lower=0.7, n_events=9)
    student = Outcome(2.5, 0.03, 4.0, pvalue_upper=0.015, pvalue_lower=0.985)
    found = _no_less(own, student)
    assert (found.pvalue, found.pvalue_upper, found.pvalue_lower) == (0.03, 0.2, 0.985)
    assert (found.statistic, found.n_events) == (2.0, 9)


@pytest.mark.parametrize("t", [-9.0, -1.0, 0.0, 0.5, 12.0])
def test_a_t_as_the_normal_value_as_improbable(t: float) -> None:
    found = float(_score(np.array([t]), np.array([5.0]))[0])
    assert found == pytest.approx(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), 5)), abs=1e-12)


@pytest.mark.parametrize(
    ("late", "first"), [({}, 0), (4, 0), (5, 60)]
)  # of eight; a shift counts that half of the events have
def test_shifts_that_half_of_the_events_have(late: int | dict[str, int], first: int) -> None:
    n_late = late if isinstance(late, int) else 0
    places = [(f"S{i}", 300) for i in range(8)]
    events = study(places, {f"S{i}": 230 for i in range(n_late)}).cross_section("w")
    scores = _column_scores(events)
    assert len(scores) == 120
    assert np.flatnonzero(np.isfinite(scores))[0] == first
    found = shifted(events)
    assert not isinstance(found, str)
    assert found.days.tolist() == list(range(-130 + first, -10))


@pytest.mark.parametrize(("counts", "there"), [(3, False), (4, True), (8, True)])
def test_sums_of_shifts_that_half_of_the_events_have(counts: int, there: bool) -> None:
    events = section(APART[:8])
    one = np.array([counts])
    vars(events)["shifts"] = (0.5 * one, one, 1.3 * one)
    found = _scores_of_sums(events)
    assert np.isfinite(found).tolist() == [there]
    if there:
        n, r = counts, events.r_star
        spread = n * (1.3 - 0.25) / (n - 1 - (n - 1) * r)
        t = 0.5 / np.sqrt(spread * (1 + (n - 1) * r) / n)
        assert found == pytest.approx(_score(np.array([t]), np.array([n - 1.0])))


@pytest.mark.parametrize(
    ("window", "gap", "why"),
    [
        (Window(0, 0), 0, ""),
        (Window(0, 1), 1, "most windows share sessions with another of their ticker"),
        (Window(0, 1), 2, ""),
        (Window(0, 4), 30, ""),
        (Window(0, 5), 30, ""),
        (Window(0, 5), 3, "windows of 6 sessions overlap"),
    ],
)
def test_where_too_few_shifts_are_independent(window: Window, gap: int, why: str) -> None:
    """Pairs of events of a security, `gap` sessions apart; securities are far apart."""
    places = [(f"S{i}", 200 + 60 * i + day) for i in range(3) for day in ({0, gap} if gap else {0})]
    found = shifted(study(places, w=window).cross_section("w"))
    if why:
        assert isinstance(found, str)
        assert found == f"{why}: too few shifts are independent of each other"
    else:
        assert not isinstance(found, str)


def test_half_of_the_events_may_overlap_another_of_their_ticker() -> None:
    places = [("S0", 300), ("S0", 301), ("S1", 330), ("S2", 360)]
    assert not isinstance(shifted(study(places, w=Window(0, 1)).cross_section("w")), str)


# Families.


WINDOWS = {"w": Window(0, 0), "wide": Window(0, 4)}


def joint(results: list[EventStudyResult], *by: str) -> pd.DataFrame:
    return max_t(results, *by).set_index(["group_value", "benchmark", "window"])


@pytest.mark.parametrize("by", [(), ("kind",)])
def test_hypotheses_by_security_correlate_as_by_pair(
    by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_pair = joint([study(FOUR_DATES, **WINDOWS)], *by)
    monkeypatch.setattr(by_security, "PAIRS_UP_TO", 3)
    found = joint([study(FOUR_DATES, **WINDOWS)], *by)
    scale = found["pvalue"] / by_pair["pvalue"]  # the degrees of freedom are others
    adjusted = found["pvalue_adjusted"] / found["pvalue"]
    np.testing.assert_allclose(adjusted, by_pair["pvalue_adjusted"] / by_pair["pvalue"], rtol=0.12)
    assert scale.between(0.5, 2).all()
    words = "4 hypotheses: w, wide on MKT in 2 groups" if by else "2 hypotheses: w, wide on MKT"
    assert found["family"].eq(words).all()


def test_families_of_two_benchmarks_name_both() -> None:
    both = [study(FOUR_DATES, **WINDOWS), study(FOUR_DATES, model=MarketModel("OWN"), **WINDOWS)]
    assert joint(both)["family"].eq("4 hypotheses: w, wide on MKT, OWN").all()
    assert romano_wolf(both)["family"].eq("4 hypotheses: w, wide on MKT, OWN").all()


def test_results_without_an_event_in_common_have_nothing_to_flip() -> None:
    one, other = study(FOUR_DATES[:4], **WINDOWS), study([("T", 300), ("U", 330)], **WINDOWS)
    table = romano_wolf([one, other])
    assert table["why_not"].eq("needs at least 2 clusters of events, got 0").all()
    assert table["n_events"].eq(0).all()
    assert table[["statistic", "pvalue", "pvalue_adjusted"]].isna().all(axis=None)
    assert table["pvalue"].dtype == float


def test_clusters_are_of_the_longest_window_that_leaves_six_of_them() -> None:
    """Ten events 8 apart: ten clusters of 5 sessions or of 1, and one of 9."""
    places = [(f"S{i}", 300 + 8 * i) for i in range(10)]
    windows = {"short": Window(0, 0), "five": Window(0, 4), "long": Window(0, 8)}
    table = romano_wolf([study(places, **windows)])
    assert table["clusters"].eq("five").all()
    assert table["n_clusters"].eq(10).all()
    few = romano_wolf([study(places[:4], **windows)])
    assert few["clusters"].eq("five").all()  # four clusters are most


def test_holm_is_taken_family_by_family_wherever_the_rows_stand() -> None:
    table = pd.DataFrame(
        {
            "group": "all", "group_value": "", "model": "m", "test": ["s", "t", "s", "t", "s"],
            "pvalue": [0.01, 0.04, 0.04, NAN, 0.03],
        }
    )  # fmt: skip
    assert set(FAMILY) <= set(table)
    found = adjust(table)["pvalue_adjusted"]
    np.testing.assert_allclose(found, [0.03, 0.04, 0.06, NAN, 0.06])


def test_lists_of_single_tests_are_adjusted_test_by_test_and_keep_their_index() -> None:
    table = pd.DataFrame(
        {
            "model": "m", "benchmark": "b", "window": [*"wwwv"], "test": [*"ssts"],
            "pvalue": [0.01, 0.03, 0.02, 0.04],
        },
        index=[7, 7, 3, 1],
    )  # fmt: skip
    found = adjust_events(table)
    np.testing.assert_allclose(found["pvalue_adjusted"], [0.02, 0.03, 0.02, 0.04])
    assert found.index.tolist() == [7, 7, 3, 1]
    assert found["family"].iloc[0] == "2 events of the window, Benjamini-Hochberg"
    wide = adjust_events(table, across_windows=True)
    harmonic = 1 + 1 / 2 + 1 / 3
    wanted = [0.03 * harmonic, 0.04 * harmonic, 0.02, 0.04 * harmonic]
    np.testing.assert_allclose(wide["pvalue_adjusted"], np.minimum(wanted, 1))


def test_equal_correlations_are_those_of_the_scaled_test() -> None:
    """Without partners and with one correlation the recommended test is that of KP, df and all."""
    scar = [2.0, -1.0, 1.0, 1.5, 0.5]
    events: CrossSection = section(APART[:5], scar=scar, correlation=equal(5, 0.2))
    found, scaled = TESTS["kp_bmp_shared_t"](events), TESTS["kp_bmp_exact_t"](events)
    assert (found.statistic, found.df, found.n_eff) == pytest.approx(
        (scaled.statistic, scaled.df, scaled.n_eff)
    )
