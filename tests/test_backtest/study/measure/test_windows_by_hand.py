"""Event windows on returns added up in the head: sums, products, and what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest import EventStudy, EventStudyResult, MarketAdjusted, MarketModel, Returns, Window
from backtest.study import MeanAdjusted
from backtest.study.measure.event_windows import overlaps, plain_window
from backtest.study.measure.shifted import standardised_sums
from backtest.study.measure.window_sums import WindowSums

DAYS = pd.bdate_range("2023-01-02", periods=60)
LAST = len(DAYS) - 1
NAN = float("nan")


def frame(**columns: dict[int, float]) -> pd.DataFrame:
    """A market that rises 1% a session and securities that rise 2%, but for what is given."""
    table = pd.DataFrame({"MKT": 0.01, "A": 0.02, "B": 0.02}, index=DAYS)
    rng = np.random.default_rng(2)
    table.iloc[:40, 1:] += rng.normal(0, 0.01, (40, 2))  # else the model has no error
    for name, cells in columns.items():
        for row, value in cells.items():
            table.loc[DAYS[row], name] = value
    return table


def study(
    places: list[tuple[str, int]],
    *windows: Window,
    table: pd.DataFrame | None = None,
    model: object = None,
    estimation: Window = Window(-39, -6),  # noqa: B008 -- frozen
    **more: list[int],
) -> EventStudyResult:
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(places))],
            "ticker": [ticker for ticker, _ in places],
            "event_session": DAYS[[row for _, row in places]],
            **more,
        }
    )
    given = {f"w{i}": window for i, window in enumerate(windows)}
    fit = EventStudy(model or MarketAdjusted("MKT"), estimation, given, None, skip_after_listing=0)
    return fit.fit(events, Returns.from_frame(frame() if table is None else table))


# Sums and products.


def test_a_window_of_three_sessions() -> None:
    """2% a session against 1%: 3% added up; compounded 1.02^3 - 1.01^3."""
    window = study([("A", 45)], Window(0, 2)).window("w0")
    assert window.car.tolist() == pytest.approx([0.03])
    assert window.raw_return.tolist() == pytest.approx([1.02**3 - 1])
    assert window.bhar.tolist() == pytest.approx([1.02**3 - 1.01**3])
    assert window.bhar_model.tolist() == pytest.approx([1.02**3 - 1.01**3])
    assert window.regressor_sum.tolist() == [pytest.approx([0.03])]
    assert (window.n_sessions.tolist(), window.n_valid.tolist()) == ([3], [3])


def test_buying_and_holding_against_the_benchmark_and_against_the_model() -> None:
    """A model expects alpha and beta times the market, which the market itself does not."""
    table = frame()
    table["MKT"] += np.random.default_rng(3).normal(0, 0.01, 60)
    measured = study([("A", 45)], Window(0, 2), table=table, model=MarketModel("MKT"))
    window = measured.window("w0")
    fit, market = measured.measured.fit, table["MKT"].to_numpy()[45:48]
    expected = fit.intercept[0] + fit.slopes[0, 0] * market
    own = np.prod(1 + table["A"].to_numpy()[45:48])
    assert window.bhar_model[0] == pytest.approx(own - np.prod(1 + expected))
    assert window.bhar[0] == pytest.approx(own - np.prod(1 + market))
    assert window.car[0] == pytest.approx((table["A"].to_numpy()[45:48] - expected).sum())


def test_without_a_benchmark_nothing_is_held_against_it() -> None:
    window = study([("A", 45)], Window(0, 2), model=MeanAdjusted()).window("w0")
    assert np.isnan(window.bhar).all()
    assert np.isfinite(window.bhar_model).all()


# Missing sessions.


@pytest.mark.parametrize(
    ("gone", "valid"),
    [([], 4), ([46], 3), ([46, 47], 2), ([46, 47, 48], None)],
)
def test_half_of_a_window_is_enough(gone: list[int], valid: int | None) -> None:
    """What is missing adds nothing and takes nothing; under half, there is no CAR.

    The second window keeps the event in the study.
    """
    table = frame(A=dict.fromkeys(gone, NAN))
    window = study([("A", 45)], Window(0, 3), Window(-4, 5), table=table).window("w0")
    assert window.few_days.tolist() == [valid is None]
    assert window.n_valid.tolist() == [4 - len(gone)]
    if valid is None:
        assert np.isnan([window.car, window.raw_return, window.car_se, window.bhar]).all()
    else:
        assert window.car.tolist() == pytest.approx([0.01 * valid])
        assert window.raw_return.tolist() == pytest.approx([1.02**valid - 1])
        assert window.bhar.tolist() == pytest.approx([1.02**valid - 1.01**valid])


def test_a_session_without_the_benchmark_is_missing_too() -> None:
    window = study([("A", 45)], Window(0, 3), table=frame(MKT={46: NAN})).window("w0")
    assert window.n_valid.tolist() == [3]
    assert window.raw_return.tolist() == pytest.approx([1.02**3 - 1])


@pytest.mark.parametrize("sessions", [1, 3, 8])
def test_sessions_after_the_last_return_of_a_share_lack_nothing(sessions: int) -> None:
    """Its holders were paid: one session of ten is all there will be."""
    table = frame(A=dict.fromkeys(range(45 + sessions, 60), NAN))
    window = study([("A", 45)], Window(0, 9), table=table).window("w0")
    assert not window.few_days.any()
    assert not window.cut_off.any()
    assert window.car.tolist() == pytest.approx([0.01 * sessions])


@pytest.mark.parametrize(
    ("row", "window", "cut"),
    [
        (LAST - 2, Window(0, 2), False),
        (LAST - 1, Window(0, 2), True),
        (LAST, Window(0, 0), False),
        (35, Window(-5, 0), False),
        (1, Window(-2, 0), True),
        (2, Window(-2, 0), False),
    ],
)
def test_a_window_beyond_the_prices_is_cut_off(row: int, window: Window, cut: bool) -> None:
    found = study([("A", row)], window).window("w0")
    assert found.cut_off.tolist() == [cut]
    assert np.isnan(found.car).tolist() == [cut]
    assert np.isnan(found.raw_return).tolist() == [cut]


def test_an_uncertain_time_widens_the_window_of_one_session_alone() -> None:
    found = study(
        [("A", 45), ("B", 45)], Window(0, 0), Window(0, 1), Window(-1, 0), first_day_end=[0, 1]
    )
    assert found.window("w0").end.tolist() == [0, 1]
    assert found.window("w1").end.tolist() == [1, 1]
    assert found.window("w2").end.tolist() == [0, 0]
    assert found.window("w0").car.tolist() == pytest.approx([0.01, 0.02])
    assert plain_window(found.measured, Window(0, 0)).end.tolist() == [0, 0]


# Overlaps of a security's own windows.


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([("A", 40), ("A", 43)], [False, False]),
        ([("A", 40), ("A", 42)], [True, True]),
        ([("A", 42), ("A", 40)], [True, True]),
        ([("A", 40), ("B", 40)], [False, False]),
        ([("A", 40), ("A", 40)], [True, True]),
        ([("A", 40), ("B", 41), ("A", 42), ("B", 44)], [True, False, True, False]),
        ([("B", 1), ("A", LAST - 2)], [False, False]),
    ],
)
def test_events_of_one_security_that_share_a_session(
    places: list[tuple[str, int]], found: list[bool]
) -> None:
    window = study(places, Window(0, 2)).window("w0")
    assert overlaps(window).tolist() == found


def test_a_long_window_meets_one_that_comes_after_a_short_one() -> None:
    """Windows of 2, 1, 1 and 1 sessions: the first outlasts nobody but its neighbour."""
    places = [("A", 40), ("A", 41), ("A", 42), ("A", 50)]
    found = study(places, Window(0, 0), first_day_end=[1, 0, 0, 1])
    assert overlaps(found.window("w0")).tolist() == [True, True, False, False]


# Errors, distributions.


def test_interval_p_and_detectable_effect_are_those_of_student_t() -> None:
    found = study([("A", 45), ("B", 46)], Window(0, 2))
    window, df = found.window("w0"), 33
    assert window.df.tolist() == [df, df]
    error = found.measured.fit.sigma * np.sqrt(3)  # nothing is estimated
    assert window.car_se == pytest.approx(error)
    assert window.scar == pytest.approx(0.03 / error)
    assert window.pvalue == pytest.approx(2 * stats.t.sf(0.03 / error, df))
    low, high = window.interval
    half = stats.t.ppf(0.975, df) * error
    assert low == pytest.approx(0.03 - half)
    assert high == pytest.approx(0.03 + half)
    assert window.mde80 == pytest.approx((stats.t.ppf(0.975, df) + stats.t.ppf(0.8, df)) * error)


def test_only_events_with_a_statistic_are_tested_and_keep_their_numbers() -> None:
    places = [("A", LAST), ("A", 45), ("B", 30), ("B", 46)]
    window = study(places, Window(0, 2)).window("w0")
    part, there = window.tested()
    assert there.tolist() == [1, 3]  # one cut off, one with a history too short
    assert part.abnormal.events.frame["ticker"].tolist() == ["A", "B"]
    for name in ("car", "car_se", "scar", "pvalue", "bhar", "raw_return", "n_valid"):
        np.testing.assert_array_equal(getattr(part, name), getattr(window, name)[there])
    again, everyone = part.tested()
    assert again is part
    assert everyone.tolist() == [0, 1]


@pytest.mark.parametrize("model", [MarketModel("MKT"), MarketAdjusted("MKT"), MeanAdjusted()])
def test_the_lean_way_gives_what_windows_give(model: MarketModel | MarketAdjusted) -> None:
    """Gaps, histories of 30 and 27 sessions, a delisting, windows beyond both ends."""
    gone = {**dict.fromkeys([41, 42, 44, 47, 48, 49], NAN), 20: NAN}
    table = frame(A=gone, B=dict.fromkeys(range(52, 60), NAN))
    table["MKT"] += np.random.default_rng(4).normal(0, 0.01, 60)
    places = [("A", 43), ("A", 51), ("A", 55), ("B", 50), ("B", 51), ("B", 31), ("A", 58), ("B", 1)]
    found = study(places, Window(-2, 2), Window(-4, 8), table=table, model=model)
    window, events = found.window("w0"), found.measured.events
    sums = WindowSums(found.measured.panel)
    fit = sums.fit(model, Window(-39, -6), events.row, events.column)
    car, error, days, x_sum = sums.cars(fit, events.row - 2, events.row + 2, events.column)
    np.testing.assert_allclose(error, window.car_se, rtol=1e-9)
    np.testing.assert_allclose(np.where(np.isnan(error), NAN, window.car), car, rtol=1e-9)
    covered = ~window.cut_off
    assert days[covered].tolist() == window.n_valid[covered].tolist()
    np.testing.assert_allclose(x_sum[covered], window.regressor_sum[covered], rtol=1e-9)
    assert np.isfinite(error).tolist() == [False, True, False, True, True, False, False, False]


def test_shifted_sums_are_in_units_of_their_own_spread() -> None:
    """A sum of L residuals varies by L - s'(X'X)^-1 s; where one is missing there is none."""
    table = frame(A={20: NAN})
    table["MKT"] += np.random.default_rng(4).normal(0, 0.01, 60)
    found = study([("A", 45)], Window(0, 2), table=table, model=MarketModel("MKT"))
    rows = np.array([row for row in range(6, 40) if row != 20])
    x = np.column_stack([np.ones(33), table["MKT"].to_numpy()[rows]])
    left = found.measured.residuals[0]
    sigma, hat = found.measured.fit.sigma[0], np.linalg.inv(x.T @ x)
    sums = standardised_sums(found.window("w0"))[0]
    assert len(sums) == 32
    for start in range(32):
        window = np.arange(start, start + 3) + 6
        if 20 in window:
            assert np.isnan(sums[start])
            continue
        s = np.array([3, table["MKT"].to_numpy()[window].sum()])
        spread = sigma * np.sqrt(3 - s @ hat @ s)
        assert sums[start] == pytest.approx(left[start : start + 3].sum() / spread)
    assert standardised_sums(found.window("w0"), 1).shape == (1, 34)
