"""What must not change the answer.

Units, order, names, bystanders, how a catalog is cut, and the future.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backtest.prices import Returns
from backtest.study import (
    TESTS,
    Dimson,
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    ScholesWilliams,
    SyntheticControl,
    Window,
)
from backtest.study.normal import NormalModel

SESSIONS, TICKERS = 220, ("M", "F", "A", "B", "C", "D")
DATES = pd.bdate_range("2024-01-02", periods=SESSIONS)
EXCLUDE = Window(-1, 5)
RESAMPLED = {"wild_event", "wild_cluster", "lbt_boot"}  # the draws meet the events in another order
NUMBERS = ["raw_return", "car", "car_se", "scar", "pvalue", "bhar", "bhar_model", "mde80"]
MODELS: dict[str, NormalModel] = {
    "mean": MeanAdjusted(),
    "adjusted": MarketAdjusted("M"),
    "market": MarketModel("M"),
    "factors": MultiFactor(("M", "F")),
    "excess": MultiFactor(("M",), risk_free="F"),
    "scholes_williams": ScholesWilliams("M"),
    "dimson": Dimson("M"),
    "peers": MarketModel("PEERS", ("A", "B", "C", "D")),
    "synthetic": SyntheticControl(("A", "B", "C", "D"), without_news=False),
}
seeds = st.integers(0, 2**32 - 1)
few = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest) -> NormalModel:
    return MODELS[request.param]


def made_returns(seed: int) -> Returns:
    rng = np.random.default_rng(seed)
    market = rng.normal(0.0005, 0.01, (SESSIONS, 1))
    values = (
        market * rng.uniform(0.5, 2, len(TICKERS))
        + rng.standard_t(5, (SESSIONS, len(TICKERS))) * 0.012
    )
    values[rng.integers(0, SESSIONS, 6), rng.integers(2, len(TICKERS), 6)] = np.nan
    return Returns(values, DATES, TICKERS)


def made_events(seed: int, n: int = 8) -> pd.DataFrame:
    rng = np.random.default_rng([seed, 1])
    return pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "ticker": rng.choice(TICKERS[2:], n),
            "event_session": DATES[rng.integers(140, 198, n)],
        }
    )


def studied(
    model: NormalModel, returns: Returns, events: pd.DataFrame, exclude: Window | None = EXCLUDE
) -> EventStudyResult:
    return EventStudy(model, Window(-130, -11), exclude=exclude).fit(events, returns)


def statistics(result: EventStudyResult) -> dict[str, float]:
    section = result.cross_section("5-day")
    return {name: test(section).statistic for name, test in TESTS.items()}


def by_event(result: EventStudyResult, columns: list[str]) -> pd.DataFrame:
    return result.windows.set_index(["event_id", "window"]).sort_index()[columns].astype(float)


def assert_same(
    left: EventStudyResult, right: EventStudyResult, columns: list[str] = NUMBERS
) -> None:
    pd.testing.assert_frame_equal(
        by_event(left, columns), by_event(right, columns), rtol=1e-6, atol=1e-9
    )


def assert_same_tests(
    left: EventStudyResult, right: EventStudyResult, without: frozenset[str] = frozenset()
) -> None:  # never changed
    ours, theirs = statistics(left), statistics(right)
    for name, value in ours.items():
        if name not in without:
            assert theirs[name] == pytest.approx(value, rel=1e-5, abs=1e-7, nan_ok=True), name


@few
@given(seed=seeds, scale=st.sampled_from([0.01, 0.5, 3.0]))
def test_units(model: NormalModel, seed: int, scale: float) -> None:
    """Returns in other units.

    Sums and errors scale with them, statistics and p-values do not move.
    """
    returns, events = made_returns(seed), made_events(seed)
    plain = studied(model, returns, events)
    scaled = studied(model, Returns(returns.values * scale, DATES, TICKERS), events)
    assert_same(plain, scaled, ["scar", "pvalue"])
    for column in ("car", "car_se", "mde80"):
        found, wanted = by_event(scaled, [column]), by_event(plain, [column])
        np.testing.assert_allclose(found, wanted * scale, rtol=1e-6, atol=1e-9 * scale)
    assert_same_tests(plain, scaled)


@few
@given(seed=seeds, order=st.permutations(range(8)))
def test_order_of_events(model: NormalModel, seed: int, order: list[int]) -> None:
    returns, events = made_returns(seed), made_events(seed)
    plain, permuted = studied(model, returns, events), studied(model, returns, events.iloc[order])
    assert_same(plain, permuted)
    assert_same_tests(plain, permuted, RESAMPLED)


@few
@given(seed=seeds)
def test_names(seed: int) -> None:
    """Tickers by other names, in other columns."""
    returns, events = made_returns(seed), made_events(seed)
    order = np.random.default_rng(seed).permutation(len(TICKERS))
    renamed = Returns(
        returns.values[:, order].copy(), DATES, tuple(f"X{TICKERS[i]}" for i in order)
    )
    other = studied(MarketModel("XM"), renamed, events.assign(ticker="X" + events["ticker"]))
    plain = studied(MarketModel("M"), returns, events)
    assert_same(plain, other)
    assert_same_tests(plain, other)


@few
@given(seed=seeds)
def test_a_silent_ticker(model: NormalModel, seed: int) -> None:
    """A security without events is a bystander, whatever its returns."""
    returns, events = made_returns(seed), made_events(seed)
    wild = np.random.default_rng(seed).normal(0, 0.5, (SESSIONS, 1))
    wider = Returns(np.hstack([wild, returns.values]), DATES, ("AAA", *TICKERS))
    plain, with_it = studied(model, returns, events), studied(model, wider, events)
    assert_same(plain, with_it)
    assert_same_tests(plain, with_it)


@few
@given(seed=seeds, cut=st.integers(1, 7))
def test_a_catalog_cut_in_two(model: NormalModel, seed: int, cut: int) -> None:
    """Each event is measured as if alone.

    Unless events are to be cut out of each other's estimation windows.
    """
    returns, events = made_returns(seed), made_events(seed)
    whole = by_event(studied(model, returns, events, exclude=None), NUMBERS)
    parts = [
        studied(model, returns, part, exclude=None)
        for part in (events.iloc[:cut], events.iloc[cut:])
    ]
    merged = pd.concat([by_event(part, NUMBERS) for part in parts]).sort_index()
    pd.testing.assert_frame_equal(whole, merged, rtol=1e-6, atol=1e-9)


@few
@given(seed=seeds)
def test_the_future(model: NormalModel, seed: int) -> None:
    """What comes after a window cannot move it.

    The panel cut off at its last session gives the same numbers.
    """
    returns, events = made_returns(seed), made_events(seed, n=1)
    row = int(DATES.get_loc(events["event_session"].iloc[0]))
    known = replace(returns, values=returns.values[: row + 5].copy(), sessions=DATES[: row + 5])
    for window in ("1-day", "5-day", "run-up"):
        whole = by_event(studied(model, returns, events), NUMBERS).xs(window, level="window")
        cut = by_event(studied(model, known, events), NUMBERS).xs(window, level="window")
        pd.testing.assert_frame_equal(whole, cut, rtol=1e-6, atol=1e-9)


@few
@given(seed=seeds, gift=st.floats(-0.01, 0.01))
def test_a_constant_return_is_the_alpha(seed: int, gift: float) -> None:
    """A constant added to a security's every return is its alpha and nothing else."""
    returns, events = made_returns(seed), made_events(seed)
    for model in (
        MeanAdjusted(),
        MarketModel("M"),
        MultiFactor(("M", "F")),
        ScholesWilliams("M"),
        Dimson("M"),
    ):
        plain = studied(model, returns, events)
        richer = studied(
            model,
            Returns(returns.values + np.where(np.arange(6) < 2, 0, gift), DATES, TICKERS),
            events,
        )
        assert_same(plain, richer, ["car", "car_se", "pvalue"])
        np.testing.assert_allclose(
            richer.estimates["alpha"], plain.estimates["alpha"] + gift, atol=1e-10
        )
