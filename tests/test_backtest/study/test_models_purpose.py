"""Each special model does what it is for, where the plain market model does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from backtest.prices import Returns
from backtest.study import (
    Dimson,
    EventStudy,
    EventStudyResult,
    GarchMarketModel,
    MarketModel,
    ScholesWilliams,
    Window,
)
from backtest.study.normal import NormalModel

Floats = NDArray[np.float64]


def studied(
    model: NormalModel, returns: Returns, rows: list[int], ticker: str, window: Window
) -> EventStudyResult:
    events = pd.DataFrame({"event_id": [f"e{row}" for row in rows], "ticker": ticker})
    events = events.assign(event_session=returns.sessions[rows])
    return EventStudy(
        model, window, {"1-day": Window(0, 0)}, exclude=None, horizon=Window(-1, 1)
    ).fit(events, returns)


def thinly_traded(beta: float, share_traded: float, n_sessions: int = 4000) -> Returns:
    """A security that trades on some sessions only; what it missed comes with the next trade."""
    rng = np.random.default_rng(17)
    market = rng.normal(0, 0.01, n_sessions)
    true = beta * market + rng.normal(0, 0.01, n_sessions)
    traded = rng.random(n_sessions) < share_traded
    path = np.cumsum(true)
    seen = path[np.maximum.accumulate(np.where(traded, np.arange(n_sessions), 0))]
    dates = pd.bdate_range("2005-01-03", periods=n_sessions)
    return Returns.from_frame(
        pd.DataFrame({"M": market, "A": np.diff(seen, prepend=seen[0])}, index=dates)
    )


def test_thin_trading_hides_part_of_beta_from_least_squares() -> None:
    returns, window = thinly_traded(beta=1.5, share_traded=0.7), Window(-3900, -11)
    plain, scholes, dimson = (
        studied(model, returns, [3950], "A", window).estimates["beta"].iloc[0]
        for model in (MarketModel("M"), ScholesWilliams("M"), Dimson("M", lags=3))
    )
    assert plain < 1.15  # the share traded times the true beta
    assert dimson == pytest.approx(1.5, abs=0.1)
    assert plain + 0.2 < scholes < 1.5  # one session of lag finds most of it


def clustered(seed: int, n_sessions: int = 3000) -> tuple[Returns, Floats]:
    """Errors from a GARCH process (0.10, 0.85), and their true variances."""
    rng = np.random.default_rng(seed)
    own, variance = np.empty(n_sessions), np.full(n_sessions + 1, 4e-4)
    for t, shock in enumerate(rng.standard_normal(n_sessions)):
        own[t] = np.sqrt(variance[t]) * shock
        variance[t + 1] = 2e-5 + 0.10 * own[t] ** 2 + 0.85 * variance[t]
    market = rng.normal(0, 0.01, n_sessions)
    dates = pd.bdate_range("2005-01-03", periods=n_sessions)
    return Returns.from_frame(
        pd.DataFrame({"M": market, "A": market + own}, index=dates)
    ), variance[:-1]


@pytest.mark.slow
def test_garch_knows_calm_from_turbulent_times() -> None:
    """At nominal 5%, on sessions whose variance is high or low.

    GARCH holds, least squares does not.
    """
    rejected: dict[str, list[float]] = {
        "garch high": [],
        "garch low": [],
        "plain high": [],
        "plain low": [],
    }
    for seed in range(12):
        returns, variance = clustered(seed)
        rows = list(range(1100, 2990, 45))
        level = variance[rows]
        high, low = level > np.quantile(level, 0.7), level < np.quantile(level, 0.3)
        for name, model in (("garch", GarchMarketModel("M")), ("plain", MarketModel("M"))):
            result = studied(model, returns, rows, "A", Window(-1000, -2)).windows
            fitted = ~result["flags"].str.contains("garch_fallback").to_numpy()
            reject = result["pvalue"].to_numpy() < 0.05
            rejected[f"{name} high"] += reject[high & fitted].tolist()
            rejected[f"{name} low"] += reject[low & fitted].tolist()
    rate = {name: float(np.mean(values)) for name, values in rejected.items()}
    error = float(np.sqrt(0.05 * 0.95 / len(rejected["garch high"])))
    assert abs(rate["garch high"] - 0.05) < 4 * error, rate
    assert abs(rate["garch low"] - 0.05) < 4 * error, rate
    assert rate["plain high"] > 0.08, rate
    assert rate["plain low"] < 0.03, rate
