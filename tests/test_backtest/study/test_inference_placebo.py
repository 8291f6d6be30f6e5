"""Placebo catalogs are measured as the study itself would measure them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, MultiFactor, Window
from backtest.study.check.placebo import placebo
from backtest.study.measure.window_sums import WindowSums
from backtest.study.place.panel import Panel
from backtest.work import Kept

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def study(model: Any) -> EventStudy:
    return EventStudy(model, Window(-130, -11), WINDOWS, exclude=None, skip_after_listing=0)


@pytest.fixture(scope="module")
def result(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    return study(MarketModel("MKT")).fit(golden_events, golden_returns)


def test_golden(result: EventStudyResult, expected: dict[str, Any]) -> None:
    table = placebo(result, clear=Window(0, 20)).tests.set_index("window")
    for window, golden in expected["placebo_refit"].items():
        assert table.loc[window, "statistic"] == pytest.approx(golden["stat"], abs=1e-10)
        assert table.loc[window, "pvalue"] == pytest.approx(golden["p"], abs=1e-12)
        assert table.loc[window, "n_placebo"] == golden["n_placebo"]


@pytest.mark.parametrize("model", [MarketModel("MKT"), MultiFactor(("MKT", "IND"))])
def test_a_shifted_event_is_the_study_of_that_day(
    golden_returns: Returns, golden_events: pd.DataFrame, model: Any
) -> None:
    moved = golden_events.assign(
        event_session=golden_returns.sessions[golden_events["position"] - 40]
    )
    direct = study(model).fit(moved, golden_returns)
    found = placebo(study(model).fit(golden_events, golden_returns), [40])
    for window in WINDOWS:
        mine = found.scars[window][:, 0]
        there = np.isfinite(mine)
        assert there.sum() >= 12
        np.testing.assert_allclose(mine[there], direct.window(window).scar[there], rtol=1e-9)


def test_chunks_of_events_on_workers_give_the_same_numbers(
    result: EventStudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = placebo(result)
    monkeypatch.setattr("backtest.study.check.placebo._CHUNK", 14 * 10)
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as threads:
        kept = Kept(tmp_path / "kept", least=0.0)
        spread = placebo(result, executor=threads, kept=kept, progress=lambda *at: told.append(at))
    n = -(-14 // (14 * 10 // len(alone.shifts)))
    assert told[-1] == (n, n)
    assert n > 2
    files = sorted((tmp_path / "kept").iterdir())
    assert len(files) == n
    files[0].unlink()
    resumed = placebo(result, kept=kept)
    for found in (spread, resumed):
        for name in WINDOWS:
            assert found.scars[name].tobytes() == alone.scars[name].tobytes()


def test_running_sums_are_those_of_the_securities_at_hand(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not those of all before them too, which made a million events quadratic in securities."""
    columns = result.measured.events.column
    assert columns.max() > 3
    asked: list[int] = []

    class Watched(WindowSums):
        def __init__(self, panel: Panel) -> None:
            asked.append(panel.y.shape[1])
            super().__init__(panel)

    monkeypatch.setattr("backtest.study.check.moved.WindowSums", Watched)
    monkeypatch.setattr("backtest.study.check.placebo._CHUNK", 1)  # an event at a time
    placebo(result, [30])
    assert asked == [1] * len(columns)


def test_what_is_kept_is_kept_for_these_shifts(result: EventStudyResult, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", least=0.0)
    placebo(result, range(30, 60), kept=kept)
    later = placebo(result, range(31, 61), kept=kept)
    for name, scars in placebo(result, range(31, 61)).scars.items():
        np.testing.assert_array_equal(later.scars[name], scars)


def test_cars_of_some_events_in_any_order_and_any_parts(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, events = placebo(result, clear=Window(0, 20)), np.array([11, 2, 7, 0])
    every = np.arange(len(result.events))
    monkeypatch.setattr("backtest.study.check.moved._AT_ONCE", len(found.shifts))
    for name in WINDOWS:
        cars = found.cars(name, every)
        np.testing.assert_array_equal(found.cars(name, events), cars[events])
        there = np.isfinite(cars)
        np.testing.assert_array_equal(there, np.isfinite(found.scars[name]))
        assert (np.sign(cars[there]) == np.sign(found.scars[name][there])).all()
        error = cars / found.scars[name]  # one event's differ by the days it is fitted to alone
        with_some = error[there.any(axis=1)]
        assert (np.nanmax(with_some, axis=1) < 3 * np.nanmin(with_some, axis=1)).all()


def test_the_means_of_shifts_do_not_depend_on_how_many_events_are_seen_at_once(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = placebo(result)
    whole = found.means
    monkeypatch.setattr("backtest.study.check.placebo._EVENTS", 3)
    pd.testing.assert_frame_equal(found.means, whole, check_exact=True)


def test_positions(result: EventStudyResult) -> None:
    found = placebo(result)
    table = found.positions
    assert len(table) == 14 * 3
    row = table.iloc[0]
    values = found.scars["[0,0]"][0]
    values = values[np.isfinite(values)]
    assert row["n_placebo"] == len(values)
    assert row["position"] == pytest.approx(np.mean(values < row["scar"]))
    assert len(found.means) == 45 * 3


def test_too_few_shifts_is_an_answer(result: EventStudyResult) -> None:
    table = placebo(result, range(30, 40)).tests
    assert set(table["why_not"]) == {"needs at least 19 shifts with half of the events, got 10"}
    with pytest.raises(StudyError, match="shift 0 is not back in time"):
        placebo(result, [0, 3])


def test_forty_events_and_ten_thousand_shifts() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        rng.normal(0, 0.02, (10_300, 41)), index=pd.bdate_range("1980-01-01", periods=10_300)
    )
    frame.columns = ["MKT", *(f"S{i}" for i in range(40))]
    events = pd.DataFrame(
        {"event_id": range(40), "ticker": frame.columns[1:], "event_session": frame.index[-25]}
    )
    result = EventStudy(MarketModel("MKT"), windows=WINDOWS).fit(events, Returns.from_frame(frame))
    found = placebo(result, range(27, 10_000))
    assert found.tests["pvalue"].between(0.001, 1).all()


def test_of_many_events_some_shifts_spread_evenly(
    result: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backtest.study.check import placebo as module

    whole = placebo(result)
    monkeypatch.setattr("backtest.study.inference.by_security.PAIRS_UP_TO", 1)
    monkeypatch.setattr(module, "MOST", 25 * len(result.events))
    some = placebo(result)
    assert len(some.shifts) == 25
    assert {some.shifts[0], some.shifts[-1]} == {whole.shifts[0], whole.shifts[-1]}
    place = np.searchsorted(whole.shifts, some.shifts)
    for name, scars in some.scars.items():
        np.testing.assert_array_equal(scars, whole.scars[name][:, place])
