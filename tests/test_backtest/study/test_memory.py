"""What will not fit into memory is refused before the work."""

from __future__ import annotations

import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel
from backtest.study.inference.tables import estimates_parts, windows_table
from backtest.study.other.outcomes import first_autocorrelation
from backtest.study.place.memory import available, estimate
from events import Catalog
from reports.experiment.plan import Experiment, Selection
from reports.run.enough import priced_events
from reports.run.findings import run

GB = 2**30


def test_events_that_need_more_than_is_free_are_refused_with_the_estimate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sessions = pd.bdate_range("2015-01-01", periods=400)
    rng = np.random.default_rng(1)
    tickers = (*map("S{}".format, range(30)), "MKT")
    returns = Returns(0.01 * rng.standard_normal((400, 31)), sessions, tickers)
    at = rng.choice(30 * 100, 2_500, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(2_500),
            "ticker": np.array(tickers, dtype=object)[at % 30],
            "event_session": sessions[270 + at // 30],
        }
    )
    study = EventStudy(MarketModel("MKT"))
    assert len(study.fit(events, returns).events) == 2_500
    monkeypatch.setattr("backtest.study.study.available", lambda: 3_000_000)
    with pytest.raises(StudyError, match=r"2,500 events need about 0\.0 GB of memory, and 0\.0 GB"):
        study.fit(events, returns)
    assert len(study.fit(events[:2_000], returns).events) == 2_000  # so few are never refused
    monkeypatch.setattr("backtest.study.study.available", lambda: None)
    assert len(study.fit(events, returns).events) == 2_500


def study_of(n_events: int) -> EventStudyResult:
    sessions = pd.bdate_range("2015-01-01", periods=1_000)
    rng = np.random.default_rng(2)
    tickers = (*map("S{}".format, range(40)), "MKT")
    returns = Returns(0.01 * rng.standard_normal((1_000, 41)), sessions, tickers)
    at = rng.choice(40 * 650, n_events, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(n_events),
            "ticker": np.array(tickers, dtype=object)[at % 40],
            "event_session": sessions[270 + at // 40],
        }
    )
    return EventStudy(MarketModel("MKT"), exclude=None).fit(events, returns)


def test_the_table_of_windows_takes_little_beside_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for reader in ("abnormal", "event_windows"):
        monkeypatch.setattr(f"backtest.study.measure.{reader}.AT_ONCE", 1_000)
    of_conformal = sys.modules["backtest.study.inference.single.conformal"]
    monkeypatch.setattr(of_conformal, "_CHUNK", 1_000)
    monkeypatch.setattr("backtest.study.inference.tables._EVENTS_AT_ONCE", 2_500)
    result = study_of(25_000)
    tracemalloc.start()
    try:
        table = result.windows
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Measured: 3.1, its parts and what the study keeps for its tests included.
    assert peak < 3.6 * table.memory_usage(index=False).sum()


def test_parts_of_events_change_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = study_of(300)
    wanted, autocorrelation = whole.windows, first_autocorrelation(whole.measured)
    for reader in ("abnormal", "event_windows"):
        monkeypatch.setattr(f"backtest.study.measure.{reader}.AT_ONCE", 7)
    monkeypatch.setattr("backtest.study.inference.tables._EVENTS_AT_ONCE", 7)
    monkeypatch.setattr("backtest.study.other.outcomes._PART", 7)
    in_parts = study_of(300)
    # returns are added up in another order
    pd.testing.assert_frame_equal(in_parts.windows, wanted, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(first_autocorrelation(in_parts.measured), autocorrelation)
    fits = pd.concat([*estimates_parts(in_parts.measured)], ignore_index=True)
    pd.testing.assert_frame_equal(fits, whole.estimates, check_exact=True)
    seen, few = [whole.window(name) for name in whole.named_windows], ["car", "flags", "model"]
    pd.testing.assert_frame_equal(windows_table(seen, few), wanted[few], check_exact=True)
    assert wanted["flags"].str.contains("overlap").any()  # what others of the same security do


def test_the_tables_of_a_run_are_estimated_before_anything_is_placed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog, prices = Catalog.bundled(), Prices.sample()
    plan = Experiment.parse("strategies = []\nsweep = false\n", "own.toml")
    n_events = priced_events(plan, catalog, prices)
    assert n_events > 100
    monkeypatch.setattr("reports.run.enough.PAIRS_UP_TO", 100)
    monkeypatch.setattr("reports.run.enough.available", lambda: 2_000_000)
    monkeypatch.setattr("reports.run.findings.place", pytest.fail)
    with pytest.raises(StudyError, match=rf"{n_events:,} events need about 0\.0 GB of memory"):
        run(plan, catalog, prices, trade=False)
    narrow = plan.model_copy(update={"filter": Selection(where="ticker == 'META'")})
    assert priced_events(narrow, catalog, prices) == 0  # who meets it is known once placed


def test_the_estimate_grows_in_proportion_to_the_events() -> None:
    one, ten = (estimate(n, 100, 2_520, 31) for n in (100_000, 1_000_000))
    assert 8 < ten / one < 10


def test_this_system_says_what_is_free() -> None:
    free = available()
    assert free is None or 0 < free < 2**50
