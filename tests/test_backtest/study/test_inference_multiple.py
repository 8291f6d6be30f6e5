"""Adjusted p-values agree with the golden case and keep their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketModel,
    MeanAdjusted,
    Window,
    adjust_events,
    romano_wolf,
)
from backtest.study.inference.joint.multiple import benjamini, holm
from backtest.study.inference.joint.romano_wolf import step_down

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


@pytest.fixture(scope="module")
def result(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    study = EventStudy(
        MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None, skip_after_listing=0
    )
    return study.fit(golden_events, golden_returns)


@pytest.mark.parametrize("window", WINDOWS)
def test_golden(result: EventStudyResult, expected: dict[str, Any], window: str) -> None:
    golden = expected["multiple_testing"]
    pvalues = result.window(window).pvalue
    np.testing.assert_allclose(pvalues, golden["event_p"][window], rtol=1e-9)
    np.testing.assert_allclose(
        holm(pvalues, np.zeros(14, dtype=np.int64)), golden["holm"][window], rtol=1e-9
    )
    np.testing.assert_allclose(benjamini(pvalues), golden["bh"][window], rtol=1e-9)
    np.testing.assert_allclose(benjamini(pvalues, dependent=True), golden["by"][window], rtol=1e-9)


def test_romano_wolf_golden(result: EventStudyResult, expected: dict[str, Any]) -> None:
    golden = expected["romano_wolf"]
    table = romano_wolf([result], clusters="[0,4]")
    np.testing.assert_allclose(table["statistic"], golden["t"], rtol=1e-10)
    np.testing.assert_allclose(table["pvalue"], golden["p_unadjusted"], atol=1e-12)
    np.testing.assert_allclose(table["pvalue_adjusted"], golden["p_adjusted"], atol=1e-12)
    assert (table["family"] == "3 hypotheses: [0,0], [0,4], [0,20] on MKT").all()


def test_romano_wolf_over_benchmarks(
    result: EventStudyResult, golden_returns: Returns, golden_events: pd.DataFrame
) -> None:
    other = EventStudy(MeanAdjusted(), Window(-130, -11), WINDOWS, exclude=None).fit(
        golden_events[:12], golden_returns
    )
    table = romano_wolf([result, other])
    assert len(table) == 6
    assert (table["n_events"] == 12).all()
    assert (table["clusters"] == "[0,4]").all()  # those of [0,20] all hang together
    assert (table["pvalue_adjusted"] >= table["pvalue"]).all()


def test_one_cluster_is_an_answer(golden_returns: Returns, golden_events: pd.DataFrame) -> None:
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None)
    table = romano_wolf([study.fit(golden_events[:2], golden_returns)])
    assert (table["why_not"] == "needs at least 2 clusters of events, got 1").all()
    assert table["pvalue_adjusted"].isna().all()


def test_unknown_window_for_clusters(result: EventStudyResult) -> None:
    with pytest.raises(StudyError, match=r"no window '5-day' .*\[0,0\], \[0,4\], \[0,20\]"):
        romano_wolf([result], clusters="5-day")


def test_step_down_of_one_statistic_seen_twice_is_no_dearer() -> None:
    drawn = np.random.default_rng(0).normal(size=(999, 1))
    once = step_down(np.array([2.0]), drawn)
    twice = step_down(np.array([2.0, 2.0]), np.hstack([drawn, drawn]))
    np.testing.assert_allclose(twice, once[0])


def test_lists_of_events(result: EventStudyResult, expected: dict[str, Any]) -> None:
    table = adjust_events(result.windows)
    found = table[table["window"] == "[0,0]"]["pvalue_adjusted"]
    np.testing.assert_allclose(found, expected["multiple_testing"]["bh"]["[0,0]"], rtol=1e-9)
    assert (table["family"] == "14 events of the window, Benjamini-Hochberg").all()
    together = adjust_events(result.windows, across_windows=True)
    assert (together["family"] == "42 events and windows, Benjamini-Yekutieli").all()
    assert (together["pvalue_adjusted"] >= table["pvalue"]).all()
