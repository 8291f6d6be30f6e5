"""The GARCH(1,1) market model.

Golden numbers, the fallback, and where its variance may come from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.normal import GarchMarketModel

WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4), "[0,20]": Window(0, 20)}
HORIZON = Window(-10, 20)
INTERIOR = ["E13", "E14"]


@pytest.fixture(scope="module")
def golden(golden_returns: Returns, golden_events: pd.DataFrame) -> EventStudyResult:
    events = golden_events[golden_events["event_id"].isin(["E10", *INTERIOR])]
    return studied(GarchMarketModel("MKT", minimum=120), golden_returns, events)


def studied(model: object, returns: Returns, events: pd.DataFrame) -> EventStudyResult:
    return EventStudy(
        model,  # two kinds of model
        Window(-130, -11),
        WINDOWS,
        exclude=None,
        horizon=Window(0, 20),
        skip_after_listing=0,
    ).fit(events, returns)


@pytest.mark.parametrize("event", INTERIOR)
def test_an_interior_fit(event: str, golden: EventStudyResult, expected: dict[str, Any]) -> None:
    wanted = expected["garch"][event]
    row = golden.estimates.set_index("event_id").loc[event]
    assert row["alpha"] == pytest.approx(wanted["alpha"], rel=1e-3)
    assert row["beta"] == pytest.approx(wanted["beta"], rel=1e-3)
    assert row["flags"] == ""
    volatility = golden.measured.volatility
    assert volatility is not None
    i = list(golden.events["event_id"]).index(event)
    assert volatility.persistence[i] == pytest.approx(wanted["arch"] + wanted["garch"], rel=1e-3)
    long_run = wanted["omega"] / (1 - wanted["arch"] - wanted["garch"])
    assert volatility.long_run[i] == pytest.approx(long_run, rel=1e-3)
    windows = golden.windows[golden.windows["event_id"] == event].set_index("window")
    for window, numbers in wanted["windows"].items():
        assert windows.loc[window, "car"] == pytest.approx(numbers["CAR"], rel=1e-3)
        assert windows.loc[window, "car_se"] == pytest.approx(numbers["S_CAR"], rel=1e-3)
        assert windows.loc[window, "t"] == pytest.approx(numbers["z"], rel=1e-3)
        assert windows.loc[window, "pvalue"] == pytest.approx(
            2 * stats.norm.sf(abs(windows.loc[window, "t"]))
        )
        assert np.isnan(windows.loc[window, "df"])


def test_a_fit_at_the_boundary_is_least_squares_and_flagged(
    golden: EventStudyResult, golden_returns: Returns, golden_events: pd.DataFrame
) -> None:
    plain = studied(
        MarketModel("MKT"), golden_returns, golden_events[golden_events["event_id"] == "E10"]
    )
    ours = golden.windows[golden.windows["event_id"] == "E10"]
    assert ours["flags"].str.split(";").map(lambda words: "garch_fallback" in words).all()
    for column in ("car_se", "car", "pvalue"):  # sums over fewer events round otherwise
        np.testing.assert_allclose(ours[column], plain.windows[column], rtol=1e-12)
    assert (ours["df"] == 118).all()


def test_a_short_window_is_least_squares_and_flagged(
    golden_returns: Returns, golden_events: pd.DataFrame
) -> None:
    """120 sessions are under the 250 that the model asks for by itself."""
    result = studied(GarchMarketModel("MKT"), golden_returns, golden_events)
    plain = studied(MarketModel("MKT"), golden_returns, golden_events)
    assert result.estimates["flags"].str.contains("garch_fallback").all()
    np.testing.assert_array_equal(result.windows["scar"], plain.windows["scar"])


def made_returns(jump: float = 0.0, day: int = 400) -> Returns:
    """A security whose errors follow a GARCH process (0.10, 0.80).

    `jump` is added on one session.
    """
    rng = np.random.default_rng(5)
    market, shocks = rng.normal(0, 0.01, 440), rng.standard_normal(440)
    own, variance = np.empty(440), 4e-4
    for t in range(440):
        own[t] = np.sqrt(variance) * shocks[t]
        variance = 4e-5 + 0.10 * own[t] ** 2 + 0.80 * variance
    own[day] += jump
    table = pd.DataFrame(
        {"M": market, "A": 1.2 * market + own}, index=pd.bdate_range("2023-01-02", periods=440)
    )
    return Returns.from_frame(table)


def run(returns: Returns, horizon: Window = HORIZON) -> EventStudyResult:
    event = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["A"], "event_session": [returns.sessions[400]]}
    )
    return EventStudy(GarchMarketModel("M"), Window(-380, -11), exclude=None, horizon=horizon).fit(
        event, returns
    )


def test_the_event_does_not_feed_its_own_variance() -> None:
    calm, jump = run(made_returns()), run(made_returns(0.25))
    assert jump.estimates["flags"].iloc[0] == ""
    np.testing.assert_array_equal(calm.windows["car_se"], jump.windows["car_se"])
    np.testing.assert_array_equal(calm.paths["se"], jump.paths["se"])
    np.testing.assert_array_equal(calm.abnormal["se"], jump.abnormal["se"])


def test_a_jump_on_the_eve_widens_the_errors() -> None:
    calm, jump = (
        run(returns).windows.set_index("window")
        for returns in (made_returns(), made_returns(0.25, 399))
    )
    assert jump.loc["1-day", "car_se"] > 2 * calm.loc["1-day", "car_se"]
    assert jump.loc["run-up", "car_se"] == calm.loc["run-up", "car_se"]


def test_a_sum_has_the_variances_of_its_sessions() -> None:
    result = run(made_returns())
    day_se = result.abnormal.set_index("day")["se"]
    windows = result.windows.set_index("window")
    assert windows.loc["1-day", "car_se"] == pytest.approx(day_se[0])
    assert windows.loc["5-day", "car_se"] == pytest.approx(np.sqrt((day_se.loc[0:4] ** 2).sum()))
    paths = result.paths.set_index("day")["se"]
    assert paths[20] == pytest.approx(windows.loc["1-month", "car_se"])
    assert paths[-6] == pytest.approx(windows.loc["run-up", "car_se"])
    assert paths[-1] == 0


def test_the_horizon_changes_nothing() -> None:
    wide = run(made_returns(), horizon=Window(-100, 30))
    np.testing.assert_allclose(
        wide.windows["car_se"], run(made_returns()).windows["car_se"], rtol=1e-12
    )


def test_the_forecast_is_that_of_arch() -> None:
    """Without a gap, the variance of the CAR is the sum of arch's own forecasts."""
    from arch.univariate import GARCH, LS

    returns = made_returns()
    event = pd.DataFrame(
        {"event_id": ["e"], "ticker": ["A"], "event_session": [returns.sessions[400]]}
    )
    study = EventStudy(
        GarchMarketModel("M"), Window(-380, -1), {"month": Window(0, 20)}, exclude=None
    )
    row = study.fit(event, returns).windows.iloc[0]
    own, market = 100 * returns.column("A")[20:421], 100 * returns.column("M")[20:421, None]
    theirs = LS(own[:380], market[:380], volatility=GARCH(), rescale=False).fit(disp="off")
    variance = theirs.forecast(horizon=21, x=market[None, 380:, 0]).variance.to_numpy()
    assert row["car_se"] == pytest.approx(np.sqrt(variance.sum()) / 100, rel=1e-9)
    predicted = theirs.params.iloc[0] + theirs.params.iloc[1] * market[380:, 0]
    assert row["car"] == pytest.approx((own[380:] - predicted).sum() / 100, rel=1e-9)


def test_missing_sessions_and_groups() -> None:
    """A hole in gap and window passes; taking some of the events keeps their variances."""
    table = pd.DataFrame(
        made_returns().values.copy(), columns=["M", "A"], index=made_returns().sessions
    )
    table.loc[table.index[[200, 395, 402]], "A"] = np.nan
    result = run(Returns.from_frame(table))
    row = result.windows.set_index("window").loc["5-day"]
    assert row["n_valid"] == 4
    assert np.isfinite(row["car_se"])
    taken = result.measured.take(np.array([0]))
    np.testing.assert_array_equal(taken.se, result.measured.se)
    assert "1 event," in repr(result)


def test_a_garch_row_has_the_interval_its_p_value_inverts() -> None:
    row = run(made_returns()).windows.set_index("window").loc["5-day"]
    assert row["car_high"] - row["car"] == pytest.approx(1.959964 * row["car_se"], rel=1e-6)
    assert (row["car_low"] > 0 or row["car_high"] < 0) == (row["pvalue"] < 0.05)
