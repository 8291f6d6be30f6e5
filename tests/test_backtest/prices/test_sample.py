"""The simulated market: its stated properties are there, and it is the same on every machine."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.prices.sample.market import sample_factors, sample_prices, sample_truth
from backtest.prices.sample.securities import SECURITIES, Security

SAMPLE = Prices.sample()
RETURNS = SAMPLE.returns()


def clean(ticker: str) -> np.ndarray:
    """Returns without the injected abnormal ones, (n_sessions,)."""
    values = pd.Series(RETURNS.column(ticker), RETURNS.sessions).copy()
    truth = sample_truth()
    for row in truth[truth["ticker"] == ticker].itertuples():
        position = RETURNS.sessions.get_loc(row.event_session) + row.day
        if position < len(values):
            values.iloc[position] -= float(row.abnormal)
    return values.to_numpy()


def test_it_says_it_is_simulated() -> None:
    assert SAMPLE.simulated
    assert "SIMULATED" in repr(SAMPLE)


def test_bars_are_coherent() -> None:
    known = SAMPLE.close.notna().to_numpy()
    low, high = SAMPLE.low.to_numpy()[known], SAMPLE.high.to_numpy()[known]
    for field in (SAMPLE.open, SAMPLE.close):
        values = field.to_numpy()[known]
        assert (low <= values).all()
        assert (values <= high).all()
    assert (low > 0).all()
    assert (SAMPLE.volume.to_numpy()[known] > 0).all()
    assert (SAMPLE.adjusted.to_numpy()[known] <= SAMPLE.close.to_numpy()[known] + 1e-6).all()
    np.testing.assert_array_equal(
        SAMPLE.close.to_numpy()[known], SAMPLE.close.to_numpy()[known].round(2)
    )


@pytest.mark.parametrize(
    ("ticker", "first"),
    [
        ("CRWV", "2025-03-28"),
        ("NBIS", "2024-10-21"),
        ("GEV", "2024-03-27"),
        ("CORZ", "2024-01-24"),
        ("ARM", "2023-09-14"),
        ("META", "2023-01-03"),
    ],
)
def test_listings_start_when_the_real_ones_did(ticker: str, first: str) -> None:
    assert str(SAMPLE.close[ticker].first_valid_index().date()) == first
    assert SAMPLE.close[ticker][first:].notna().all()


@pytest.mark.parametrize("security", SECURITIES, ids=lambda security: security.ticker)
def test_stated_betas_are_recovered(security: Security) -> None:
    rows = np.isfinite(clean(security.ticker))
    design = np.column_stack([np.ones(rows.sum()), sample_factors().to_numpy()[rows]])
    found, residual = np.linalg.lstsq(design, clean(security.ticker)[rows], rcond=None)[:2]
    variance = np.linalg.inv(design.T @ design) * residual[0] / (rows.sum() - 3)
    stated = [security.market_beta, security.industry_beta]
    assert (np.abs(found[1:] - stated) < 4 * np.sqrt(np.diag(variance))[1:] + 1e-3).all()
    assert np.sqrt(residual[0] / rows.sum()) == pytest.approx(
        security.sigma, rel=0.4
    )  # clusters outlast a history


def test_tails_are_fat_and_volatility_clusters() -> None:
    market = RETURNS.column("SPY")[1:]
    scaled = (market - market.mean()) / market.std()
    assert (scaled**4).mean() > 3.5
    squares = np.column_stack(
        [clean(s.ticker)[1:] ** 2 for s in SECURITIES if s.listed == "2023-01-03"]
    )
    ranks = pd.DataFrame(squares).rank()
    assert np.mean([ranks[i].autocorr(1) for i in ranks]) > 0.03


def test_dividends_come_quarterly_where_stated() -> None:
    paid = (1 + RETURNS.column("SPY")) / (1 + SAMPLE.returns(dividends=False).column("SPY")) - 1
    assert (paid[1:] > 0.001).sum() == 15
    np.testing.assert_allclose(
        RETURNS.column("TSLA")[1:], SAMPLE.returns(dividends=False).column("TSLA")[1:], atol=1e-6
    )


def test_building_it_repeats_itself() -> None:
    again = sample_prices.__wrapped__()
    assert again.digest == SAMPLE.digest


def test_a_ticker_does_not_hang_on_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(s for s in SECURITIES if s.ticker in ("SPY", "META", "CRWV"))
    monkeypatch.setattr("backtest.prices.sample.market.SECURITIES", few)
    pd.testing.assert_frame_equal(
        sample_prices.__wrapped__().close, SAMPLE.close[["CRWV", "META", "SPY"]]
    )
