"""Days of events are read from the panel: some events and some days at a time, or all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.dependence import correlation
from backtest.study.donors import lost
from backtest.study.inference.parametric import portfolios
from backtest.study.measure import abnormal, event_windows
from tests.test_backtest.study.either_way import RULE

READERS = (abnormal, event_windows, lost, correlation, portfolios)
DAYS = pd.bdate_range("2015-01-01", periods=300)
WINDOWS = {"day": Window(0, 0), "week": Window(0, 4), "before": Window(-3, -1)}
STUDY = EventStudy(MarketModel("MKT"), Window(-90, -11), WINDOWS, horizon=Window(-6, 8))


def market(n: int = 70) -> tuple[pd.DataFrame, Returns]:
    """Events up to the last session of the panel, securities with holes and one that ends early."""
    rng = np.random.default_rng(4)
    values = 0.01 * rng.standard_normal((300, 6))
    values[rng.random(values.shape) < 0.03] = np.nan
    values[:, 0] = np.nan_to_num(values[:, 0])
    values[260:, 5] = np.nan
    where = rng.choice(5 * 200, n, replace=False)
    tickers = np.array(["A", "B", "C", "D", "E"])
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "ticker": tickers[where % 5],
            "event_session": DAYS[100 + where // 5],
        }
    )
    return events, Returns.from_frame(pd.DataFrame(values, DAYS, ["MKT", *tickers]))


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for reader in READERS:
        monkeypatch.setattr(reader, "AT_ONCE", 9)


def fitted() -> EventStudyResult:
    return STUDY.fit(*market())


def cell(result: EventStudyResult, event: int, day: int) -> tuple[bool, float, float]:
    """One session of one event, looked up by itself: whether it counts, return and regressor."""
    panel, events = result.measured.panel, result.measured.events
    row, column = int(events.row[event]) + day, int(events.column[event])
    if not (0 <= row < len(panel.y) and panel.valid[row, column]):
        return False, np.nan, np.nan
    return True, float(panel.y[row, column]), float(panel.x[row, column, 0])


def test_every_day_of_a_horizon_is_that_of_the_panel_and_none_beyond_its_end_counts() -> None:
    result = fitted()
    measured = result.measured
    days, events = measured.days.tolist(), range(len(measured.events))
    cells = [cell(result, event, day) for event in events for day in days]
    valid, returns, x = (np.array(one).reshape(-1, len(days)) for one in zip(*cells, strict=True))
    np.testing.assert_array_equal(measured.valid, valid)
    np.testing.assert_array_equal(measured.returns, returns)
    np.testing.assert_array_equal(measured.regressors[..., 0], x)
    beyond = measured.events.row[:, None] + measured.days >= len(DAYS)
    assert beyond.any()
    assert not valid[beyond].any()
    assert not valid[~beyond].all()


@pytest.mark.usefixtures("few_at_once")
def test_some_events_on_some_days_are_what_all_events_have_there() -> None:
    many = fitted().measured
    assert "_whole" not in vars(many)
    part = many.on(slice(11, 30), slice(3, 9))
    assert "_whole" not in vars(many)  # nothing else was read
    rows = slice(11, 30)
    np.testing.assert_array_equal(part.returns, many.returns[rows, 3:9])
    np.testing.assert_array_equal(part.normal, many.normal[rows, 3:9])
    np.testing.assert_array_equal(part.abnormal, many.abnormal[rows, 3:9])
    np.testing.assert_array_equal(part.regressors, many.regressors[rows, 3:9])


def test_an_effect_is_added_to_day_0_and_to_no_other() -> None:
    measured = fitted().measured
    moved = replace(measured, effect=0.02)
    difference = moved.abnormal - measured.abnormal
    on_day_0 = measured.days == 0
    assert np.nanmax(np.abs(difference[:, on_day_0] - 0.02)) < 1e-15
    assert np.nanmax(np.abs(difference[:, ~on_day_0])) == 0
    assert moved.take(np.arange(3)).effect == 0.02


TABLES: dict[str, Callable[[EventStudyResult], pd.DataFrame]] = {
    "windows": lambda result: result.windows,
    "tests": lambda result: result.tests("all", "ticker"),
    "averages": lambda result: result.averages(),
    "paths": lambda result: result.average_paths(),
    "days": lambda result: result.average_days(),
    "dropped": lambda result: result.dropped,
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("by", ["pair", "security"])
def test_events_read_in_parts_give_the_same_tables(
    name: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "security":
        monkeypatch.setattr(RULE, 20)
    wanted = TABLES[name](fitted())
    for reader in READERS:
        monkeypatch.setattr(reader, "AT_ONCE", 9)
    pd.testing.assert_frame_equal(TABLES[name](fitted()), wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.usefixtures("few_at_once")
def test_of_many_events_no_table_of_all_their_days_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RULE, 20)
    result = fitted()
    for shown in TABLES.values():
        shown(result)
    everyone = result.measured
    kept = [everyone, *(vars(everyone).get("_last_part", ())[1:])]
    assert not any(name in vars(one) for one in kept for name in ("_whole", "abnormal", "se"))
