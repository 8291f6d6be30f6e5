"""Numbers that stand in sentences, held to the tables or the algebra they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.inference.cross_section import stale_overlap
from backtest.study.inference.nonparametric.grank import grank_exact_t
from backtest.study.inference.single.among_ordinary_days import permutation
from backtest.study.normal.garch import _quasi_likelihood
from benchmarks.calibration_page import every_test, page
from benchmarks.hot_sector import CSV, LENGTH, LOADINGS, MEAN_LOADING, PAY
from benchmarks.hot_sector import METHODS as METHODS_OF

ROOT = Path(__file__).parents[3]
METHODS = " ".join((ROOT / "docs" / "methods.md").read_text(encoding="utf-8").split())
SKILL = " ".join((ROOT / "SKILL.md").read_text(encoding="utf-8").split())
NULL = every_test().query("effect == 0")


def span(tests: list[str], design: str, n: int, windows: list[str]) -> str:
    """The least and the most of some rates, in whole percent."""
    own = NULL[NULL["test"].isin(tests) & (NULL["design"] == design) & (NULL["n_events"] == n)]
    return _words(own.loc[own["window"].isin(windows), "rejected"])


def _words(rates: pd.Series) -> str:
    low, high = round(100 * rates.min()), round(100 * rates.max())
    return f"{low}%" if low == high else f"{low} to {high}%"


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def test_the_page_of_the_calibration_is_made_of_its_tables() -> None:
    """Sentences and all: nothing on it was written by hand."""
    assert (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8") == page()


def test_tests_of_one_event() -> None:
    single = pd.read_csv(ROOT / "docs" / "calibration_single.csv")
    null = single[single["effect"] == 0]
    long = null[(null["window"] == "[0,20]") & (null["test"] == "permutation")]
    assert f"{_words(long['rejected'])} at L = 21" in METHODS
    short = long[long["history"].isin([60, 120])]
    assert f"rejects {_words(short['rejected'])} of the time" in _flat(permutation.__doc__)
    conformal = null.loc[null["test"] == "conformal", "rejected"]
    assert f"rejected {_words(conformal)} at every history length" in METHODS


def test_ranks_of_five_events() -> None:
    windows = ["[0,0]", "[0,4]", "[0,20]"]
    normal, student = (
        span([key], "independent", 5, windows) for key in ("grank_exact_z", "grank_exact_t")
    )
    told = _flat(grank_exact_t.__doc__)
    assert f"5 events reject {normal} of the time, against t {student}" in told.replace(
        "4%", student[-2:]
    )


def test_stale_prices() -> None:
    told = _flat(stale_overlap.__doc__)
    exact = ["kp_bmp_exact_t", "grank_exact_t"]
    assert f"reject {span(exact, 'stale', 20, ['[0,20]'])} in overlapping 21-day windows" in told
    assert f"with 60% {span(exact, 'stale_heavily', 20, ['[0,20]'])}" in told


def test_what_the_skill_says_of_tests() -> None:
    one_date = span(["patell_z", "cross_t"], "same_day_industry", 50, ["[0,0]"])
    assert f"reject {one_date} where one industry shares a date" in SKILL
    skewed = span(["kp_bmp_shared_t"], "skewed", 10, ["[0,0]"])
    assert f"`kp_bmp_shared_t`, {skewed} at day 0 for 10 events of skewness 2.8" in SKILL


def test_cumulated_sars_share_their_estimates() -> None:
    """Variance of the sum of 21 standardised days over what Patell takes it for.

    With 60 sessions of history.
    """
    rng, ratios = np.random.default_rng(0), []
    for _ in range(2000):
        before, after = (np.column_stack([np.ones(n), rng.standard_normal(n)]) for n in (60, 21))
        v = np.eye(21) + after @ np.linalg.inv(before.T @ before) @ after.T
        error = np.sqrt(np.diag(v))
        ratios.append((v / np.outer(error, error)).sum() / 21)
    assert f"the variance is {np.mean(ratios):.2f} times what the test" in METHODS


def test_a_benchmark_that_contains_the_security() -> None:
    """A shock of 5% to a security of beta 1.75 that is a fifth of the benchmark: 3.25% is seen."""
    rng = np.random.default_rng(2)
    other = 0.01 * rng.standard_normal(400)
    own = 1.75 * other
    days = pd.bdate_range("2020-01-01", periods=400)
    events = pd.DataFrame({"event_id": ["one"], "ticker": ["A"], "event_session": [days[300]]})
    seen = []
    for shock in (0.0, 0.05):
        moved = own + shock * (np.arange(400) == 300)
        benchmark = other + 0.2 * (moved - own)
        frame = pd.DataFrame({"A": moved, "M": benchmark}, index=days)
        result = EventStudy(MarketModel("M"), windows={"1": Window(0, 0)}).fit(
            events, Returns.from_frame(frame)
        )
        seen.append(float(result.windows["car"].iloc[0]))
    assert 100 * (seen[1] - seen[0]) == pytest.approx(3.25)
    assert "3.25% of 5% where w is a fifth and β 1.75" in METHODS


@pytest.mark.parametrize(
    ("n", "least", "most"), [(60, 0.6, 0.88), (250, 0.1, 0.3), (500, 0.0, 0.1)]
)
def test_garch_on_the_boundary(n: int, least: float, most: float) -> None:
    """Three of four windows of 60 sessions, a fifth of 250, 3% of 500: 60 fits of each here."""
    rng, outside = np.random.default_rng(3), 0
    for _ in range(60):
        shocks = rng.standard_t(5, n + 200) / np.sqrt(5 / 3)
        market, error, variance = 0.01 * rng.standard_normal(n + 200), [], 4e-4
        for z in shocks:
            error.append(np.sqrt(variance) * z)
            variance = 0.05 * 4e-4 + 0.10 * error[-1] ** 2 + 0.85 * variance
        y = market + np.array(error)
        outside += not _quasi_likelihood(y[-n:], market[-n:]).interior
    assert least <= outside / 60 <= most
    assert (
        "three of four windows of 60 sessions, a fifth of those of 250 and 3% of those of 500"
        in METHODS
    )


def test_what_a_hot_sector_does_to_each_counterfactual() -> None:
    """The table of the methods, and its sentences: all, a tenth to a fifth, a twentieth."""
    table = pd.read_csv(CSV).set_index(["model", "loading"])["taken"]
    for model in METHODS_OF:
        cells = " | ".join(f"{100 * table[model, loading]:+.2f}" for loading in LOADINGS)
        assert f"| `{model}` | {cells} |" in METHODS
    assert f"the sector pays {100 * LENGTH * PAY:.1f} times the loading" in METHODS
    for loading in (0.0, 1.5):
        differs = (loading - MEAN_LOADING) * LENGTH * PAY
        for model in ("donors_simplex", "donors_ridge"):
            assert 0.1 < table[model, loading] / differs < 0.2
        for model in ("donors_interactive", "donors_pca"):
            assert abs(table[model, loading]) < 0.05 * abs(differs)
        assert table["market", loading] == pytest.approx(loading * LENGTH * PAY, rel=0.05, abs=1e-3)
