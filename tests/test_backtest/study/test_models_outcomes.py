"""Abnormal volume and abnormal volatility."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtest.prices import Prices
from backtest.study import EventStudy, EventStudyResult, MarketModel, MeanAdjusted, Window
from backtest.study.other.outcomes import (
    first_autocorrelation,
    log_range,
    log_volume,
    outcomes,
    variance_ratios,
)

DATES = pd.bdate_range("2024-01-02", periods=400)
EVENTS = pd.DataFrame({"event_id": ["e"], "ticker": ["A"], "event_session": [DATES[300]]})
STUDY = EventStudy(MarketModel("M"), Window(-260, -11), exclude=None)


def made_prices(rho: float = 0.0, **fields: pd.DataFrame) -> Prices:
    """Log volume is an AR(1) of spread 0.5 about 14."""
    rng = np.random.default_rng(9)
    close = pd.DataFrame(
        100 * np.cumprod(1 + rng.normal(0, 0.01, (400, 2)), axis=0), columns=["A", "M"], index=DATES
    )
    level = np.zeros((400, 2))
    for t in range(1, 400):
        level[t] = rho * level[t - 1] + np.sqrt(1 - rho**2) * rng.normal(0, 0.5, 2)
    reach = np.exp(np.abs(rng.normal(0.02, 0.005, (400, 2))))
    given = {
        "open": close, "high": close * reach, "low": close, "close": close, "adjusted": close,
        "volume": pd.DataFrame(np.exp(14 + level), columns=["A", "M"], index=DATES),
    } | fields  # fmt: skip
    return Prices(**given, source="made", calendar="own dates")


def measured(prices: Prices, outcome: str = "volume", window: str = "5-day") -> pd.Series:
    table = outcomes(STUDY, EVENTS, prices)
    return table[(table["outcome"] == outcome) & (table["window"] == window)].iloc[0]


def test_a_doubled_volume_is_a_ratio_of_two() -> None:
    volume = made_prices().volume.copy()
    before = measured(made_prices())
    volume.iloc[300:305, 0] *= 2
    after = measured(made_prices(volume=volume))
    assert after["ratio"] / before["ratio"] == pytest.approx(2)
    assert after["abnormal"] - before["abnormal"] == pytest.approx(np.log(2))
    assert after["se"] == pytest.approx(before["se"])


def test_without_autocorrelation_the_error_is_that_of_a_mean_prediction() -> None:
    prices = made_prices()
    row = measured(prices, window="1-day")
    log = np.log(prices.volume["A"].to_numpy())[40:290]
    residuals = log - log.mean()
    rho = max((residuals[1:] * residuals[:-1]).mean() / (residuals**2).mean(), 0.0)
    assert row["autocorrelation"] == pytest.approx(rho)
    assert rho < 0.15
    assert row["abnormal"] == pytest.approx(np.log(prices.volume["A"].iloc[300]) - log.mean())
    assert row["se"] == pytest.approx(log.std(ddof=1) * np.sqrt(1 + (1 + rho) / (1 - rho) / 250))
    assert row["pvalue"] == pytest.approx(2 * stats.t.sf(abs(row["t"]), 249))


def test_the_error_of_a_persistent_series() -> None:
    """The variance of the sum of five AR(1) errors about an estimated mean, entry by entry."""
    row = measured(made_prices(rho=0.7))
    rho = row["autocorrelation"]
    assert 0.6 < rho < 0.8
    log = np.log(made_prices(rho=0.7).volume["A"].to_numpy())[40:290]
    lags = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    variance = (rho**lags).sum() + 25 / 250 * (1 + rho) / (1 - rho)
    assert row["se"] == pytest.approx(log.std(ddof=1) * np.sqrt(variance) / 5)


def test_parkinson() -> None:
    high, low = made_prices().high, made_prices().low
    wanted = np.log(np.sqrt(np.log(high / low) ** 2 / (4 * np.log(2))))
    np.testing.assert_allclose(log_range(made_prices()).values, wanted)
    wild = high.copy()
    wild.iloc[300:305, 0] = low.iloc[300:305, 0] * (high / low).iloc[300:305, 0] ** 3
    ratio = (
        measured(made_prices(high=wild), "range")["ratio"]
        / measured(made_prices(), "range")["ratio"]
    )
    assert ratio == pytest.approx(3)


def test_sessions_without_trade_are_missing() -> None:
    volume = made_prices().volume.copy()
    volume.iloc[301, 0], volume.iloc[302, 0] = 0.0, np.nan
    assert np.isnan(log_volume(made_prices(volume=volume)).values[[301, 302], 0]).all()
    assert measured(made_prices(volume=volume))["n_valid"] == 3
    flat = made_prices().low
    assert np.isnan(log_range(made_prices(high=flat)).values).all()


def test_an_outcome_without_data_has_no_rows() -> None:
    nothing = made_prices().volume * np.nan
    table = outcomes(STUDY, EVENTS, made_prices(volume=nothing))
    assert set(table["outcome"]) == {"range"}
    assert set(table["window"]) == {"1-day", "5-day", "1-month", "run-up"}


def study_of(prices: Prices) -> EventStudyResult:
    return STUDY.fit(EVENTS, prices)


def test_variance_ratios() -> None:
    result = study_of(made_prices())
    table = variance_ratios(result).set_index("window")
    days = result.abnormal[result.abnormal["day"].between(0, 4)]
    wanted = ((days["abnormal"] / days["se"]) ** 2).mean()
    assert table.loc["5-day", "variance_ratio"] == pytest.approx(wanted)
    assert table.loc["5-day", "pvalue"] == pytest.approx(stats.f.sf(wanted, 5, 248))
    one_day = result.windows.set_index("window").loc["1-day"]
    assert table.loc["1-day", "variance_ratio"] == pytest.approx(one_day["t"] ** 2)
    assert table.loc["1-day", "pvalue"] == pytest.approx(one_day["pvalue"])


def test_autocorrelation_is_never_negative() -> None:
    result = EventStudy(MeanAdjusted(), exclude=None).fit(EVENTS, log_volume(made_prices(rho=-0.6)))
    assert first_autocorrelation(result.measured)[0] == 0
