"""The engine finds in the simulated market what was put there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.prices.sample.market import DRIFT_DAYS, sample_truth
from backtest.prices.sample.securities import SECURITIES
from backtest.study import EventStudy, EventStudyResult, MultiFactor
from events import Catalog


@pytest.fixture(scope="module")
def result() -> EventStudyResult:
    """Both factors of the market are in the model, so that what is left is each security's own."""
    return EventStudy(MultiFactor(("SPY", "SOXX"))).fit(Catalog.bundled(), Prices.sample())


def injected(result: EventStudyResult, window: str) -> pd.DataFrame:
    """The study's rows of a window, with the abnormal return put in.

    Into the security's sessions of it. An event may fall into another's window: what counts is what
    was put into the sessions.
    """
    rows = result.windows[result.windows["window"] == window].copy()
    sessions = Prices.sample().sessions
    truth = sample_truth()
    at = sessions.get_indexer(pd.DatetimeIndex(truth["event_session"])) + truth["day"].to_numpy()
    day_0 = sessions.get_indexer(pd.DatetimeIndex(rows["event_session"]))
    rows["truth"] = [
        truth.loc[
            (truth["ticker"] == ticker) & (at >= p + start) & (at <= p + end), "abnormal"
        ].sum()
        for ticker, p, start, end in zip(
            rows["ticker"], day_0, rows["start"], rows["end"], strict=True
        )
    ]
    return rows[np.isfinite(rows["car_se"])]


@pytest.mark.parametrize("window", ["1-day", "5-day"])
def test_injected_abnormal_returns_are_recovered_within_their_errors(
    result: EventStudyResult, window: str
) -> None:
    rows = injected(result, window)
    assert len(rows) > 100
    assert rows["truth"].abs().max() > 0.03
    z = (rows["car"] - rows["truth"]) / rows["car_se"]
    assert 0.90 <= (z.abs() < 1.96).mean() <= 0.99
    assert abs(z.mean()) < 3 / np.sqrt(len(z))
    assert 0.8 < z.std() < 1.25


def test_without_the_truth_the_same_errors_would_be_too_small(result: EventStudyResult) -> None:
    rows = injected(result, "1-day")
    suppliers = rows[rows["role"] == "supplier"]
    assert (suppliers["car"] / suppliers["car_se"]).mean() > 3 / np.sqrt(len(suppliers))


def test_the_sample_has_the_betas_it_says(result: EventStudyResult) -> None:
    returns = Prices.sample().returns()
    market, industry = returns.column("SPY"), returns.column("SOXX")
    for security in SECURITIES:
        if security.ticker in ("SPY", "SOXX") or security.listed > "2024-06-01":
            continue
        y = returns.column(security.ticker)
        there = np.isfinite(y) & np.isfinite(market)
        x = np.column_stack([np.ones(there.sum()), market[there], industry[there]])
        found = np.linalg.lstsq(x, y[there], rcond=None)[0]
        # SPY = m + .15 a, SOXX = 1.3 m + 1.05 a: solve for what the security's own betas imply
        implied = np.linalg.solve(
            np.array([[1.0, 1.3], [0.15, 1.05]]), [security.market_beta, security.industry_beta]
        )
        se = security.sigma / np.sqrt(there.sum()) / np.array([0.006, 0.009])
        assert np.abs(found[1:] - implied).max() < 5 * se.max() + 0.1, security.ticker


def test_drift_lasts_as_long_as_it_says() -> None:
    assert sample_truth().groupby(["event_id", "ticker"])["day"].max().max() == DRIFT_DAYS
