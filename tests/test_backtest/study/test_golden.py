"""Every closed-form number agrees with the independent implementation behind tests/golden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import (
    TESTS,
    EventStudy,
    EventStudyResult,
    MarketAdjusted,
    MarketModel,
    MeanAdjusted,
    MultiFactor,
    Window,
)
from backtest.study.dependence.correlation import residual_correlation
from backtest.study.other.buy_and_hold import bhar_tests

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
MODELS = {
    "mean": MeanAdjusted(),
    "market_adj": MarketAdjusted("MKT"),
    "market": MarketModel("MKT"),
    "multi": MultiFactor(("MKT", "IND")),
}
GOLDEN_NAMES = {"lbt_boot": "lbt_boot_car"}
ON_STUDENT = {
    "grank_exact_t": "grank_exact_z"
}  # the same statistics, which the golden case knows, against t
# What no other implementation has; test_inference_shared.py has its algebra.
OURS = {"kp_bmp_shared_t", "bmp_shift", "cr2_date_t"}
RESAMPLED = ("wild_event", "wild_cluster", "lbt_boot")  # not all are given for every model
KEYS = {"CAR": "car", "S_CAR": "car_se", "SCAR": "scar", "p": "pvalue", "BHAR_model": "bhar_model"}


def study(
    model: Any, returns: Returns, events: pd.DataFrame, exclude: Window | None = None
) -> EventStudyResult:
    return EventStudy(
        model,
        Window(-130, -11),
        WINDOWS,
        exclude=exclude,
        horizon=Window(0, 20),
        skip_after_listing=0,
    ).fit(events, returns)


@pytest.fixture(scope="module", params=list(MODELS))
def case(
    request: pytest.FixtureRequest, golden_returns: Returns, golden_events: pd.DataFrame
) -> tuple[str, Any]:
    return request.param, study(MODELS[request.param], golden_returns, golden_events)


def test_estimates(case: tuple[str, EventStudyResult], expected: dict[str, Any]) -> None:
    name, result = case
    for row in result.estimates.to_dict("records"):
        golden = expected["events"][name][row["event_id"]]
        assert row["n_obs"] == golden["M"]
        assert row["sigma"] == pytest.approx(golden["sigma"], abs=1e-10)
        assert row["alpha"] == pytest.approx(golden.get("alpha", 0.0), abs=1e-10)
        if name in ("market", "multi"):
            assert row["beta"] == pytest.approx(golden["beta_mkt"], abs=1e-10)
            assert row["r2"] == pytest.approx(golden["r2"], abs=1e-10)


def test_windows(case: tuple[str, EventStudyResult], expected: dict[str, Any]) -> None:
    name, result = case
    assert len(result.windows) == 14 * 3
    for row in result.windows.to_dict("records"):
        golden = expected["events"][name][row["event_id"]]["windows"][row["window"]]
        assert row["n_valid"] == golden["n_valid"]
        for key, column in KEYS.items():
            assert row[column] == pytest.approx(golden[key], abs=1e-10), (
                row["event_id"],
                row["window"],
                key,
            )
        if name in ("market", "market_adj"):
            assert row["bhar"] == pytest.approx(golden["BHAR_market"], abs=1e-10)


def test_daily_abnormal_returns(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    table = study(MODELS["market"], golden_returns, golden_events).abnormal
    for event_id, golden in expected["events"]["market"].items():
        rows = table[
            (table["event_id"] == event_id) & (table["day"] >= 0) & table["abnormal"].notna()
        ]
        assert rows["day"].tolist() == golden["days"]
        np.testing.assert_allclose(rows["abnormal"], golden["AR"], atol=1e-12)
        np.testing.assert_allclose(rows["se"], golden["S_AR"], atol=1e-12)
        np.testing.assert_allclose(rows["abnormal"] / rows["se"], golden["SAR"], atol=1e-10)


def test_tests(case: tuple[str, EventStudyResult], expected: dict[str, Any]) -> None:
    name, result = case
    table = result.tests().set_index(["window", "test"])
    for window, golden in expected["tests"][name].items():
        for key in set(TESTS) - set(ON_STUDENT) - OURS:
            row, wanted = table.loc[(window, key)], golden.get(GOLDEN_NAMES.get(key, key))
            if wanted is None:
                assert name != "market"
                assert key in RESAMPLED, (window, key)
                continue
            if wanted["stat"] is None:
                assert row["why_not"], (window, key)
                continue
            assert row["statistic"] == pytest.approx(wanted["stat"], abs=1e-8), (window, key)
            assert row["pvalue"] == pytest.approx(wanted["p"], abs=1e-8), (window, key)
            assert row["df"] == pytest.approx(wanted.get("df", np.nan), nan_ok=True), (window, key)
        for key, same in ON_STUDENT.items():
            assert table.loc[(window, key), "statistic"] == table.loc[(window, same), "statistic"]
            assert table.loc[(window, key), "df"] == 13
        assert table.loc[(window, "kp_bmp_exact_t"), "n_eff"] == pytest.approx(
            golden["n_eff_exact"], abs=1e-8
        )


def test_residual_correlation(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    result = study(MODELS["market"], golden_returns, golden_events)
    rho = residual_correlation(result.measured)
    np.testing.assert_allclose(rho, expected["pairs_[0,20]"]["rho"], atol=1e-10)


def test_contaminated_estimation_days_are_left_out(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    result = study(MODELS["market"], golden_returns, golden_events, exclude=Window(-1, 5))
    for row in result.estimates.to_dict("records"):
        golden = expected["contamination_excluded"][row["event_id"]]
        assert row["n_obs"] == golden["M"]
        for key in ("alpha", "beta", "sigma"):
            assert row[key] == pytest.approx(golden[key], abs=1e-10)


def test_average_abnormal_returns(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    table = study(MODELS["market"], golden_returns, golden_events).abnormal
    averages = table[table["day"] >= 0].groupby("day")["abnormal"].mean()
    np.testing.assert_allclose(averages, expected["aar_market"], atol=1e-12)
    np.testing.assert_allclose(averages.cumsum(), expected["caar_sum_of_aar_market"], atol=1e-12)


def test_mean_correlations(case: tuple[str, EventStudyResult], expected: dict[str, Any]) -> None:
    name, result = case
    for window, golden in expected["tests"][name].items():
        section = result.cross_section(window)
        assert section.car.mean() == pytest.approx(golden["caar"], abs=1e-10)
        assert section.scar.mean() == pytest.approx(golden["mean_scar"], abs=1e-10)
        assert section.r_bar == pytest.approx(max(golden["rbar"], 0), abs=1e-10)
        assert section.r_overlap == pytest.approx(max(golden["rbar_overlap"], 0), abs=1e-10)
        assert section.r_star == pytest.approx(golden["rbar_exact"], abs=1e-10)


def test_buy_and_hold_tests(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    golden = expected["bhar_tests_[0,20]"]
    table = bhar_tests(study(MODELS["market"], golden_returns, golden_events)).set_index(
        ["window", "test"]
    )
    rows = {
        test: table.loc[("[0,20]", test)] for test in ("cross_t", "johnson_t", "hall_z", "lbt_boot")
    }
    assert rows["cross_t"]["mean_bhar"] == pytest.approx(golden["mean"], abs=1e-10)
    assert rows["cross_t"]["statistic"] == pytest.approx(golden["cross_t"]["stat"], abs=1e-8)
    assert rows["cross_t"]["pvalue"] == pytest.approx(golden["cross_t"]["p"], abs=1e-8)
    assert rows["johnson_t"]["statistic"] == pytest.approx(golden["johnson_t"], abs=1e-8)
    assert rows["hall_z"]["statistic"] == pytest.approx(golden["hall_z"], abs=1e-8)
    assert rows["lbt_boot"]["pvalue"] == pytest.approx(golden["lbt_bootstrap"]["p"], abs=1e-8)
