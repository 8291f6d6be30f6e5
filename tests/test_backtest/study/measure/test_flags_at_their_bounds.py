"""Every flag one step on either side of its bound, and what it is counted from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel, Returns, Window
from backtest.study.measure.abnormal import AbnormalReturns
from backtest.study.measure.conditions import same_session, volatility_ratio, zero_share
from backtest.study.measure.flags import estimate_flags, window_flags
from backtest.study.measure.holdings import benchmark_weights
from backtest.study.normal import Volatility

DAYS = pd.bdate_range("2023-01-02", periods=200)
TICKERS = ["SMH", "ARM", "MRVL", "NVDA", "X"]
VALUES = np.random.default_rng(1).normal(0, 0.01, (200, 5))


def study(
    places: list[tuple[str, int]], window: Window, zeros: list[int] | None = None
) -> EventStudyResult:
    table = pd.DataFrame(VALUES, index=DAYS, columns=TICKERS)
    table.loc[DAYS[zeros or []], "X"] = 0.0
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(places))],
            "ticker": [ticker for ticker, _ in places],
            "event_session": DAYS[[row for _, row in places]],
        }
    )
    fit = EventStudy(
        MarketModel("SMH"), Window(-130, -11), {"w": window}, None, skip_after_listing=0
    )
    return fit.fit(events, Returns.from_frame(table))


def with_history(n: list[int], **values: list[float]) -> AbnormalReturns:
    """As many events as numbers of sessions estimated on, with conditions of one's own."""
    places = [("X", 140 + 5 * i) for i in range(len(n))]
    real = study(places, Window(0, 0)).measured
    found = replace(real, fit=replace(real.fit, n_obs=np.array(n)))
    calm = {"volatility_ratio": [1.0] * len(n), "zero_share": [0.0] * len(n)}
    vars(found).update({name: np.array(given) for name, given in {**calm, **values}.items()})
    return found


def flagged(cells: np.ndarray, word: str) -> list[bool]:
    return [word in str(cell).split(";") for cell in cells]


# Flags of an estimate.


def test_how_many_sessions_are_few() -> None:
    cells = estimate_flags(with_history([29, 30, 59, 60, 119, 120]), np.zeros(6))
    assert flagged(cells, "descriptive") == [True, False, False, False, False, False]
    assert flagged(cells, "weak_history") == [False, True, True, False, False, False]
    assert flagged(cells, "reduced_history") == [False, False, False, True, True, False]


def test_a_tenth_left_out_is_not_yet_contaminated() -> None:
    """Of the sessions there would have been: 12 of 120, and one more."""
    cells = estimate_flags(with_history([108, 107, 120]), np.array([12, 13, 0]))
    assert flagged(cells, "contaminated_estimation") == [False, True, False]


@pytest.mark.parametrize(
    ("ratio", "shift"), [(0.66, True), (0.67, False), (1.0, False), (1.5, False), (1.51, True)]
)
def test_a_spread_that_moved(ratio: float, shift: bool) -> None:
    cells = estimate_flags(with_history([120], volatility_ratio=[ratio]), np.zeros(1))
    assert flagged(cells, "volatility_shift") == [shift]


def test_a_spread_that_is_not_known_did_not_move() -> None:
    cells = estimate_flags(with_history([120], volatility_ratio=[np.nan]), np.zeros(1))
    assert flagged(cells, "volatility_shift") == [False]


@pytest.mark.parametrize(("share", "thin"), [(0.09, False), (0.10, False), (0.11, True)])
def test_thin_trading_is_over_a_tenth_of_returns_at_zero(share: float, thin: bool) -> None:
    cells = estimate_flags(with_history([120], zero_share=[share]), np.zeros(1))
    assert flagged(cells, "thin_trading") == [thin]


def test_a_hundredth_of_the_benchmark_is_held_to_be_in_it() -> None:
    found = study([("ARM", 150), ("MRVL", 150), ("NVDA", 150), ("X", 150)], Window(0, 0))
    cells = estimate_flags(found.measured, np.zeros(4))
    assert flagged(cells, "in_benchmark") == [False, True, True, False]  # 0.5%, 2.5%, 20%, not held


def test_events_without_a_garch_fit_say_so_where_others_could_have_had_one() -> None:
    measured = with_history([120, 120])
    assert flagged(estimate_flags(measured, np.zeros(2)), "garch_fallback") == [False, False]
    nothing = np.zeros((2, measured.returns.shape[1]))
    moving = Volatility(nothing, np.zeros(2), np.zeros(2), np.array([True, False]))
    cells = estimate_flags(replace(measured, volatility=moving), np.zeros(2))
    assert flagged(cells, "garch_fallback") == [False, True]


# Flags of a window.


