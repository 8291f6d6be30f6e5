"""Tests of one event agree with the golden case, and with a plain loop where that is short."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import (
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    Window,
)
from backtest.study.inference.single.conformal import cyclic_sums

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}


def study(returns: Returns, events: pd.DataFrame, model: Any = None) -> EventStudyResult:
    model = model or MarketModel("MKT")
    return EventStudy(model, Window(-130, -11), WINDOWS, exclude=None, skip_after_listing=0).fit(
        events, returns
    )


@pytest.fixture(scope="module")
def result(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    return study(golden_returns, golden_events)


def test_golden(result: EventStudyResult, expected: dict[str, Any]) -> None:
    table = result.single_tests().set_index(["event_id", "window", "test"])
    for event, windows in expected["single_event"].items():
        for name, golden in windows.items():
            conformal = table.loc[(event, name, "conformal")]
            assert conformal["pvalue"] == pytest.approx(golden["conformal"]["p"], abs=1e-12)
            assert conformal["statistic"] == pytest.approx(golden["conformal"]["stat"], abs=1e-10)
            quantile = table.loc[(event, name, "sample_quantile")]
            assert quantile["pvalue"] == pytest.approx(golden["sq"]["p_abs"], abs=1e-12)
            assert quantile["statistic"] == pytest.approx(golden["sq"]["stat"], abs=1e-10)
            permuted = table.loc[(event, name, "permutation")]
            assert permuted["pvalue"] == pytest.approx(
                golden["permutation_B999_seed1"]["p"], abs=1e-12
            )
            assert permuted["statistic"] == pytest.approx(
                golden["permutation_B999_seed1"]["stat"], abs=1e-10
            )


def test_the_t_test_is_the_one_of_the_windows(result: EventStudyResult) -> None:
    student = result.single_tests().query("test == 'student_t'").reset_index(drop=True)
    pd.testing.assert_series_equal(student["pvalue"], result.windows["pvalue"])
    pd.testing.assert_series_equal(student["statistic"], result.windows["t"], check_names=False)


def test_conformal_stands_beside_every_window(result: EventStudyResult) -> None:
    assert [*result.windows.columns[-3:]] == ["conformal_p", "car_low", "car_high"]
    conformal = result.single_tests().query("test == 'conformal'").reset_index(drop=True)
    pd.testing.assert_series_equal(
        conformal["pvalue"], result.windows["conformal_p"], check_names=False
    )


def test_every_blank_has_its_reason(result: EventStudyResult) -> None:
    table = result.single_tests()
    assert (table["pvalue"].isna() == (table["why_not"] != "")).all()
    assert (table.query("test == 'garch_z'")["why_not"] == "no GARCH fit: least squares").all()


def test_short_history_has_no_test(golden_returns: Returns, golden_events: pd.DataFrame) -> None:
    short = pd.DataFrame(
        {"event_id": ["X"], "ticker": ["S12"], "event_session": [golden_returns.sessions[180]]}
    )
    found = study(golden_returns, short)
    assert set(found.single_tests()["why_not"].iloc[[0, 2, 3, 4]]) == {
        "fewer than 30 sessions to estimate on"
    }
    assert found.windows["conformal_p"].isna().all()


@pytest.mark.parametrize("model", [MeanAdjusted(), MarketAdjusted("MKT")])
def test_conformal_by_hand(
    golden_returns: Returns, golden_events: pd.DataFrame, model: Any
) -> None:
    found = study(golden_returns, golden_events, model)
    row = int(golden_returns.sessions.get_indexer([golden_events["event_session"].iloc[9]])[0])
    values = golden_returns.column("S08")[np.r_[row - 130 : row - 10, row : row + 5]]
    if isinstance(model, MarketAdjusted):
        values = values - golden_returns.column("MKT")[np.r_[row - 130 : row - 10, row : row + 5]]
    else:
        values = values - values.mean()
    sums = [abs(np.roll(values, -s)[:5].sum()) for s in range(len(values))]
    wanted = np.mean(np.array(sums) >= sums[120] - 1e-15)
    cell = found.windows.query("event_id == 'E10' and window == '[0,4]'")["conformal_p"].item()
    assert cell == pytest.approx(wanted, abs=1e-12)


def test_cyclic_sums_pass_over_gaps() -> None:
    sums, count = cyclic_sums(
        np.array([[1.0, np.nan, 2.0, 4.0]]), np.array([[True, False, True, True]]), np.array([2])
    )
    assert count.tolist() == [3]
    assert sums[0, :3].tolist() == [3.0, 6.0, 5.0]
