"""Models beyond the plain market model agree with an independent implementation.

The one behind tests/golden.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, Window
from backtest.study.normal import (
    Dimson,
    MarketAdjusted,
    MarketModel,
    NormalModel,
    ScholesWilliams,
    SyntheticControl,
)

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
THIN = {"scholes_williams": ScholesWilliams("MKT"), "dimson": Dimson("MKT")}
PEERS = tuple(f"S{i:02d}" for i in range(3, 12))


def study(model: NormalModel, returns: Returns, events: pd.DataFrame) -> EventStudyResult:
    return EventStudy(
        model, Window(-130, -11), WINDOWS, exclude=None, horizon=Window(0, 20), skip_after_listing=0
    ).fit(events, returns)


@pytest.mark.parametrize("name", list(THIN))
def test_thin_trading_models(
    name: str, golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    result = study(THIN[name], golden_returns, golden_events)
    for row in result.estimates.to_dict("records"):
        golden = expected["events"][name][row["event_id"]]
        assert row["n_obs"] == golden["M"]
        assert row["beta"] == pytest.approx(golden["beta_mkt"], abs=1e-10)
        assert row["alpha"] == pytest.approx(golden["alpha"], abs=1e-10)
        assert row["sigma"] == pytest.approx(golden["sigma"], abs=1e-10)
    for row in result.windows.to_dict("records"):
        golden = expected["events"][name][row["event_id"]]["windows"][row["window"]]
        assert row["n_valid"] == golden["n_valid"]
        for key, column in {"CAR": "car", "S_CAR": "car_se", "SCAR": "scar", "p": "pvalue"}.items():
            assert row[column] == pytest.approx(golden[key], abs=1e-10), (
                row["event_id"],
                row["window"],
                key,
            )
        assert row["bhar"] == pytest.approx(golden["BHAR_market"], abs=1e-10)
        assert row["bhar_model"] == pytest.approx(golden["BHAR_model"], abs=1e-10)


@pytest.mark.parametrize("rule", ["difference", "ols"])
def test_peer_basket(
    rule: str, golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    model = {"difference": MarketAdjusted("PEERS", PEERS), "ols": MarketModel("PEERS", PEERS)}[rule]
    result = study(model, golden_returns, golden_events)
    golden = expected["peer_basket"][rule]
    estimates = result.estimates.set_index("event_id").loc["E01"]
    for key in {"alpha", "beta", "sigma"} & set(golden):
        assert estimates[key] == pytest.approx(golden[key], abs=1e-10)
    windows = result.windows[result.windows["event_id"] == "E01"]
    assert len(windows) == 3
    for row in windows.to_dict("records"):
        for key, column in {"car": "car", "s_car": "car_se", "scar": "scar", "p": "pvalue"}.items():
            assert row[column] == pytest.approx(golden[row["window"]][key], abs=1e-10), (
                row["window"],
                key,
            )


def test_synthetic_control(
    golden_returns: Returns, golden_events: pd.DataFrame, expected: dict[str, Any]
) -> None:
    golden = expected["synthetic_control"]
    control = SyntheticControl(tuple(golden["donors"]), without_news=False)
    result = study(control, golden_returns, golden_events)
    fit = result.measured.fit
    i = list(result.events["event_id"]).index(golden["event"])
    assert fit.n_obs[i] == golden["M"]
    np.testing.assert_allclose(fit.slopes[i], golden["weights"], atol=1e-6)
    assert fit.sigma[i] * np.sqrt(fit.df[i] / fit.n_obs[i]) == pytest.approx(
        golden["rmspe"], abs=1e-9
    )
    windows = result.windows[result.windows["event_id"] == golden["event"]].set_index("window")
    for window, car in golden["CAR"].items():
        assert windows.loc[window, "car"] == pytest.approx(car, abs=1e-6)