@pytest.mark.parametrize(
    ("n", "length", "long"), [(29, 20, False), (30, 6, False), (30, 7, True), (104, 21, True)]
)
def test_five_sessions_of_history_a_session_of_the_window(n: int, length: int, long: bool) -> None:
    window = study([("X", 150)], Window(0, length - 1)).window("w")
    short = replace(window.abnormal.fit, n_obs=np.array([n]))
    moved = replace(window, abnormal=replace(window.abnormal, fit=short))
    assert flagged(window_flags(moved), "long_for_history") == [long]


@pytest.mark.parametrize(
    ("share", "length", "stale"),
    [(0.2, 5, False), (0.21, 5, True), (0.3, 2, False), (0.3, 3, True)],
)
def test_stale_windows_are_longer_than_two_sessions(share: float, length: int, stale: bool) -> None:
    window = study([("X", 150)], Window(0, length - 1)).window("w")
    vars(window.abnormal)["zero_share"] = np.array([share])
    assert flagged(window_flags(window), "stale_window") == [stale]


def test_a_window_is_cut_off_or_lacks_days_and_is_not_told_both() -> None:
    window = study([("X", 198), ("X", 150)], Window(-3, 3)).window("w")
    cells = window_flags(window)
    assert flagged(cells, "cut_off") == [True, False]
    assert flagged(cells, "missing_days") == [False, False]
    assert flagged(cells, "few_days") == [False, False]
    assert flagged(cells, "overlap") == [False, False]


@pytest.mark.parametrize(
    ("n_valid", "few", "cut", "words"),
    [
        (5, False, False, [False, False, False]),
        (4, False, False, [True, False, False]),
        (2, True, False, [False, True, False]),
        (2, True, True, [False, False, True]),
        (4, False, True, [False, False, True]),
    ],
)
def test_what_a_window_lacks_is_said_once(
    n_valid: int, few: bool, cut: bool, words: list[bool]
) -> None:
    window = study([("X", 150)], Window(0, 4)).window("w")
    given = {"n_valid": [n_valid], "few_days": [few], "cut_off": [cut]}
    vars(window).update({name: np.array(value) for name, value in given.items()})
    cells = window_flags(window)
    found = [flagged(cells, word) for word in ("missing_days", "few_days", "cut_off")]
    assert found == [[word] for word in words]


@pytest.mark.parametrize(("end", "widened"), [(0, False), (1, True)])
def test_a_window_longer_than_asked_for_is_widened(end: int, widened: bool) -> None:
    window = replace(study([("X", 150)], Window(0, 0)).window("w"), end=np.array([end]))
    assert flagged(window_flags(window), "widened") == [widened]


# What they are counted from.


@pytest.mark.parametrize(("n", "there"), [(14, False), (15, True), (20, True)])
def test_the_recent_spread_needs_fifteen_of_twenty_sessions(n: int, there: bool) -> None:
    recent = np.full((1, 20), np.nan)
    recent[0, :n] = np.where(np.arange(n) % 2, 0.03, -0.03)
    found = volatility_ratio(recent, np.array([0.02]))
    np.testing.assert_allclose(found, [1.5 if there else np.nan])


def test_the_share_of_zeros_is_of_the_returns_of_the_estimation_window() -> None:
    """Zeros before it and after it do not count, nor does a session without a return."""
    found = study([("X", 150), ("ARM", 150)], Window(0, 0), [19, 20, 30, 139, 140, 150])
    assert found.measured.zero_share.tolist() == pytest.approx([3 / 120, 0.0])
    again = zero_share(found.measured.events, found.measured.panel, Window(-130, -130))
    assert again.tolist() == [1.0, 0.0]
    nothing = zero_share(found.measured.events, found.measured.panel, Window(-160, -155))
    assert nothing.tolist() == [0.0, 0.0]


def test_two_events_of_one_security_on_one_session() -> None:
    found = study([("X", 150), ("ARM", 150), ("X", 151), ("X", 150), ("ARM", 152)], Window(0, 0))
    assert same_session(found.measured.events).tolist() == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("benchmark", "out", "weights"),
    [
        ("", (), [0.0, 0.0, 0.0, 0.0]),
        ("PEERS", (), [0.0, 0.0, 0.0, 0.0]),
        ("SMH", (), [1.0, 0.2, 0.065, 0.0]),
        ("SMH", ("NVDA",), [1.0, 0.0, 0.065, 0.0]),
        ("QQQ", (), [0.0, 0.095, 0.020, 0.0]),
        ("NVDA", (), [np.nan, 1.0, np.nan, np.nan]),
    ],
)
def test_weights_in_the_benchmark(
    benchmark: str, out: tuple[str, ...], weights: list[float]
) -> None:
    """A benchmark is all of itself; one that is not listed is not known of others."""
    found = benchmark_weights(["SMH", "NVDA", "AMD", "X"], benchmark, out)
    np.testing.assert_array_equal(found, weights)
