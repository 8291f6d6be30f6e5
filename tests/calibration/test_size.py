"""Every test rejects as often as it should where it claims to hold.

And the fragile ones break where they must. Simulated markets without an effect;
`docs/calibration.md` has the tables of a longer run.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, MarketModel, Window
from backtest.study.check.designs import BENCHMARK, SIMULATED
from backtest.study.check.rejections import pvalues
from backtest.study.inference import ABOUT, TESTS

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
CLAIMED = [(key, design) for key, about in ABOUT.items() for design in about.holds_in]
RECOMMENDED = [key for key, about in ABOUT.items() if about.recommended]
BREAKS_ON_A_COMMON_DATE = [
    key for key, about in ABOUT.items() if about.correlation.startswith("no")
]
BREAKS_IN_THE_CATALOG = [
    "cross_t",
    "bmp_t",
    "patell_z",
    "wild_event",
    "cumrank_fpc_t",
    "grank_t",
    "gsign_z",
    "wilcoxon",
]
BREAKS_WITH_EVENT_VARIANCE = [key for key, about in ABOUT.items() if about.event_variance == "no"]


@cache
def rejections(design: str, n_events: int, replications: int) -> dict[tuple[str, str], float]:
    """Share of p-values at or below 5% by window and test.

    NaN where under half of the replications gave one.
    """
    drawn = np.empty((replications, len(WINDOWS), len(TESTS)))
    for replication in range(replications):
        market = SIMULATED[design](np.random.default_rng([7, n_events, replication]), n_events)
        study = EventStudy(MarketModel(BENCHMARK), market.estimation, WINDOWS)
        drawn[replication] = pvalues(study.fit(market.events, market.returns), (0.0,), list(TESTS))[
            0
        ]
    given = np.isfinite(drawn).mean(axis=0) > 0.5
    with np.errstate(invalid="ignore"):
        rates = np.where(
            given,
            (drawn <= 0.05).sum(axis=0) / np.maximum(np.isfinite(drawn).sum(axis=0), 1),
            np.nan,
        )
    return {(w, t): float(rates[i, j]) for i, w in enumerate(WINDOWS) for j, t in enumerate(TESTS)}


def within(rate: float, low: float, high: float, replications: int) -> bool:
    """Whether a rate can be told from lying in [low, high], at 3 Monte Carlo errors."""
    return (
        low - 3 * np.sqrt(low * (1 - low) / replications)
        <= rate
        <= high + 3 * np.sqrt(high * (1 - high) / replications)
    )


SHORT = 200  # replications of CI's short form: 3 errors of a rate of 5% are 4.6 points
SIZES = {"catalog": 24, "catalog_regime": 24, "dense_ticker": 12, "skewed": 10, "stale": 20}
SIZES |= {"shared": 30, "shared_strongly": 30, "shared_date": 60, "three_dates": 60, "season": 40}
SIZES |= {"two_tickers": 20, "few_tickers": 60, "leak": 20, "after_run_up": 20}
SIZES |= {"volatile_times": 30, "times_unknown": 20}


def size_of(design: str) -> int:
    return SIZES.get(design, 50)


def together(pairs: list[tuple[str, str]]) -> list[Any]:
    """The tests of one design go to one worker (`--dist loadgroup`), which simulates it once."""
    return [pytest.param(*one, marks=pytest.mark.xdist_group(one[1])) for one in pairs]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "design"), together(CLAIMED))
def test_holds_where_it_claims_to(key: str, design: str) -> None:
    rates = rejections(design, size_of(design), SHORT)
    for window in WINDOWS:
        if np.isfinite(rates[window, key]):
            assert within(rates[window, key], 0.02, 0.07, SHORT), (window, rates[window, key])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "design"),
    together([(key, design) for key in RECOMMENDED for design in ABOUT[key].holds_in]),
)
def test_recommended(key: str, design: str) -> None:
    rates = rejections(design, size_of(design), SHORT)
    for window in WINDOWS:
        if np.isfinite(rates[window, key]):
            assert within(rates[window, key], 0.035, 0.07, SHORT), (window, rates[window, key])


@pytest.mark.slow
@pytest.mark.parametrize("design", ["independent", "same_day_industry", "event_variance"])
@pytest.mark.parametrize("n_events", [5, 20])
@pytest.mark.parametrize("key", RECOMMENDED)
def test_recommended_with_few_events(key: str, n_events: int, design: str) -> None:
    rates = rejections(design, n_events, SHORT)
    for window in WINDOWS:
        if np.isfinite(rates[window, key]):
            assert within(rates[window, key], 0.035, 0.07, SHORT), (window, rates[window, key])


@pytest.mark.slow
@pytest.mark.parametrize("key", BREAKS_ON_A_COMMON_DATE)
def test_breaks_when_an_industry_shares_its_date(key: str) -> None:
    assert rejections("same_day_industry", 50, SHORT)["[0,0]", key] > 0.20


@pytest.mark.slow
@pytest.mark.parametrize("key", BREAKS_IN_THE_CATALOG)
def test_usual_tests_break_in_a_clustered_catalog(key: str) -> None:
    assert rejections("catalog", 24, SHORT)["[0,20]", key] > 0.07


@pytest.mark.slow
@pytest.mark.parametrize("key", BREAKS_WITH_EVENT_VARIANCE)
def test_breaks_when_the_event_raises_variance(key: str) -> None:
    if "event_variance" not in ABOUT[key].holds_in and not key.startswith(
        "kp_patell_z"
    ):  # too timid to show it
        assert rejections("event_variance", 50, SHORT)["[0,4]", key] > 0.08


@pytest.mark.slow
@pytest.mark.parametrize("design", ["shared", "shared_strongly"])
def test_only_the_recommended_allow_for_shared_shocks(design: str) -> None:
    rates = rejections(design, 30, SHORT)
    for key in RECOMMENDED:
        assert within(rates["[0,0]", key], 0.035, 0.07, SHORT)
    for key in ("kp_bmp_exact_t", "grank_exact_t", "patell_exact_z"):
        assert rates["[0,0]", key] > 0.09


@pytest.mark.slow
def test_skew_breaks_the_headline_and_not_its_companion() -> None:
    """Ten events of skewness 2.8 on a single day."""
    rates = rejections("skewed", 10, 300)  # in fewer a rate of 9% is not told from one of 7%
    assert rates["[0,0]", "kp_bmp_shared_t"] > 0.07
    assert within(rates["[0,0]", "bmp_shift"], 0.035, 0.07, 300)


@pytest.mark.slow
def test_an_interval_is_that_of_the_mean_by_precision() -> None:
    """Effects fall with volatility: the plain mean is zero, the one by precision is not."""
    held = []
    for replication in range(400):
        market = SIMULATED["independent"](np.random.default_rng([9, replication]), 30)
        study = EventStudy(MarketModel(BENCHMARK), market.estimation, {"w": Window(0, 0)})
        sigma = study.fit(market.events, market.returns).measured.fit.sigma
        effect = -0.8 * (sigma - sigma.mean())
        values = market.returns.values.copy()
        sessions = market.returns.sessions
        row = sessions.get_indexer(pd.DatetimeIndex(market.events["event_session"]))
        values[row, np.arange(30)] += effect
        moved = Returns(values, sessions, market.returns.tickers)
        found = study.fit(market.events, moved).averages().iloc[0]
        held.append(found["low"] <= np.average(effect, weights=1 / sigma) <= found["high"])
    assert within(float(np.mean(held)), 0.93, 0.97, 400)


@pytest.mark.slow
@pytest.mark.parametrize("design", ["stale", "stale_heavily"])
def test_stale_prices_are_answered_for_on_day_0_only(design: str) -> None:
    rates = rejections(design, 20, SHORT)
    for key in RECOMMENDED:
        assert within(rates["[0,0]", key], 0.02, 0.07, SHORT)
        assert np.isnan(rates["[0,4]", key])
        assert np.isnan(rates["[0,20]", key])


@pytest.mark.slow
@pytest.mark.parametrize("n_events", [3, 5, 8])
def test_the_headline_with_very_few_events(n_events: int) -> None:
    rates = rejections("independent", n_events, SHORT)
    for window in WINDOWS:
        assert within(rates[window, "kp_bmp_shared_t"], 0.03, 0.07, SHORT)
    assert np.isnan(rates["[0,0]", "grank_exact_t"]) == (n_events == 3)


def test_the_headline_holds_where_the_plain_test_breaks() -> None:
    """The comparison in small, for every run."""
    rates = rejections("same_day_industry", 20, 60)
    assert rates["[0,0]", "kp_bmp_shared_t"] <= 0.15
    assert rates["[0,0]", "kp_bmp_exact_t"] <= 0.15
    assert rates["[0,0]", "grank_exact_t"] <= 0.15
    assert rates["[0,0]", "bmp_t"] >= 0.15
